import type { ViewEvent } from "../view-event.js";

/** When a view that is told begins, Unix ms. */
export const ZERO = 1_795_000_000_000;

/** A view told as [ms, type, fields]. */
export function view(...story: readonly (readonly [number, string, object?])[]): readonly ViewEvent[] {
  return story.map(([at, type, fields], seq) => ({
    id: String(seq),
    seq,
    type,
    ts: ZERO + at,
    source: "sdk",
    receivedAt: ZERO + at,
    ...fields,
  }));
}
