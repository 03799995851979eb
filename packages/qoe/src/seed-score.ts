import type { BitrateSample } from "./bitrate.js";

export interface SeedScoreInput {
  /** Seconds from the intent to the first frame. */
  readonly initialBufferS: number;
  /** Length of each stall, seconds. */
  readonly rebuffersS: readonly number[];
  /** Quality switches, without the initial choice. */
  readonly switches: number;
  readonly bitrateSamples: readonly BitrateSample[];
}

export const SEED_SCORE_VERSION = 1;

/**
 * The reference score of seed 004, 0–100, version 1: 100 less 5 for each second of initial buffering past 2 s, 10 for each stall
 * and 5 for each second of it, 2 for each switch; plus 5 above 5 Mbit/s, or 2 above 2 Mbit/s, on average.
 * It is not normalised by duration, so it serves to compare with that reference, not as the headline.
 */
export function seedScore({ initialBufferS, rebuffersS, switches, bitrateSamples }: SeedScoreInput): number {
  const stalledS = rebuffersS.reduce((sum, s) => sum + s, 0);
  const score =
    100 -
    5 * Math.max(0, initialBufferS - 2) -
    10 * rebuffersS.length -
    5 * stalledS -
    2 * switches +
    bitrateBonus(meanBitrate(bitrateSamples));
  return Math.min(100, Math.max(0, score));
}

function meanBitrate(samples: readonly BitrateSample[]): number {
  let seconds = 0;
  let bits = 0;
  for (const { durationS, bitrateBps } of samples) {
    seconds += durationS;
    bits += durationS * bitrateBps;
  }
  return seconds === 0 ? 0 : Math.floor(bits / seconds);
}

function bitrateBonus(averageBps: number): number {
  if (averageBps > 5_000_000) return 5;
  return averageBps > 2_000_000 ? 2 : 0;
}
