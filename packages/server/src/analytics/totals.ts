import type { Totals } from "@playhead/protocol";
import type { ViewTotals } from "@playhead/store";

/** Null where there is nothing to divide by: no data is not zero. */
const ratio = (numerator: number, denominator: number) => (denominator > 0 ? numerator / denominator : null);

/** Makes the ratios of a selection from its sums. */
export function withRatios(sums: ViewTotals): Totals {
  const { seekMs, ...totals } = sums;
  return {
    ...totals,
    rebufferRatio: ratio(sums.rebufferMs, sums.watchMs),
    rebufferFrequencyPerMinute: ratio(sums.rebufferCount, sums.watchMs / 60_000),
    startFailureRate: ratio(sums.startFailures, sums.attempts),
    playbackFailureRate: ratio(sums.playbackFailures, sums.started),
    exitBeforeStartRate: ratio(sums.exitsBeforeStart, sums.attempts),
    seekLatencyMs: ratio(seekMs, sums.seekCount),
    droppedFrameRatio: ratio(sums.droppedFrames, sums.decodedFrames + sums.droppedFrames),
  };
}
