import type { RecordedEvent } from "@playhead/protocol";
import { measure } from "./order-events.js";
import type { Timeline } from "./timeline.js";

/**
 * Startup time, ms: from the intent to play (click or autoplay) to the first frame with the playhead moving.
 * Null if the view never started. The page's own measure is preferred, as it is taken where the frame is shown; else it is
 * the time spent waiting for the start, without pauses in between.
 * Source: CTA-2066 "playback start time".
 */
export function startupTime(timeline: Timeline, player: readonly RecordedEvent[]): number | null {
  if (timeline.startedAt === null) return null;
  for (const { event } of player) {
    if (event.type !== "first_frame") continue;
    const startupMs = measure(event.startupMs);
    if (startupMs !== undefined) return startupMs;
    break;
  }
  let waited = 0;
  for (const span of timeline.spans) if (span.state === "waiting_start") waited += span.to - span.from;
  return waited;
}
