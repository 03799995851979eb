/** Durations are sums of decimals: this much less than a second is a whole one. */
const EPSILON_S = 1e-6;

/**
 * Lays segments out by the second of media: the second that ends at t takes the segment that plays then; a last second that is not
 * whole is left out.
 */
export function perSecond<T extends { readonly durationS: number }>(
  segments: readonly T[],
  value: (segment: T) => number,
): number[] {
  const seconds: number[] = [];
  let end = 0;
  for (const segment of segments) {
    end += segment.durationS;
    if (seconds.length + 1 > end + EPSILON_S) continue;
    const quality = value(segment);
    while (seconds.length + 1 <= end + EPSILON_S) seconds.push(quality);
  }
  return seconds;
}
