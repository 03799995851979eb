import { qualityChanges } from "./quality-changes.js";
import { clamp } from "./scale.js";

/**
 * Audiovisual quality of a whole clip without its stalls, O35: the seconds' mean, with the last weighing more, less what very bad
 * moments, oscillation and adaptation take.
 * Source: ITU-T P.1203.3 (10/2017), §8, without its random forest.
 * @param audio O21 of each second. @param video O22 of each second, as many.
 */
export function audiovisualQuality(audio: readonly number[], video: readonly number[]): number {
  const seconds = video.map((v, t) => combined(audio[t] ?? 0, v));
  const base = weightedMean(seconds);
  return base - badMoments(seconds, base) - changes(video);
}

function combined(a: number, v: number): number {
  return clamp(-0.00069084 + 0.15374283 * a + 0.97153861 * v + 0.02461776 * a * v, 1, 5);
}

function weightedMean(seconds: readonly number[]): number {
  let sum = 0;
  let weights = 0;
  seconds.forEach((quality, t) => {
    const recency = 0.00666620027943848 + 0.0000404018840273729 * Math.exp(t / seconds.length / 0.156497800436237);
    const weight = recency * (0.143179744942738 - 0.0238641564518876 * quality);
    sum += weight * quality;
    weights += weight;
  });
  return sum / weights;
}

/** The worst tenth of the seconds, with late ones felt more. */
function badMoments(seconds: readonly number[], base: number): number {
  const below = seconds.map(
    (quality, i) => (quality - base) * (1.87403625 - 0.87403625 * 0.5 ** ((seconds.length - i - 1) / 7.85416481)),
  );
  return 0.0185382 * Math.max(0, -percentile(below, 0.1));
}

function changes(video: readonly number[]): number {
  const { spread, rate, runs, longestS } = qualityChanges(video);
  if (longestS / video.length >= 0.25) return 0;
  const oscillation =
    longestS < 30
      ? clamp(Math.max(0, 1 + Math.log10(spread + 0.001)) * Math.exp(0.6775608 * runs - 8.05533303), 0, 1.5)
      : 0;
  return oscillation + clamp(0.17332553 * spread * rate - 0.01035647, 0, 0.5);
}

/** Interpolated linearly between the two nearest ranks. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? 0;
  const high = sorted[Math.ceil(rank)] ?? low;
  return low + (high - low) * (rank - Math.floor(rank));
}
