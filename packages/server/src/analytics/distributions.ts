import type { Distribution as WireDistribution } from "@playhead/protocol";
import type { Distribution, GroupDistributions } from "@playhead/store";

const percentiles = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
const names = ["p50", "p75", "p90", "p95", "p99"] as const;

/** At least one must lie beyond a percentile, or it is only the largest value under another name. */
export const speaksFor = (count: number, share: number) => Math.round(count * (1 - share) * 1e9) / 1e9 >= 1;

/** A distribution without the percentiles that too few views speak for. */
export function withoutTooFew(found: Distribution): WireDistribution {
  const tooFew = names.filter((name) => !speaksFor(found.count, percentiles[name]));
  return { ...found, ...Object.fromEntries(tooFew.map((name) => [name, null])), tooFew };
}

/** As a reply has them: by name. */
export function distributionsOf({ of }: Pick<GroupDistributions, "of">): Record<string, WireDistribution> {
  return Object.fromEntries(Object.entries(of).map(([name, found]) => [name, withoutTooFew(found)]));
}
