import type { Context } from "../context.js";

/** The wires that `POST /telemetry` takes (DESIGN §4). */
export type WireFormat = "canonical" | "seed003" | "seed004";

/** One event of a body, in canonical form but not yet checked against its type's schema. */
export interface WireRecord {
  /** Position in the body, from 0. */
  readonly index: number;
  readonly format: WireFormat;
  readonly context: Context;
  readonly event: unknown;
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
