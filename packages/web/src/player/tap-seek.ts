/** One tap of a finger. */
export interface Tap {
  /** ms, of one clock. */
  readonly at: number;
  /** Place across the picture, 0 to 1. */
  readonly share: number;
}

/** Taps that follow each other faster than this belong together, ms. */
export const TAP_PAUSE_MS = 350;
/** Once it seeks, each further tap may take its time. */
const SEEKING_PAUSE_MS = 800;
const STEP_S = 10;

/**
 * Two quick taps on the left or right third seek by 10 s, each further one by 10 s more. `tap` gives the seconds to seek
 * by now, and all of the row; undefined where the tap is only a tap.
 */
export function createTapSeek() {
  let last: (Tap & { readonly side: -1 | 0 | 1 }) | undefined;
  let totalS = 0;
  return {
    tap(tap: Tap): { readonly byS: number; readonly totalS: number } | undefined {
      const side = tap.share < 1 / 3 ? -1 : tap.share > 2 / 3 ? 1 : 0;
      const pause = totalS === 0 ? TAP_PAUSE_MS : SEEKING_PAUSE_MS;
      const follows = side !== 0 && last?.side === side && tap.at - last.at <= pause;
      last = { ...tap, side };
      totalS = follows ? totalS + side * STEP_S : 0;
      return follows ? { byS: side * STEP_S, totalS } : undefined;
    },
  };
}
