import type { Timeline } from "./timeline.js";

export interface WatchTime {
  readonly watchMs: number;
  readonly playingMs: number;
  readonly pauseMs: number;
}

/**
 * Watch time, ms: playing, rebuffering and seeking after the intent; pauses excluded, and silences too.
 * Playing time, ms: watch time less rebuffering and seeking.
 * Pause time, ms: from a pause to what ends it; before the first frame as well.
 * Source: CTA-2066 "playing time"; the split is that of `docs/telemetry.md`.
 */
export function watchTime(timeline: Timeline): WatchTime {
  let watchMs = 0;
  let playingMs = 0;
  let pauseMs = 0;
  for (const { state, from, to } of timeline.spans) {
    if (state === "playing") playingMs += to - from;
    if (state === "playing" || state === "rebuffering" || state === "seeking") watchMs += to - from;
    else if (state === "paused") pauseMs += to - from;
  }
  return { watchMs, playingMs, pauseMs };
}
