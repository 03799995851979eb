import type { Observed } from "../observe/observed.js";

/** As a player tells it; what it does not know is what the element says. */
export interface Rendition {
  readonly bitrateBps?: number | undefined;
  readonly width?: number | null | undefined;
  readonly height?: number | null | undefined;
  readonly codec?: string | null | undefined;
}

/**
 * The rendition that is now on screen. The first one is `initial`, which is no switch; one like the last (the same rung
 * of a reloaded playlist) is no change.
 */
export function rendered(
  { rendered: last, record, playback, clock, video }: Observed,
  now: Rendition,
  reason: "abr" | "manual" | "buffer",
  at = clock.now(),
): void {
  const bitrateBps = Math.round(now.bitrateBps ?? 0) || undefined;
  const width = now.width || video.videoWidth;
  const height = now.height || video.videoHeight;
  const same = last.width === width && last.height === height && last.bitrateBps === bitrateBps;
  // An ad's picture is not the content's.
  if (same || playback.away) return;
  const initial = !last.width && !last.bitrateBps;
  record(
    {
      type: "quality_change",
      reason: initial ? "initial" : reason,
      fromBitrateBps: last.bitrateBps,
      fromWidth: last.width || undefined,
      fromHeight: last.height || undefined,
      toBitrateBps: bitrateBps,
      toWidth: width || undefined,
      toHeight: height || undefined,
      codec: now.codec?.slice(0, 64) || undefined,
    },
    at,
  );
  Object.assign(last, { width, height, bitrateBps });
}
