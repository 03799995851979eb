/** A stop of playback; the initial load is one at 0. Seconds: media time, and wall time. */
export interface StallEvent {
  readonly atS: number;
  readonly durationS: number;
}

/**
 * Share of the quality that stalls leave, SI, 0–1: their number, their length (later ones weigh more) and how far they lie apart.
 * The stalling score O23 is 1 + 4·SI.
 * Source: ITU-T P.1203.3 (10/2017), §8.
 */
export function stallingIndex(stalls: readonly StallEvent[], initialLoadS: number, lengthS: number): number {
  const events = [{ atS: 0, durationS: initialLoadS }, ...stalls]
    .filter(({ atS, durationS }) => durationS > 0 && atS <= lengthS)
    .toSorted((a, b) => a.atS - b.atS);
  const count = events.length;
  let weighted = 0;
  for (const { atS, durationS } of events) {
    weighted += durationS * (0.48412879 + 0.51587121 * 0.5 ** ((lengthS - atS) / 10));
  }
  const first = events[0];
  const last = events.at(-1);
  const gap = first === undefined || last === undefined || count < 2 ? 0 : (last.atS - first.atS) / (count - 1);
  return (
    Math.exp(-count / 9.35158684) *
    Math.exp(-weighted / (lengthS * 0.91890815)) *
    Math.exp(-gap / (lengthS * 11.0567558))
  );
}
