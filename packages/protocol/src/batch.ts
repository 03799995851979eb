import Type, { type Static } from "typebox";
import { Context } from "./context.js";
import type { PlayheadEvent } from "./event.js";

/** The wire's version; a batch of a higher one is refused with a message that says so. */
export const SCHEMA_VERSION = 1;
/** Most events in one POST. */
export const MAX_BATCH_EVENTS = 5_000;

/**
 * What one POST carries, before its events are looked at: each event is checked alone against its type's schema, so that
 * one bad event costs itself and not its batch.
 */
export const BatchEnvelope = Type.Object(
  {
    schema: Type.Integer({ minimum: 1 }),
    /** Client clock when the batch left, Unix ms. */
    sentAt: Type.Integer({ minimum: 0 }),
    context: Context,
    events: Type.Array(Type.Unknown(), { minItems: 1, maxItems: MAX_BATCH_EVENTS }),
  },
  { additionalProperties: true },
);
export type BatchEnvelope = Static<typeof BatchEnvelope>;

/** The canonical batch, as the SDK writes it. */
export interface Batch {
  readonly schema: typeof SCHEMA_VERSION;
  readonly sentAt: number;
  readonly context: Context;
  readonly events: readonly PlayheadEvent[];
}

/** What a client of the Eyevinn Player Analytics Specification is told of its one event beside what all are told. */
export const EpasAnswer = Type.Object({
  sessionId: Type.String(),
  /** How often to send a heartbeat, ms; in the answer to an `init`. */
  heartbeatInterval: Type.Optional(Type.Integer()),
  valid: Type.Optional(Type.Boolean()),
});
export type EpasAnswer = Static<typeof EpasAnswer>;

/**
 * The answer to an accepted POST. `ok` is seed 003's. `duplicates` were stored before: a success.
 * `rejected` says which events of the batch were refused, by index, and why.
 */
export const IngestReply = Type.Object({
  ok: Type.Literal(true),
  accepted: Type.Integer({ minimum: 0 }),
  duplicates: Type.Integer({ minimum: 0 }),
  rejected: Type.Array(
    Type.Object({ index: Type.Integer({ minimum: 0 }), code: Type.String(), message: Type.String() }),
  ),
  ...Type.Partial(EpasAnswer).properties,
});
export type IngestReply = Static<typeof IngestReply>;
