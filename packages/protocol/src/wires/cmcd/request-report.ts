import { FieldError, present } from "../field-reader.js";
import type { WireRecord } from "../wire-record.js";
import { reportId } from "./event-report.js";
import { countOf, openReport } from "./report.js";
import { contextOf, errorCodes, objectOf, samplesOf, sessionOf } from "./shared-fields.js";

/** A request with CMCD that we answered, and how. ms and bytes; `ts`, when it came, is Unix ms. */
export interface CmcdRequest {
  readonly ts: number;
  /** The query's `CMCD` argument, and the headers that came. */
  readonly reports: readonly string[];
  readonly hlsSessionId: string | null;
  readonly mediaId: string;
  readonly delivery: string;
  readonly kind: string;
  readonly mediaType: string | null;
  readonly rendition: string | null;
  readonly index: number | null;
  /** Where the segment begins in the media. */
  readonly startMs: number | null;
  readonly status: number;
  readonly waitMs: number;
  readonly ttfbMs: number;
  readonly durationMs: number;
  readonly bytes: number;
}

/**
 * What a player says on a request to us (CTA-5004 §2, CTA-5004-B §4), joined to the answer: a `request` of the view that is
 * its `sid`, on our clock. Never throws.
 * @returns `unreadable` for what is no report or names no session; `ignored` for a version that is not known
 */
export function decodeCmcdRequest(request: CmcdRequest): WireRecord | "unreadable" | "ignored" {
  try {
    return decode(request);
  } catch (error) {
    if (error instanceof FieldError) return "unreadable";
    throw error;
  }
}

function decode(request: CmcdRequest): WireRecord | "ignored" {
  // The four headers are parts of one report, and a player sends either them or the argument.
  const report = openReport(request.reports.join(","));
  if (report === "ignored") return report;
  const { read } = report;
  const { hlsSessionId, mediaId, delivery, rendition, index, startMs, ts, ...answer } = request;
  const viewId = sessionOf(read);
  const cid = read.peek(["cid"]);
  const context = contextOf(read, viewId);
  const sn = countOf(read, "sn");
  const event = present({
    ...samplesOf(read),
    ...present(objectOf(read)),
    id: reportId("request", viewId, sn ?? null, ts, rendition, index, answer.kind),
    seq: sn ?? 0,
    ts,
    type: "request",
    kind: answer.kind,
    rendition: rendition ?? undefined,
    segment: index ?? undefined,
    mediaStartMs: startMs ?? undefined,
    ...(answer.mediaType === null ? {} : { mediaType: answer.mediaType }),
    status: answer.status,
    bytes: answer.bytes,
    waitMs: answer.waitMs,
    ttfbMs: answer.ttfbMs,
    durationMs: answer.durationMs,
    // Errors since the request before, whatever it was for.
    errorCodes: listOr(errorCodes(read)),
  });
  // What we play has a name of ours; the player's own is kept beside it.
  const extra = { ...(cid === undefined ? {} : { cid }), ...read.rest() };
  return {
    index: 0,
    format: "cmcd-request",
    context: {
      ...context,
      mediaId,
      ...(hlsSessionId === null ? {} : { hlsSessionId }),
      stream: { ...context.stream, delivery },
    },
    event: Object.keys(extra).length > 0 ? { ...event, extra } : event,
  };
}

const listOr = (codes: readonly string[]) => (codes.length > 0 ? codes : undefined);
