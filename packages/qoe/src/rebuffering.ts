import type { Timeline } from "./timeline.js";

/** Shorter stops are not seen as stalls: they are playing time. */
export const MIN_STALL_MS = 250;

export interface Stall {
  /** Unix ms. */
  readonly at: number;
  readonly durationMs: number;
}

export interface Rebuffering {
  readonly rebufferCount: number;
  readonly rebufferMs: number;
}

/**
 * Stalls: playback stops for lack of data while it should play, for at least 250 ms. Not startup, not a seek, not a pause;
 * a pause, a seek or the end closes a stall. The ratio of a selection is Σ rebufferMs / Σ watchMs.
 * Source: CTA-2066 "rebuffering"; the threshold is that of `docs/telemetry.md`.
 */
export function stalls(timeline: Timeline): readonly Stall[] {
  const found: Stall[] = [];
  for (const { state, from, to, resumed } of timeline.spans) {
    if (state !== "rebuffering") continue;
    const before = found.at(-1);
    if (resumed && before !== undefined) {
      found[found.length - 1] = { at: before.at, durationMs: before.durationMs + to - from };
    } else found.push({ at: from, durationMs: to - from });
  }
  return found;
}

export function rebuffering(found: readonly Stall[]): Rebuffering {
  return { rebufferCount: found.length, rebufferMs: found.reduce((sum, stall) => sum + stall.durationMs, 0) };
}
