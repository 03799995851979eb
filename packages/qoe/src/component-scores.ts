import type { ViewExit } from "./view.js";

/**
 * Four scores of 0–100, each of one thing, never hidden in one number.
 * Source: Mux's public data guides, "viewer experience score". Null where there is nothing to score.
 */

/** 100 for an instant start, 50 at 8 s. */
export function startupScore(startupMs: number | null): number | null {
  return startupMs === null ? null : (100 * 8) / (8 + startupMs / 1000);
}

/** Mean of a score of how often playback stalled and one of how much of the time. */
export function smoothnessScore(view: {
  readonly rebufferCount: number;
  readonly rebufferMs: number;
  readonly watchMs: number;
}): number | null {
  if (view.watchMs <= 0) return null;
  const often = 100 / Math.sqrt(1 + (view.rebufferCount / 2) ** 2);
  const long = 100 * Math.exp((-10 * view.rebufferMs) / view.watchMs);
  return (often + long) / 2;
}

/** A picture of one size in a player of another, for some seconds. Pixels. */
export interface PictureSample {
  readonly durationS: number;
  readonly width: number;
  readonly height: number;
  readonly playerWidth: number;
  readonly playerHeight: number;
}

/** By how much the picture was blown up: the worst and the time-weighted mean. A picture shrunk is as good as one that fits. */
export function qualityScore(samples: readonly PictureSample[]): number | null {
  let seconds = 0;
  let weighted = 0;
  let worst = 0;
  for (const { durationS, width, height, playerWidth, playerHeight } of samples) {
    if (!(durationS > 0 && width > 0 && height > 0)) continue;
    // The fitting dimension is the one in which the picture fills the player.
    const scale = Math.min(playerWidth / width, playerHeight / height);
    const upscale = Math.max(0, scale - 1);
    seconds += durationS;
    weighted += durationS * upscale;
    worst = Math.max(worst, upscale);
  }
  return seconds === 0 ? null : 100 * Math.exp(-0.33 * (0.15 * worst + 0.85 * (weighted / seconds)));
}

/** 100 played, 50 left before the start, 0 failed; none for whoever left within a second of asking, or is still waiting. */
export function successScore(view: {
  readonly exit: ViewExit;
  readonly startupMs: number | null;
  readonly waitedMs: number;
}): number | null {
  if (view.exit === "start_failure" || view.exit === "playback_failure") return 0;
  if (view.startupMs !== null) return 100;
  return view.exit === "before_start" && view.waitedMs >= 1000 ? 50 : null;
}
