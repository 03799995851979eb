import type { Totals } from "@playhead/protocol";
import { noTotals, type ViewTotals } from "@playhead/store";
import type { TimeRange } from "./time-grammar.js";
import { withRatios } from "./totals.js";

/** One point for each interval that touches the range, on whole multiples of the interval, as the store counts them. */
export function timeseriesPoints(
  found: readonly (ViewTotals & { readonly at: number })[],
  { from, to }: TimeRange,
  intervalMs: number,
): (Totals & { at: number })[] {
  const byTime = new Map(found.map((point) => [point.at, point]));
  const points: (Totals & { at: number })[] = [];
  for (let at = Math.floor(from / intervalMs) * intervalMs; at < to; at += intervalMs) {
    points.push({ ...withRatios(byTime.get(at) ?? noTotals), at });
  }
  return points;
}
