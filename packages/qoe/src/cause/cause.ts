import type { Request } from "./requests.js";

/**
 * Why playback waited.
 * `encoder`: the server had not made what was asked for; `network`: it was there, and came too slowly or not at all;
 * `device`: the data was there and could not be shown; `player`: the page was busy, or did not ask; `unknown`: nothing tells.
 */
export type Cause = "encoder" | "network" | "device" | "player" | "unknown";

export const causes: readonly Cause[] = ["encoder", "network", "device", "player", "unknown"];

/** Where the time of a wait went, ms. Its parts don't overlap. */
export interface Shares {
  /** A request was open and the server had not made it. */
  readonly serverMs: number;
  /** A request was open, and its bytes were ready. */
  readonly networkMs: number;
  /** The page's own script held the main thread. */
  readonly blockedMs: number;
  /** None of these. */
  readonly idleMs: number;
}

/** A wait, its cause, and what it was concluded from. */
export interface Explanation extends Shares {
  /** Unix ms of the viewer's clock. */
  readonly at: number;
  readonly durationMs: number;
  readonly cause: Cause;
  /** The request that was waited for longest. */
  readonly request:
    | (Pick<Request, "kind" | "rendition" | "segment" | "bytes" | "waitMs"> & {
        /** On its way, ms. */
        readonly transferMs: number;
        readonly bitsPerSecond: number | null;
      })
    | null;
  /** Buffered ahead when it began, ms; null if not told. */
  readonly bufferMs: number | null;
  /** Frames dropped and decoded around it. */
  readonly droppedFrames: number;
  readonly decodedFrames: number;
  /** The player's error in it, if one was told. */
  readonly errorCode: string | null;
}
