import type { EpasAnswer } from "../batch.js";
import type { Context } from "../context.js";

/** The wires that are taken (DESIGN §4): the first four at `POST /telemetry`, CMCD at its own doors. */
export type WireFormat = "canonical" | "seed003" | "seed004" | "epas" | "cmcd" | "cmcd-request";

/** One event of a body, in canonical form but not yet checked against its type's schema. */
export interface WireRecord {
  /** Position in the body, from 0; of a line of CMCD that is several events, the same for each. */
  readonly index: number;
  readonly format: WireFormat;
  readonly context: Context;
  readonly event: unknown;
  /** What its wire expects in the reply to a body that holds this event alone. */
  readonly answer?: EpasAnswer;
}

/** One element of a body that is no event of any wire, and why. */
export interface WireRejection {
  readonly index: number;
  readonly rejected: { readonly code: string; readonly message: string };
}

/** What a decoder makes of one foreign record. */
export interface ForeignRecord {
  readonly context: Context;
  readonly event: Record<string, unknown>;
  readonly answer?: EpasAnswer;
}

/** A whole body that can't be taken apart into events. */
export interface TelemetryError {
  readonly ok: false;
  readonly code:
    | "unknown_format"
    | "unsupported_schema"
    | "invalid_batch"
    | "invalid_context"
    | "not_storable"
    | "too_many_events";
  readonly message: string;
}

/** The events of a body, in its order; an element that is none says why. */
export type Telemetry =
  | { readonly ok: true; readonly records: readonly (WireRecord | WireRejection)[] }
  | TelemetryError;
