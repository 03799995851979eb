/**
 * A percentile of values that were counted in bins, within its bin as if they lay evenly there by ratio. Null without any; the
 * outer bins are open, and give the edge that bounds them.
 * @param bins one more than `edges`, which ascend and are above 0.
 * @param share of the values that lie below, 0–1.
 */
export function binnedPercentile(bins: readonly number[], edges: readonly number[], share: number): number | null {
  const all = bins.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let left = share * all;
  for (const [bin, count] of bins.entries()) {
    if (count === 0 || left > count) {
      left -= count;
      continue;
    }
    const [low, high] = [edges[bin - 1], edges[bin]];
    if (low === undefined || high === undefined) return low ?? high ?? null;
    return low * (high / low) ** (left / count);
  }
  return edges.at(-1) ?? null;
}
