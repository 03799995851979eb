import type { StartupBin } from "@playhead/store";

/** Bounds of the bins, ms: fine where most views start and where a viewer feels a difference, coarse where all are slow. */
export const startupEdgesMs: readonly number[] = [
  100, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000, 15_000, 30_000,
];

export interface BoundedBin extends StartupBin {
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** Names the bins that the store counted: one more than there are edges, the last one open. */
export function boundedBins(bins: readonly StartupBin[]): BoundedBin[] {
  return bins.map((bin, i) => ({ fromMs: startupEdgesMs[i - 1] ?? 0, toMs: startupEdgesMs[i] ?? null, ...bin }));
}
