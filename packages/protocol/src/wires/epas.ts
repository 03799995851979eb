import type { EpasAnswer } from "../batch.js";
import type { Context } from "../context.js";
import type { EventType } from "../event.js";
import { isJsonObject } from "../json.js";
import { uuidV5 } from "../uuid-v5.js";
import { FieldError, type FieldReader, type Names, type NumberRule, present, readFields } from "./field-reader.js";
import type { ForeignRecord } from "./wire-record.js";

/** Namespace of our ids for EPAS events, which have none. */
const NAMESPACE = "3c0d6a52-6b5e-4b0e-9d0a-5f2f7a6f8f10";
const PX: NumberRule = { max: 65_535 };
const FROM_KBIT: NumberRule = { scale: 1000 };

/** Known by its keys: `event` with `sessionId`; an `init` may come without one, to be given one. */
export const isEpas = (record: Readonly<Record<string, unknown>>): boolean =>
  Object.hasOwn(record, "event") && (Object.hasOwn(record, "sessionId") || Object.hasOwn(record, "playhead"));

/**
 * An event of the Eyevinn Player Analytics Specification 0.1–0.3: `event`, `sessionId`, `timestamp` (Unix ms), `playhead` and
 * `duration` (−1 if unknown), `payload`. It has neither id nor sequence: the id is made of all that it says, so that a repeat is
 * the same event, and its place in the body stands for the sequence.
 * @param newSessionId names the session of an `init` that has none; the sender learns it from the reply
 * @throws {FieldError}
 */
export function decodeEpas(
  record: Readonly<Record<string, unknown>>,
  index: number,
  newSessionId: () => string = () => crypto.randomUUID(),
): ForeignRecord {
  const read = readFields(record);
  const name = read.text(["event"], 128);
  if (name === undefined || name === "") throw new FieldError("event", name, "text of 1 to 128 characters");
  const viewId = sessionOf(read, name) ?? newSessionId();
  const ts = read.number(["timestamp"]);
  if (ts === undefined) throw new FieldError("timestamp", undefined, "Unix time in ms");

  const scale = msPerUnit(read.peek(["playhead"]), read.peek(["duration"]));
  const positionMs = timeOf(read, "playhead", scale);
  const context = contextOf(read, viewId, timeOf(read, "duration", scale));
  const known = types.get(name);
  const event = present({
    id: uuidV5(NAMESPACE, canonicalJson({ ...record, sessionId: viewId })),
    seq: index,
    ts,
    positionMs,
    ...(known ? known(read, positionMs) : { type: "custom", name }),
  });
  const extra = { ...(aliases.has(name) ? { event: name } : {}), ...read.rest() };
  return {
    context,
    event: Object.keys(extra).length > 0 ? { ...event, extra } : event,
    answer: answerTo(name, viewId),
  };
}

/** What Eyevinn's clients expect to be told, as their own event sink tells it: the session that an `init` opened, above all. */
const answerTo = (name: string, sessionId: string): EpasAnswer =>
  name === "init" ? { sessionId, heartbeatInterval: HEARTBEAT_MS } : { sessionId, valid: true };
const HEARTBEAT_MS = 10_000;

function sessionOf(read: FieldReader, name: string): string | undefined {
  if (name !== "init") return read.requiredId(["sessionId"]);
  if (read.peek(["sessionId"]) !== "") return read.id(["sessionId"]);
  read.any(["sessionId"]);
  return undefined;
}

/** Content is neither shorter than this in ms … */
const LEAST_MS = 10_000;
/** … nor longer than this in seconds. */
const MOST_SECONDS = 43_200;

/**
 * The specification counts `playhead` and `duration` in ms, and so do Eyevinn's clients for Android and iOS; their client for the
 * web sends the media element's seconds. Told apart by the size of the duration, and by fractions where that could be both.
 */
function msPerUnit(playhead: unknown, duration: unknown): 1 | 1000 {
  const known = typeof duration === "number" && duration > 0 ? duration : undefined;
  if (known !== undefined && known < LEAST_MS) return 1000;
  if (known !== undefined && known >= MOST_SECONDS) return 1;
  return isFraction(playhead) || isFraction(known) ? 1000 : 1;
}

const isFraction = (value: unknown): boolean => typeof value === "number" && !Number.isInteger(value);

/** −1 and whatever else is negative means unknown (ExoPlayer's own word for that is −2⁶³ + 1). */
function timeOf(read: FieldReader, name: "playhead" | "duration", scale: number): number | undefined {
  const value = read.peek([name]);
  if (typeof value !== "number" || value >= 0) return read.number([name], { scale });
  read.any([name]);
  return undefined;
}

/** A `duration` past this is no length but the live edge as Unix time. */
const LIVE_EDGE_MS = 1e11;

/** What `init` (0.1) and `metadata` (0.2 on) tell of the session; the latest word counts, as for every context. */
function contextOf(read: FieldReader, viewId: string, durationMs: number | undefined): Context {
  const viewerId = filled(read, "payload.userId") && read.id(["payload.userId"]);
  const mediaId = filled(read, "payload.contentId") && read.id(["payload.contentId"]);
  const deviceType = filled(read, "payload.deviceType") && read.text(["payload.deviceType"], 32);
  const url = filled(read, "payload.contentUrl") && read.text(["payload.contentUrl"], 2048);
  const isLive = read.boolean(["payload.live"]);
  const length = durationMs !== undefined && durationMs < LIVE_EDGE_MS ? durationMs : undefined;
  const stream = present({ url: url || undefined, isLive, durationMs: length });
  return {
    viewId,
    ...(viewerId ? { viewerId } : {}),
    ...(mediaId ? { mediaId } : {}),
    ...(deviceType ? { device: { type: deviceType } } : {}),
    ...(Object.keys(stream).length > 0 ? { stream } : {}),
  };
}

/** The specification writes what is not known as an empty text. */
const filled = (read: FieldReader, name: string): boolean => read.peek([name]) !== "";

type Fields = Readonly<Record<string, unknown>> & { readonly type: EventType };

/** Names that share a type with another, so that theirs must be kept. */
const aliases: ReadonlySet<string> = new Set(["pause", "play", "resume", "ended"]);

type ReadFields = (read: FieldReader, positionMs: number | undefined) => Fields;

const types: ReadonlyMap<string, ReadFields> = new Map<string, ReadFields>([
  ["loading", () => ({ type: "load" })],
  // The playhead starts to move, for the first time or after a pause.
  ["playing", () => ({ type: "state_change", to: "playing" })],
  ["play", () => ({ type: "play" })],
  ["resume", () => ({ type: "play" })],
  ["paused", () => ({ type: "pause" })],
  ["pause", () => ({ type: "pause" })],
  ["buffering", () => ({ type: "rebuffer_start" })],
  ["buffered", () => ({ type: "rebuffer_end" })],
  // By the specification its playhead is where the seek leaves; the web client's is where it goes: so it is a position and no more.
  ["seeking", () => ({ type: "seek_start" })],
  ["seeked", (_read, toMs) => ({ type: "seek_end", toMs })],
  ["heartbeat", () => ({ type: "heartbeat" })],
  ["bitrate_changed", bitrateChanged],
  ["stopped", stopped],
  ["ended", stopped],
  ["error", (read) => failure(read, true)],
  ["warning", (read) => failure(read, false)],
]);

function bitrateChanged(read: FieldReader): Fields {
  return {
    type: "quality_change",
    toBitrateBps: quantity(read, ["payload.bitrate"], FROM_KBIT),
    toWidth: quantity(read, ["payload.width"], PX),
    toHeight: quantity(read, ["payload.height"], PX),
  };
}

/** A number, or the same as text, which the specification's examples have. What is negative is not known, and stays in the rest. */
function quantity(read: FieldReader, names: Names, { scale = 1, ...rule }: NumberRule): number | undefined {
  const value = read.peek(names);
  if (typeof value === "number" && value < 0) return undefined;
  if (typeof value !== "string" || !/^\d{1,12}(\.\d{1,6})?$/.test(value)) {
    return value === "" ? undefined : read.number(names, { ...rule, scale });
  }
  const number = Math.round(Number(value) * scale);
  if (rule.max !== undefined && number > rule.max) return undefined;
  read.any(names);
  return number;
}

const reasons = { ended: "ended", aborted: "left", error: "error" } as const;

/** A reason of the specification is ours by another name; one in other words stays in the rest. */
function stopped(read: FieldReader): Fields {
  const given = read.peek(["payload.reason"]);
  const exact = given === "ended" || given === "aborted" || given === "error";
  if (exact) read.any(["payload.reason"]);
  // Android's client: "Playback ended".
  const reason = exact ? reasons[given] : /\bended\b/i.test(String(given)) ? "ended" : undefined;
  return { type: "end", reason };
}

/** An `error` is fatal by the specification, a `warning` is not. */
function failure(read: FieldReader, fatal: boolean): Fields {
  const code = read.peek(["payload.code"]);
  return {
    type: "error",
    code: code === "" || code === undefined ? "unknown" : (read.id(["payload.code"]) ?? "unknown"),
    message: read.text(["payload.message"], 2048),
    fatal,
    category: read.text(["payload.category"], 64),
  };
}

/** The same JSON for the same data: a sender may write the fields of a repeat in another order. */
const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
