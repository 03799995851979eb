import type { RecordedEvent } from "@playhead/protocol";
import { measure } from "./order-events.js";
import type { Timeline } from "./timeline.js";

/**
 * Startup time, ms: from the intent to play (click or autoplay) to the first frame with the playhead moving.
 * Null if the view never started, or if it is not known how long that took: its beginning was lost, or was never told.
 * The page's own measure is preferred, as it is taken where the frame is shown; else it is the time spent waiting for the start,
 * without pauses in between.
 * Source: CTA-2066 "playback start time".
 */
export function startupTime(timeline: Timeline, player: readonly RecordedEvent[]): number | null {
  if (timeline.startedAt === null) return null;
  let reported = false;
  for (const { event } of player) {
    if (event.type !== "first_frame") continue;
    const startupMs = measure(event.startupMs);
    if (startupMs !== undefined) return startupMs;
    reported = true;
    break;
  }
  if (timeline.intentAt === null) return null;
  let waited = 0;
  for (const span of timeline.spans) if (span.state === "waiting_start") waited += span.to - span.from;
  // A start that was inferred from the very event that told the intent says nothing of what was before.
  return waited > 0 || reported ? waited : null;
}
