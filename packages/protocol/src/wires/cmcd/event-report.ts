import { uuidV5 } from "../../uuid-v5.js";
import { FieldError, type FieldReader, present } from "../field-reader.js";
import type { ForeignRecord } from "../wire-record.js";
import { QUIT, takeState } from "./player-states.js";
import { countOf, numberOf, openReport, textOf } from "./report.js";
import { contextOf, errorCodes, objectOf, requestKind, samplesOf, sessionOf, shownBitrate } from "./shared-fields.js";

/** Namespace of the ids of CMCD reports (RFC 9562 §5.5); made once, at random. */
const NAMESPACE = "8f2c6c1e-6d0b-4f0e-9a53-7f0d3c5b9e21";

/** An id that a repeat of the same report gets again, and no other report does. */
export const reportId = (...name: readonly unknown[]): string => uuidV5(NAMESPACE, JSON.stringify(name));

/**
 * One line of the event mode (CTA-5004-B §5): an event, and an error for each code of `ec` that it tells beside it.
 * @returns nothing for a version that is not known
 * @throws {FieldError}
 */
export function decodeEventReport(line: string): readonly ForeignRecord[] {
  const report = openReport(line);
  if (report === "ignored") return [];
  const { read } = report;
  const viewId = sessionOf(read);
  const kind = textOf(read, "e", 16);
  if (kind === undefined) throw new FieldError("e", read.peek(["e"]), "the event's type, a token such as ps, t or rr");
  const ts = countOf(read, "ts");
  if (ts === undefined) throw new FieldError("ts", read.peek(["ts"]), "the event's time, Unix ms");
  const sn = countOf(read, "sn");
  // A sequence number is unique only within a target, and starts again with a player that keeps its session's id.
  const name = sn === undefined ? [line] : [viewId, sn, ts, kind];
  const id = reportId(...name);

  const base = { id, seq: sn ?? 0, ts };
  const context = contextOf(read, viewId);
  const told: Told = { kind, sta: read.peek(["sta"]), codes: errorCodes(read) };
  const own = present(kindFields(told, read));
  const fields = present({ ...base, ...samplesOf(read), bitrateBps: shownBitrate(read), ...own });
  const extra = { ...(own["type"] === "custom" ? { e: kind } : {}), ...read.rest() };
  const event = Object.keys(extra).length > 0 ? { ...fields, extra } : fields;
  return [
    { context, event },
    ...told.codes.slice(kind === "e" ? 1 : 0).map((code, i) => ({
      context,
      event: { ...base, id: reportId(...name, i), type: "error", code, fatal: false },
    })),
  ];
}

interface Told {
  readonly kind: string;
  readonly sta: unknown;
  readonly codes: readonly string[];
}

/** The event's type, and the fields that only this type has. They are read first. */
function kindFields({ kind, sta, codes }: Told, read: FieldReader): Readonly<Record<string, unknown>> {
  switch (kind) {
    case "ps":
      return playState(sta, read);
    case "t":
      return { type: "heartbeat" };
    case "bc":
      return { type: "quality_change", toBitrateBps: numberOf(read, "br", "picture", 1000) };
    case "rr":
      return responseReceived(read);
    case "e":
      return { type: "error", code: codes[0] ?? "unknown", fatal: sta === "f" };
    default:
      return { type: "custom", name: customNames.get(kind) ?? customName(read) ?? kind };
  }
}

/** A change of state; quitting is the view's end. A state that is not known leaves a `custom` event, which is kept. */
function playState(sta: unknown, read: FieldReader): Readonly<Record<string, unknown>> {
  if (sta === QUIT) {
    read.any(["sta"]);
    return { type: "end", reason: "left" };
  }
  const to = takeState(read);
  return to === undefined ? { type: "custom", name: "state_change" } : { type: "state_change", to };
}

/** `ts` is when the request was made. */
function responseReceived(read: FieldReader): Readonly<Record<string, unknown>> {
  const url = textOf(read, "url", 2048);
  const status = read.peek(["rc"]);
  return {
    type: "request",
    kind: requestKind(read, url),
    url,
    status: typeof status === "number" && status <= 999 ? countOf(read, "rc") : undefined,
    ttfbMs: countOf(read, "ttfb"),
    durationMs: countOf(read, "ttlb"),
    ...objectOf(read),
  };
}

/** Events without a place of their own in the canonical form. */
const customNames: ReadonlyMap<string, string> = new Map([
  ["abe", "ad_break_end"],
  ["abs", "ad_break_start"],
  ["ae", "ad_end"],
  ["as", "ad_start"],
  ["b", "backgrounded"],
  ["c", "content_change"],
  ["h", "host_change"],
  ["m", "mute"],
  ["pc", "player_collapse"],
  ["pe", "player_expand"],
  ["pr", "rate_change"],
  ["sk", "skip"],
  ["um", "unmute"],
]);

const customName = (read: FieldReader): string | undefined => {
  const name = read.peek(["cen"]);
  return typeof name === "string" && name !== "" ? textOf(read, "cen", 128) : undefined;
};
