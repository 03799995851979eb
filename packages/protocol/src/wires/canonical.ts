import { MAX_BATCH_EVENTS, SCHEMA_VERSION } from "../batch.js";
import { checkEnvelope } from "../check-event.js";
import { brief, field } from "../json.js";
import { describeUnstorable, findUnstorable } from "../storable.js";
import type { Telemetry, TelemetryError } from "./wire-record.js";

/**
 * Longest context, in characters of JSON. It is kept with each event of its batch, so that a large one would be multiplied
 * by up to {@link MAX_BATCH_EVENTS}.
 */
export const MAX_CONTEXT_CHARS = 16_384;

/** The canonical batch: its envelope and context are checked here, its events are handed on as they are. */
export function decodeCanonical(body: Readonly<Record<string, unknown>>): Telemetry {
  const schema = field(body, "schema");
  if (typeof schema === "number" && schema > SCHEMA_VERSION) {
    return fail(
      "unsupported_schema",
      `This server reads schema ${SCHEMA_VERSION}; the batch has ${brief(schema)}. Update the server.`,
    );
  }
  const events = field(body, "events");
  if (Array.isArray(events) && events.length > MAX_BATCH_EVENTS) {
    return fail(
      "too_many_events",
      `At most ${MAX_BATCH_EVENTS} events are taken at once; this batch has ${events.length}.`,
    );
  }
  const checked = checkEnvelope(body);
  if (!checked.ok) return fail("invalid_batch", checked.message);
  const { envelope } = checked;
  const { context } = envelope;
  // Its depth first: what is too deep would exhaust JSON.stringify below.
  const problem = findUnstorable(context);
  if (problem) return fail("not_storable", describeUnstorable(problem, "context"));
  const chars = JSON.stringify(context).length;
  if (chars > MAX_CONTEXT_CHARS) {
    return fail("invalid_context", `context is ${chars} characters of JSON, but must be at most ${MAX_CONTEXT_CHARS}`);
  }
  return {
    ok: true,
    records: envelope.events.map((event, index) => ({ index, format: "canonical", context, event })),
  };
}

const fail = (code: TelemetryError["code"], message: string): TelemetryError => ({
  ok: false,
  code,
  message,
});
