import { Compile } from "typebox/compile";
import { BatchEnvelope } from "./batch.js";
import { Context } from "./context.js";
import { type EventType, eventSchemas, eventTypes, isEventType, type PlayheadEvent } from "./event.js";
import { brief, field, isJsonObject } from "./json.js";
import { describeProblem, type SchemaError } from "./schema-problem.js";
import { describeUnstorable, findUnstorable } from "./storable.js";

/** Why something was refused: a stable code for programs, a sentence for people. */
export interface Refusal {
  readonly ok: false;
  readonly code: "invalid_event" | "unknown_type" | "not_storable" | "invalid_context" | "invalid_batch";
  readonly message: string;
}

export type EventCheck = { readonly ok: true; readonly event: PlayheadEvent } | Refusal;
export type ContextCheck = { readonly ok: true; readonly context: Context } | Refusal;
export type EnvelopeCheck = { readonly ok: true; readonly envelope: BatchEnvelope } | Refusal;

interface Compiled {
  Check(value: unknown): boolean;
  Errors(value: unknown): readonly SchemaError[];
}

/** A validator is compiled at its first use, so that importing this module costs nothing. */
const eventValidators = new Map<EventType, Compiled>();

function eventValidator(type: EventType): Compiled {
  const known = eventValidators.get(type);
  if (known) return known;
  const compiled: Compiled = Compile(eventSchemas[type]);
  eventValidators.set(type, compiled);
  return compiled;
}

const once = <T>(make: () => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
const contextValidator = once(() => Compile(Context));
const envelopeValidator = once(() => Compile(BatchEnvelope));

const isEventOf = (type: EventType, value: unknown): value is PlayheadEvent => eventValidator(type).Check(value);

/**
 * Opens the door from `unknown` to an event: its type's schema, and what a database can keep.
 * A refusal names the field, its value and what is allowed.
 */
export function checkEvent(value: unknown): EventCheck {
  if (!isJsonObject(value)) return refuse("invalid_event", `the event is ${brief(value)}, but must be an object`);
  const type = field(value, "type");
  if (typeof type !== "string" || !isEventType(type)) {
    const given = type === undefined ? "is missing" : `is ${brief(type)}`;
    return refuse("unknown_type", `type ${given}; it must be one of ${eventTypes.join(", ")}`);
  }
  if (!isEventOf(type, value)) {
    return refuse("invalid_event", describeProblem(eventSchemas[type], value, eventValidator(type).Errors(value)));
  }
  const problem = findUnstorable(value);
  return problem ? refuse("not_storable", describeUnstorable(problem, "event")) : { ok: true, event: value };
}

/** The same door for a context. */
export function checkContext(value: unknown): ContextCheck {
  const validator = contextValidator();
  if (!validator.Check(value)) {
    return refuse("invalid_context", `context: ${describeProblem(Context, value, validator.Errors(value))}`);
  }
  const problem = findUnstorable(value);
  return problem ? refuse("not_storable", describeUnstorable(problem, "context")) : { ok: true, context: value };
}

/** The same door for a batch; its events are still unknown. */
export function checkEnvelope(value: unknown): EnvelopeCheck {
  const validator = envelopeValidator();
  if (validator.Check(value)) return { ok: true, envelope: value };
  return refuse("invalid_batch", describeProblem(BatchEnvelope, value, validator.Errors(value)));
}

const refuse = (code: Refusal["code"], message: string): Refusal => ({ ok: false, code, message });
