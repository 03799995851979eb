import type { PlayheadEvent } from "@playhead/protocol";
import { sample } from "./order-events.js";
import type { TimelineHints } from "./timeline-hints.js";

/** Faster than any playback rate: a playhead that moved so was set, and did not play. */
const MAX_RATE = 4;
const SLACK_MS = 1_000;

/**
 * Finds the start of a view whose sender does not report first frames, or whose report was lost: a playhead that moves, watch
 * time that grows. Where the sender tells neither, `play` is taken at its word.
 */
export class StartEvidence {
  readonly #hints: TimelineHints;
  #from: { readonly positionMs: number; readonly ts: number } | undefined;

  constructor(hints: TimelineHints) {
    this.#hints = hints;
  }

  /** @returns Unix ms of the first frame, as well as it can be known, once this event proves that there was one. */
  read(event: PlayheadEvent): number | undefined {
    if (this.#hints.reportsFirstFrame) return undefined;
    if (event.type === "state_change" && event.to === "playing") return event.ts;
    if (!this.#hints.reportsProgress) {
      // Who tells the intent tells the first frame too, had there been one.
      return event.type === "play" && !this.#hints.reportsPlayRequest ? event.ts : undefined;
    }
    const { watchMs, positionMs } = sample(event);
    if (typeof watchMs === "number" && watchMs > 0) return event.ts - watchMs;
    if (event.type === "seek_start" || event.type === "seek_end") {
      const startedAt = event.type === "seek_start" ? this.#moved(event.fromMs, event.ts) : undefined;
      this.#from = event.toMs === undefined ? undefined : { positionMs: event.toMs, ts: event.ts };
      return startedAt;
    }
    return this.#moved(positionMs, event.ts);
  }

  #moved(positionMs: number | undefined, ts: number): number | undefined {
    if (typeof positionMs !== "number") return undefined;
    const from = this.#from;
    const moved = from === undefined ? undefined : positionMs - from.positionMs;
    if (moved === 0) return undefined;
    if (from !== undefined && moved !== undefined && moved > 0 && moved <= MAX_RATE * (ts - from.ts) + SLACK_MS) {
      return Math.max(from.ts, ts - moved);
    }
    this.#from = { positionMs, ts };
    return undefined;
  }
}
