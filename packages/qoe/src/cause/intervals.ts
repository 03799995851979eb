/** A stretch of time, ms. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The part of `interval` that lies within `bounds`; undefined if none does. */
export function clip(interval: Interval, bounds: Interval): Interval | undefined {
  const from = Math.max(interval.from, bounds.from);
  const to = Math.min(interval.to, bounds.to);
  return to > from ? { from, to } : undefined;
}

/** The same stretches, sorted, without overlap. */
export function union(intervals: readonly Interval[]): readonly Interval[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else if (to > from) merged.push({ from, to });
  }
  return merged;
}

/** How long the stretches last together, each moment counted once; ms. */
export const lengthOf = (intervals: readonly Interval[]): number =>
  union(intervals).reduce((sum, { from, to }) => sum + to - from, 0);
