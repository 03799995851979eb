import type { Observed } from "../observe/observed.js";
import { known } from "./known.js";

export interface Rendition {
  readonly bitrateBps?: number | undefined;
  readonly width: number;
  readonly height: number;
  readonly codec?: string | undefined;
}

/**
 * The rendition that is now on screen. The first one is `initial`, which is no switch; one like the last (the same rung
 * of a reloaded playlist) is no change.
 */
export function rendered(
  { rendered: last, record }: Pick<Observed, "rendered" | "record">,
  now: Rendition,
  reason: "abr" | "manual" | "buffer",
  at: number,
): void {
  const same = last.width === now.width && last.height === now.height && last.bitrateBps === now.bitrateBps;
  if (same) return;
  const initial = last.width === 0 && last.bitrateBps === undefined;
  const from = initial
    ? {}
    : known({
        fromBitrateBps: last.bitrateBps,
        fromWidth: last.width || undefined,
        fromHeight: last.height || undefined,
      });
  last.width = now.width;
  last.height = now.height;
  last.bitrateBps = now.bitrateBps;
  record(
    {
      type: "quality_change",
      reason: initial ? "initial" : reason,
      ...from,
      ...known({
        toBitrateBps: now.bitrateBps,
        toWidth: now.width || undefined,
        toHeight: now.height || undefined,
        codec: now.codec,
      }),
    },
    at,
  );
}
