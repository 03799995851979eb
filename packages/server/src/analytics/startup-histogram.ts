/** Bounds of the bins, ms: fine where most views start and where a viewer feels a difference, coarse where all are slow. */
export const startupEdgesMs: readonly number[] = [
  100, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000, 15_000, 30_000,
];

/** Names the bins that the store counted: one more than there are edges, the last one open. */
export function startupBins(counts: readonly number[]): { fromMs: number; toMs: number | null; views: number }[] {
  return counts.map((views, i) => ({ fromMs: startupEdgesMs[i - 1] ?? 0, toMs: startupEdgesMs[i] ?? null, views }));
}
