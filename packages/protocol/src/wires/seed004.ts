import type { EventType } from "../event.js";
import { isJsonObject } from "../json.js";
import { FieldError, type FieldReader, type NumberRule, present, readFields } from "./field-reader.js";
import { parseResolution } from "./resolution.js";
import { type Instant, parseRfc3339 } from "./rfc3339.js";
import { parsePlayerState } from "./seed004-states.js";
import type { ForeignRecord } from "./wire-record.js";

const FROM_SECONDS: NumberRule = { scale: 1000 };
const POSITION: NumberRule = { scale: 1000, min: -Number.MAX_SAFE_INTEGER / 1000 };

/** Known by its keys: the tag `event` with `session_id`. */
export const isSeed004 = (record: Readonly<Record<string, unknown>>): boolean =>
  Object.hasOwn(record, "event") && Object.hasOwn(record, "session_id");

/**
 * Seed 004's record: one flat object, its variant named by `event`, snake_case, seconds and bit/s.
 * What has no canonical field is kept in the event's `extra`; so is the time as it was written when it is finer than a ms.
 * @throws {FieldError}
 */
export function decodeSeed004(record: Readonly<Record<string, unknown>>): ForeignRecord {
  const read = readFields(record);
  const tag = read.text(["event"], 128);
  if (tag === undefined || tag === "") throw new FieldError("event", tag, "text of 1 to 128 characters");
  const viewerId = read.id(["viewer_id"]);
  const mediaId = read.id(["media_id"]);
  const context = {
    viewId: read.requiredId(["session_id"]),
    ...(viewerId === undefined ? {} : { viewerId }),
    ...(mediaId === undefined ? {} : { mediaId }),
  };
  const time = timeOf(read);
  const sequence = read.number(["sequence"]);
  if (sequence === undefined) throw new FieldError("sequence", undefined, "a whole number from 0");
  const base = {
    id: read.requiredId(["id"]),
    seq: sequence,
    ts: time.ms,
    positionMs: read.number(["position"], POSITION),
  };
  const variant = variants.get(tag);
  const event = present({ ...base, ...(variant ? variant(read) : { type: "custom", name: tag }) });
  const extra = { ...(time.exact ? {} : { timestamp: time.text }), ...read.rest() };
  return { context, event: Object.keys(extra).length > 0 ? { ...event, extra } : event };
}

function timeOf(read: FieldReader): Instant & { readonly text: string } {
  const text = read.any(["timestamp"]);
  const instant = typeof text === "string" ? parseRfc3339(text) : undefined;
  if (typeof text !== "string" || !instant || instant.ms < 0) {
    throw new FieldError("timestamp", text, "a time such as 2026-01-31T12:00:00.123Z (RFC 3339), not before 1970");
  }
  return { ...instant, text };
}

type Fields = Readonly<Record<string, unknown>> & { readonly type: EventType };

/** The twelve variants of seed 004, each to one canonical event. */
const variants: ReadonlyMap<string, (read: FieldReader) => Fields> = new Map([
  ["load", (read) => ({ type: "load", url: read.text(["url"], 2048), isLive: read.boolean(["is_live"]) })],
  ["play", () => ({ type: "play" })],
  ["pause", () => ({ type: "pause" })],
  // One record is one event, for its id is unique: a seek is its start, and knows where it goes.
  [
    "seek",
    (read) => ({
      type: "seek_start",
      fromMs: read.number(["from"], FROM_SECONDS),
      toMs: read.number(["to"], FROM_SECONDS),
    }),
  ],
  ["rebuffer", (read) => ({ type: "rebuffer_start", bufferMs: read.number(["buffer_level"], FROM_SECONDS) })],
  ["rebuffer_end", (read) => ({ type: "rebuffer_end", durationMs: read.number(["duration"], FROM_SECONDS) })],
  ["quality_change", qualityChange],
  ["state_change", stateChange],
  ["end", (read) => ({ type: "end", reason: "ended", watchMs: read.number(["watch_time"], FROM_SECONDS) })],
  [
    "error",
    (read) => ({
      type: "error",
      code: read.text(["code"], 128) ?? "unknown",
      message: read.text(["message"], 2048),
      fatal: read.boolean(["fatal"]) ?? false,
    }),
  ],
  [
    "heartbeat",
    (read) => ({
      type: "heartbeat",
      bufferMs: read.number(["buffer_level"], FROM_SECONDS),
      bitrateBps: read.number(["bitrate"]),
      droppedFrames: read.number(["dropped_frames"]),
      decodedFrames: read.number(["decoded_frames"]),
    }),
  ],
  ["custom", (read) => ({ type: "custom", name: read.text(["name"], 128), data: read.any(["data"]) })],
] satisfies readonly (readonly [string, (read: FieldReader) => Fields])[]);

function qualityChange(read: FieldReader): Fields {
  const from = sizeOf(read, "from_resolution");
  const to = sizeOf(read, "to_resolution");
  return {
    type: "quality_change",
    fromBitrateBps: read.number(["from_bitrate"]),
    toBitrateBps: read.number(["to_bitrate"]),
    fromWidth: from?.width,
    fromHeight: from?.height,
    toWidth: to?.width,
    toHeight: to?.height,
    reason: read.text(["reason"], 16),
  };
}

/** A resolution that says more than its size stays in the rest. */
function sizeOf(read: FieldReader, name: string) {
  const value = read.peek([name]);
  const size = parseResolution(value);
  if (size && !(isJsonObject(value) && Object.keys(value).length > 2)) read.any([name]);
  return size;
}

/** A state that the canonical list does not have makes the record a `custom` one: it is kept, and the fold does not guess. */
function stateChange(read: FieldReader): Fields {
  const from = parsePlayerState(read.peek(["from"]));
  const to = parsePlayerState(read.peek(["to"]));
  if (to === undefined) return { type: "custom", name: "state_change" };
  read.any(["to"]);
  if (from !== undefined) read.any(["from"]);
  return { type: "state_change", from, to };
}
