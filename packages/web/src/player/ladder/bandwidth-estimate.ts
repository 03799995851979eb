/** What the network carries, from what it carried. */
export interface BandwidthEstimate {
  /** Bits per second; undefined before anything was measured. */
  readonly bps: number | undefined;
  sample(durationMs: number, bytes: number): void;
}

/** Less arrives in one burst, whatever the network: it measures nothing. */
const LEAST_BYTES = 16_384;
/** Half-lives, in seconds of downloading: quick to fall, slow to rise. */
const FAST_S = 2;
const SLOW_S = 6;
/** A download counts for its duration within these bounds: else a fast network could never make up for a slow minute. */
const LEAST_WEIGHT_S = 1;
const MOST_WEIGHT_S = 4;

/** The lower of two moving averages of the logarithm: one burst among slow downloads does not make a fast network. */
export function createBandwidthEstimate(): BandwidthEstimate {
  let fast: number | undefined;
  let slow: number | undefined;
  const moved = (average: number | undefined, value: number, weightS: number, halfLifeS: number): number => {
    if (average === undefined) return value;
    const kept = 0.5 ** (weightS / halfLifeS);
    return average * kept + value * (1 - kept);
  };
  return {
    get bps() {
      return fast === undefined || slow === undefined ? undefined : Math.exp(Math.min(fast, slow));
    },
    sample(durationMs, bytes) {
      if (bytes < LEAST_BYTES || !(durationMs >= 0)) return;
      const seconds = Math.max(durationMs, 1) / 1000;
      const value = Math.log((bytes * 8) / seconds);
      const weightS = Math.min(Math.max(seconds, LEAST_WEIGHT_S), MOST_WEIGHT_S);
      fast = moved(fast, value, weightS, FAST_S);
      slow = moved(slow, value, weightS, SLOW_S);
    },
  };
}
