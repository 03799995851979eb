import type { Measured } from "@playhead/protocol";
import { noTotals } from "@playhead/store";
import type { MeasuredGroup } from "./measure.js";
import type { TimeRange } from "./time-grammar.js";
import { withRatios } from "./totals.js";

export type Point = Measured & { at: number };

/** One point for each interval that touches the range, on whole multiples of the interval, as the store counts them. */
export function timeseriesPoints(
  found: readonly MeasuredGroup[],
  { from, to }: TimeRange,
  intervalMs: number,
): Point[] {
  const byTime = new Map(found.map(({ group, measured }) => [group.at, measured]));
  const points: Point[] = [];
  for (let at = Math.floor(from / intervalMs) * intervalMs; at < to; at += intervalMs) {
    points.push({ ...(byTime.get(at) ?? withRatios(noTotals)), at });
  }
  return points;
}

/** The points of each combination of values, those with the most views first. */
export function timeseriesByValues(
  found: readonly MeasuredGroup[],
  range: TimeRange,
  intervalMs: number,
): { values: (string | null)[]; points: Point[] }[] {
  // Node 20 has no `Map.groupBy`.
  const groups = new Map<string, MeasuredGroup[]>();
  for (const one of found) {
    const key = JSON.stringify(one.group.values);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const viewsOf = (points: readonly Point[]) => points.reduce((sum, { views }) => sum + views, 0);
  return [...groups.values()]
    .map((group) => ({
      values: [...(group[0]?.group.values ?? [])],
      points: timeseriesPoints(group, range, intervalMs),
    }))
    .toSorted((a, b) => viewsOf(b.points) - viewsOf(a.points));
}
