import type { Timeline } from "./timeline.js";

export interface Seeking {
  readonly seekCount: number;
  /** Σ of the known latencies. */
  readonly seekMs: number;
}

/**
 * Seeks, and their latency in ms: from the move of the playhead to playing, or ready, at the new place. A drag of the slider is
 * one seek. Seeks before the first frame belong to the startup. A seek whose end is unknown counts and has no latency.
 * Source: HTML's `seeking` and `seeked`; CTA-2066 "seek".
 */
export function seeking(timeline: Timeline): Seeking {
  let seekCount = 0;
  let seekMs = 0;
  for (const { state, resumed, latencyMs } of timeline.spans) {
    if (state !== "seeking") continue;
    if (!resumed) seekCount += 1;
    seekMs += latencyMs ?? 0;
  }
  return { seekCount, seekMs };
}
