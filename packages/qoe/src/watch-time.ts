import type { Timeline } from "./timeline.js";

export interface WatchTime {
  readonly watchMs: number;
  readonly playingMs: number;
  readonly pauseMs: number;
}

/**
 * Watch time, ms: playing, rebuffering and seeking after the first frame; pauses excluded, and silences too.
 * Playing time, ms: watch time less rebuffering and seeking.
 * Pause time, ms: from a pause to what ends it, with the seeks in it; before the first frame as well.
 * Source: CTA-2066 "playing time"; the split is that of `docs/telemetry.md`.
 */
export function watchTime(timeline: Timeline): WatchTime {
  let watchMs = 0;
  let playingMs = 0;
  let pauseMs = 0;
  for (const { state, from, to, wantsPlay } of timeline.spans) {
    const ms = to - from;
    if (state === "playing") playingMs += ms;
    if (state === "playing" || state === "rebuffering" || (state === "seeking" && wantsPlay)) watchMs += ms;
    else if (state === "paused" || state === "seeking") pauseMs += ms;
  }
  return { watchMs, playingMs, pauseMs };
}
