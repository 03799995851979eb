import { MAX_BATCH_EVENTS } from "../../batch.js";
import { FieldError } from "../field-reader.js";
import type { Telemetry, WireRecord, WireRejection } from "../wire-record.js";
import { decodeEventReport } from "./event-report.js";

/**
 * Takes the body of an event-mode POST (`application/cmcd`, `text/cmcd`) apart: one report a line. Empty lines, and a
 * missing or doubled line break at the end, say nothing. A bad line costs only itself. Never throws.
 */
export function decodeCmcdEvents(body: string): Telemetry {
  const records: (WireRecord | WireRejection)[] = [];
  let index = 0;
  for (const line of linesOf(body)) {
    if (records.length >= MAX_BATCH_EVENTS) {
      return {
        ok: false,
        code: "too_many_events",
        message: `At most ${MAX_BATCH_EVENTS} events are taken at once; this body has more.`,
      };
    }
    records.push(...decodeLine(line, index));
    index += 1;
  }
  return { ok: true, records };
}

/** Lines that say something, one at a time: a body of line breaks alone must not become an array of them. */
function* linesOf(body: string): Generator<string> {
  let at = 0;
  while (at < body.length) {
    const end = body.indexOf("\n", at);
    const line = (end < 0 ? body.slice(at) : body.slice(at, end)).trim();
    at = end < 0 ? body.length : end + 1;
    if (line !== "") yield line;
  }
}

function decodeLine(line: string, index: number): readonly (WireRecord | WireRejection)[] {
  try {
    return decodeEventReport(line).map((record) => ({ index, format: "cmcd", ...record }));
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return [{ index, rejected: { code: "invalid_event", message: error.message } }];
  }
}
