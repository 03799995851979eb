import type { Context } from "../../context.js";
import { FieldError, type FieldReader, present } from "../field-reader.js";
import { takeState } from "./player-states.js";
import { countOf, flagOf, numberOf } from "./report.js";

/** Tokens of `sf`. */
const protocols: ReadonlyMap<string, string> = new Map([
  ["d", "dash"],
  ["h", "hls"],
  ["s", "smooth"],
  ["e", "hesp"],
  ["o", "other"],
]);

/** The session that a report belongs to: our view. @throws {FieldError} without it: nobody can say whose it is. */
export const sessionOf = (read: FieldReader): string => {
  const id = read.id(["sid"]);
  if (id === undefined) throw new FieldError("sid", undefined, "the session's id, a string of 1 to 64 characters");
  return id;
};

/** What a report says of its whole session. `cid` names the content, in whatever way the sender's own system does. */
export function contextOf(read: FieldReader, viewId: string): Context {
  const format = read.peek(["sf"]);
  const protocol = typeof format === "string" ? protocols.get(format) : undefined;
  if (protocol !== undefined) read.any(["sf"]);
  const type = read.peek(["st"]);
  const isLive = type === "v" ? false : type === "l" || type === "ll" ? true : undefined;
  // Low latency is more than live: its token stays in the rest.
  if (isLive !== undefined && type !== "ll") read.any(["st"]);
  const cid = read.peek(["cid"]);
  const mediaId = typeof cid === "string" && cid !== "" && cid.length <= 128 ? read.id(["cid"]) : undefined;
  const stream = present({ protocol, isLive });
  return {
    viewId,
    ...(mediaId === undefined ? {} : { mediaId }),
    ...(Object.keys(stream).length > 0 ? { stream } : {}),
  };
}

/** The measures that any report may carry, in our units. */
export function samplesOf(read: FieldReader): Record<string, unknown> {
  return {
    state: takeState(read),
    positionMs: countOf(read, "pt"),
    // The shortest buffer is the one that playback will stop for.
    bufferMs: numberOf(read, "bl", "least"),
    droppedFrames: countOf(read, "dfa") ?? countOf(read, "df", 1, "stays"),
    startupMs: countOf(read, "msd"),
    // Since the session began, for whatever object type it was worst.
    rebufferCount: numberOf(read, "bsa", "greatest"),
    rebufferMs: numberOf(read, "bsda", "greatest"),
    // Each stop that ended since the report before.
    rebufferedMs: numberOf(read, "bsd", "sum"),
  };
}

/** What is shown, where the player tells it; else what it has chosen. kbit/s → bit/s. */
export function shownBitrate(read: FieldReader): number | undefined {
  // Left where it is, so that it can be told from the chosen one.
  const shown = read.peek(["pb"]) === undefined ? undefined : numberOf(read, "pb", "picture", 1000, "stays");
  return shown ?? numberOf(read, "br", "picture", 1000);
}

/** What a report says of the media object that it is about. */
export function objectOf(read: FieldReader): Record<string, unknown> {
  const type = read.peek(["ot"]);
  return {
    mediaType: typeof type === "string" ? mediaTypes.get(type) : undefined,
    mediaMs: countOf(read, "d"),
    bitrateBps: numberOf(read, "br", "picture", 1000),
    starved: flagOf(read, "bs"),
    urgent: flagOf(read, "su"),
  };
}

/** Codes of errors in a report, as text. */
export function errorCodes(read: FieldReader): readonly string[] {
  const value = read.peek(["ec"]);
  const codes: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = codes.filter((code): code is string => typeof code === "string" && code !== "" && code.length <= 128);
  if (texts.length > 0 && texts.length === codes.length) read.any(["ec"]);
  return texts;
}

const mediaTypes: ReadonlyMap<string, string> = new Map([
  ["v", "video"],
  ["av", "video"],
  ["a", "audio"],
  ["c", "subtitle"],
  ["tt", "subtitle"],
]);

const objectTypes: ReadonlyMap<string, string> = new Map([
  ["m", "playlist"],
  ["i", "init"],
  ["v", "segment"],
  ["a", "segment"],
  ["av", "segment"],
  ["c", "segment"],
  ["tt", "segment"],
  ["k", "key"],
  ["o", "other"],
]);

/** The kind of a request: by its object type, else by its address's ending. Several types share a kind, so `ot` stays. */
export function requestKind(read: FieldReader, url: string | undefined): string {
  const type = read.peek(["ot"]);
  const kind = typeof type === "string" ? objectTypes.get(type) : undefined;
  if (kind !== undefined) return kind;
  const ending = /\.([a-z\d]{1,5})(?:[?#]|$)/i.exec(url ?? "")?.[1]?.toLowerCase();
  if (ending === "m3u8" || ending === "mpd") return "playlist";
  if (/[/_-]init(?:[_.-][^/]*)?$/i.test(url?.replace(/[?#].*/s, "") ?? "")) return "init";
  return ending !== undefined && /^(m4[sva]|mp4|cmf[vat]|ts|aac|vtt|webm)$/.test(ending) ? "segment" : "other";
}
