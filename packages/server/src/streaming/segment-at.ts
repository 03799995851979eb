import type { SegmentPlan } from "@playhead/hls";

/** Index of the segment that holds a position; the last one for any position past the end. */
export function segmentAt(plan: SegmentPlan, positionS: number): number {
  const { boundaries } = plan;
  let low = 0;
  let high = Math.max(0, boundaries.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((boundaries[middle] ?? 0) <= positionS) low = middle;
    else high = middle - 1;
  }
  return low;
}
