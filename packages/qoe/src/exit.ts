import type { Timeline } from "./timeline.js";
import type { ViewExit } from "./view.js";

/** An end without a reason, this near to the end of the media, is its end. */
const NEAR_END_MS = 1_000;

/**
 * How a view ended. A fatal error that stood decides; then the end event. A view without either is `open`: the server closes it
 * when it has been silent for long.
 * `before_start` (EBVS): ended with no first frame and no fatal error.
 * Source: CTA-2066 "exit before video start".
 */
export function exit(timeline: Timeline, mediaDurationMs: number | null): ViewExit {
  const started = timeline.startedAt !== null;
  if (timeline.failure !== null) return started ? "playback_failure" : "start_failure";
  const { end } = timeline;
  if (end?.type === "state_change") return "ended";
  if (end?.type !== "end") return "open";
  if (end.reason === "error") return started ? "playback_failure" : "start_failure";
  if (!started) return "before_start";
  if (end.reason !== undefined) return end.reason === "ended" ? "ended" : "left";
  const left = mediaDurationMs === null || end.positionMs === undefined ? 0 : mediaDurationMs - end.positionMs;
  return left <= NEAR_END_MS ? "ended" : "left";
}
