import { MAX_BATCH_EVENTS } from "../batch.js";
import { brief, field, isJsonObject } from "../json.js";
import { describeUnstorable, findUnstorable, isOversized, MAX_VALUES } from "../storable.js";
import { decodeCanonical } from "./canonical.js";
import { decodeEpas, isEpas } from "./epas.js";
import { FieldError } from "./field-reader.js";
import { decodeSeed003, isSeed003 } from "./seed003.js";
import { decodeSeed004, isSeed004 } from "./seed004.js";
import type { Telemetry, WireRecord, WireRejection } from "./wire-record.js";

const FORMS =
  "a canonical batch {schema, sentAt, context, events}, records with eventId and eventType, with event and session_id, or with event and sessionId";

/**
 * Takes any body of `POST /telemetry` apart into canonical events, known by its keys (DESIGN §4's table). An array is
 * decoded element by element, so that it may mix wires and one bad element costs only itself. Never throws. The events
 * are not yet checked against their schemas: `checkEvent` does that.
 */
export function decodeTelemetry(body: unknown): Telemetry {
  if (Array.isArray(body)) {
    if (body.length > MAX_BATCH_EVENTS) {
      return {
        ok: false,
        code: "too_many_events",
        message: `At most ${MAX_BATCH_EVENTS} events are taken at once; this body has ${body.length}.`,
      };
    }
    return { ok: true, records: body.map(decodeElement) };
  }
  if (!isJsonObject(body)) {
    return { ok: false, code: "unknown_format", message: `The body is ${brief(body)}, but must be ${FORMS}.` };
  }
  if (isSeed003(body) || isSeed004(body) || isEpas(body)) return { ok: true, records: [decodeElement(body, 0)] };
  if (Object.hasOwn(body, "events") || Object.hasOwn(body, "schema")) return decodeCanonical(body);
  return { ok: false, code: "unknown_format", message: `The body must be ${FORMS}.` };
}

/** Fields that an event may have under the same name as its wire's tag are told apart by the pair of keys. */
function decodeElement(element: unknown, index: number): WireRecord | WireRejection {
  if (!isJsonObject(element))
    return reject(index, "invalid_event", `the event is ${brief(element)}, but must be an object`);
  // Before anything is read field by field: hundreds of thousands of fields would take a good part of a second.
  if (isOversized(element)) return reject(index, "event_too_large", `the event has more than ${MAX_VALUES} values`);
  try {
    if (isSeed003(element)) return { index, format: "seed003", ...decodeSeed003(element, index) };
    if (isSeed004(element)) return { index, format: "seed004", ...decodeSeed004(element) };
    if (isEpas(element)) {
      // Its id is made of all that it holds, which must not be too deep to walk.
      const problem = findUnstorable(element);
      if (problem) return reject(index, "not_storable", describeUnstorable(problem, "event"));
      return { index, format: "epas", ...decodeEpas(element, index) };
    }
  } catch (error) {
    if (error instanceof FieldError) return reject(index, "invalid_event", error.message);
    throw error;
  }
  const batch = field(element, "events") !== undefined;
  const message = batch ? "a canonical batch is sent by itself, not in an array" : `the event must be one of ${FORMS}`;
  return reject(index, "unknown_format", message);
}

const reject = (index: number, code: string, message: string): WireRejection => ({
  index,
  rejected: { code, message },
});
