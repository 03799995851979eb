import type { Context } from "./context.js";
import type { PlayheadEvent } from "./event.js";

/**
 * Which door an event came through. `cmcd`: the event mode, on the player's clock; `cmcd-request`: what a player said on a
 * request to us, on the server's clock and with the server's timing.
 */
export type EventSource = "sdk" | "server" | "seed003" | "seed004" | "epas" | "cmcd" | "cmcd-request" | "api";

/** One event as it is kept: the event itself, and what the batch around it said. Reading it back gives what was sent. */
export interface RecordedEvent {
  /** Tenant; `default` until keys name others. */
  readonly appId: string;
  readonly source: EventSource;
  /** Server clock, Unix ms. */
  readonly receivedAt: number;
  readonly context: Context;
  readonly event: PlayheadEvent;
}

export const DEFAULT_APP_ID = "default";
