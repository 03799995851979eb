import type { Context } from "../context.js";
import type { EventType } from "../event.js";
import { isJsonObject } from "../json.js";
import { FieldError, type FieldReader, type NumberRule, present, readFields } from "./field-reader.js";
import { parseResolution } from "./resolution.js";
import { parseRfc3339 } from "./rfc3339.js";
import { seed003Type } from "./seed003-types.js";
import type { ForeignRecord } from "./wire-record.js";

const FROM_SECONDS: NumberRule = { scale: 1000 };
const POSITION: NumberRule = { scale: 1000, min: -Number.MAX_SAFE_INTEGER / 1000 };
const FROM_KBIT: NumberRule = { scale: 1000 };
const PX: NumberRule = { max: 65_535 };

/** Known by its keys: `eventType` with `eventId`, or the columns' names for them. */
export const isSeed003 = (record: Readonly<Record<string, unknown>>): boolean =>
  (Object.hasOwn(record, "eventType") && Object.hasOwn(record, "eventId")) ||
  (Object.hasOwn(record, "event_type") && Object.hasOwn(record, "event_id"));

/**
 * Seed 003's record: nested (`quality.bitrateKbps`) or flat by its columns' names (`bitrate_kbps`); kbit/s and seconds
 * become bit/s and ms. It has no sequence, so its place in the body stands for it: time orders events, and the sequence
 * those of the same millisecond. What has no canonical field is kept in the event's `extra`.
 * @throws {FieldError}
 */
export function decodeSeed003(record: Readonly<Record<string, unknown>>, index: number): ForeignRecord {
  const read = readFields(record);
  const context = contextOf(read);
  const name = read.text(["eventType", "event_type"], 128);
  if (name === undefined || name === "") throw new FieldError("eventType", name, "text of 1 to 128 characters");
  const { type, exact } = seed003Type(name);
  const event = present({
    id: read.requiredId(["eventId", "event_id"]),
    seq: read.number(["seq", "sequence"]) ?? index,
    type,
    ts: timeOf(read),
    positionMs: read.number(["playbackPositionSec", "playback_position_sec"], POSITION),
    ...(type === "custom" ? { name } : {}),
    ...fieldsOf(type, name, read),
    ...metricsOf(read),
  });
  const extra = { ...(exact ? {} : { eventType: name }), ...read.rest() };
  return { context, event: Object.keys(extra).length > 0 ? { ...event, extra } : event };
}

function contextOf(read: FieldReader): Context {
  const device = present({
    browser: read.text(["device.browser", "device_browser"], 64),
    os: read.text(["device.os", "device_os"], 64),
    screenWidth: read.number(["device.screenWidth", "device.screen_width", "screenWidth", "screen_width"], PX),
    screenHeight: read.number(["device.screenHeight", "device.screen_height", "screenHeight", "screen_height"], PX),
    type: read.text(["device.type"], 32),
  });
  const network = present({
    downlinkMbps: read.number(["network.downlinkMbps", "network_downlink_mbps"], { max: 1e6, fraction: true }),
    rttMs: read.number(["network.rttMs", "network_rtt_ms"], { max: 1e9 }),
    effectiveType: read.text(["network.effectiveType", "network_effective_type"], 16),
  });
  const player = present({ name: read.text(["player.name"], 64), version: read.text(["player.version"], 64) });
  const viewerId = read.id(["viewerId", "viewer_id"]);
  const mediaId = read.id(["mediaId", "media_id", "videoId", "video_id"]);
  return {
    viewId: read.requiredId(["sessionId", "session_id"]),
    ...(viewerId === undefined ? {} : { viewerId }),
    ...(mediaId === undefined ? {} : { mediaId }),
    ...(isEmpty(device) ? {} : { device }),
    ...(isEmpty(network) ? {} : { network }),
    ...(isEmpty(player) ? {} : { player }),
  };
}

/** Unix ms, or RFC 3339 text. */
function timeOf(read: FieldReader): number {
  const value = read.any(["timestamp", "event_timestamp", "eventTimestamp"]);
  const ms = typeof value === "string" ? parseRfc3339(value)?.ms : value;
  if (typeof ms !== "number" || !(ms >= 0 && ms <= Number.MAX_SAFE_INTEGER)) {
    throw new FieldError("timestamp", value, "Unix time in ms");
  }
  return Math.round(ms);
}

/** How playback is doing now; any event may carry it. */
function metricsOf(read: FieldReader): Record<string, unknown> {
  return {
    bitrateBps: read.number(["quality.bitrateKbps", "bitrateKbps", "bitrate_kbps"], FROM_KBIT),
    ...sizeOf(read),
    bufferMs: read.number(["player.bufferLengthSec", "bufferLengthSec", "buffer_length_sec"], FROM_SECONDS),
    droppedFrames: read.number(["player.droppedFrames", "droppedFrames", "dropped_frames"]),
    decodedFrames: read.number(["player.decodedFrames", "decodedFrames", "decoded_frames"]),
    fps: read.number(["player.fps", "fps"], { max: 1000, fraction: true }),
    watchMs: read.number([
      "engagement.totalWatchTime",
      "engagement.totalWatchTimeMs",
      "totalWatchTime",
      "totalWatchTimeMs",
      "total_watch_time_ms",
    ]),
    pauseMs: read.number([
      "engagement.totalPauseTime",
      "engagement.totalPauseTimeMs",
      "totalPauseTime",
      "totalPauseTimeMs",
      "total_pause_time_ms",
    ]),
    interactionCount: read.number(["engagement.interactionCount", "interactionCount", "interaction_count"]),
  };
}

/** Explicit pixels win over a name such as `720p`; a name that says no size stays in the rest. */
function sizeOf(read: FieldReader): Record<string, unknown> {
  const names = ["quality.resolution", "resolution"] as const;
  const parsed = parseResolution(read.peek(names));
  if (parsed) read.any(names);
  return {
    width: read.number(["quality.width", "quality.videoWidth", "videoWidth", "video_width"], PX) ?? parsed?.width,
    height: read.number(["quality.height", "quality.videoHeight", "videoHeight", "video_height"], PX) ?? parsed?.height,
  };
}

/** What only this type has. Read before the metrics, which take what is left. */
function fieldsOf(type: EventType, name: string, read: FieldReader): Record<string, unknown> {
  switch (type) {
    case "quality_change": {
      const { width: toWidth, height: toHeight } = sizeOf(read);
      return {
        fromBitrateBps: read.number(["quality.fromBitrateKbps", "quality.previousBitrateKbps"], FROM_KBIT),
        toBitrateBps: read.number(
          ["quality.toBitrateKbps", "quality.bitrateKbps", "bitrateKbps", "bitrate_kbps"],
          FROM_KBIT,
        ),
        toWidth,
        toHeight,
        reason: reasonOf(read),
      };
    }
    case "rebuffer_end":
      return { durationMs: stallLength(read) };
    case "seek_start":
    case "seek_end":
      return {
        fromMs: read.number(["fromSec", "seek.fromSec"], FROM_SECONDS),
        toMs: read.number(["toSec", "seek.toSec"], FROM_SECONDS),
      };
    case "error":
      return errorOf(read);
    case "state_change":
      return { to: "playing" };
    case "end":
      return { reason: name.toUpperCase() === "SESSION_END" ? "left" : "ended" };
    default:
      return {};
  }
}

const REASONS: readonly unknown[] = ["abr", "manual", "buffer", "initial"];

function reasonOf(read: FieldReader): unknown {
  const names = ["quality.reason", "reason"] as const;
  return REASONS.includes(read.peek(names)) ? read.any(names) : undefined;
}

/** The length of a stall as it was sent, or between its two times, which stay in the rest. */
function stallLength(read: FieldReader): number | undefined {
  const sent = read.number([
    "buffer.durationMs",
    "buffer.bufferDurationMs",
    "bufferDurationMs",
    "buffer_duration_ms",
    "buffer.duration",
  ]);
  if (sent !== undefined) return sent;
  const from = read.peek(["buffer.start", "buffer.bufferStart", "bufferStart", "buffer_start"]);
  const to = read.peek(["buffer.end", "buffer.bufferEnd", "bufferEnd", "buffer_end"]);
  return typeof from === "number" && typeof to === "number" && to >= from ? Math.round(to - from) : undefined;
}

/** hls.js's error data (`type`, `details`, `fatal`) or a code and message. Unless it says so, an error is not fatal. */
function errorOf(read: FieldReader): Record<string, unknown> {
  const whole = read.peek(["error"]);
  const plain = isJsonObject(whole) ? undefined : read.text(["error"], 2048);
  return {
    code: codeOf(read) ?? "unknown",
    message: read.text(["error.message", "errorMessage", "error_message", "message"], 2048) ?? plain,
    fatal: read.boolean(["error.fatal", "fatal"]) ?? false,
    category: read.text(["error.type", "errorType"], 64),
    status: read.number(["error.status", "httpStatus"], { max: 999 }),
  };
}

/** Codes are text (hls.js) or numbers (`MediaError.code`). */
function codeOf(read: FieldReader): string | undefined {
  const names = ["error.details", "error.code", "errorCode", "error_code", "code"] as const;
  const value = read.peek(names);
  if (typeof value === "number") return String(read.any(names));
  return read.text(names, 128);
}

const isEmpty = (object: object): boolean => Object.keys(object).length === 0;
