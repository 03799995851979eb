/** Boundaries of two levels that are this near are one, seconds: `keepPlaylistTimes` moves them by a few ms. */
const SAME_S = 0.05;

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly level: number;
}

/** Where what is buffered came from: the latest of what was appended at a place is there. */
export function levelAt(spans: readonly Span[], atS: number): number | undefined {
  return spans.findLast(({ start, end }) => start - SAME_S <= atS && atS < end - SAME_S)?.level;
}

/** What is in the buffer after one more segment was appended: it takes the place of what was there. */
export function append(spans: readonly Span[], added: Span): readonly Span[] {
  return [...spans.filter(({ start, end }) => start < added.start || end > added.end), added];
}

/**
 * The first place from `fromS` on at which one level may take over from another: a segment of the new one begins there,
 * and one of the old, so that no picture on either side needs one of the other.
 *
 * @param next starts of the new level's segments.
 * @param startsOf those of a level that is, or would be, buffered.
 * @param loading the level that is loaded where nothing is buffered.
 */
export function findJoin(
  next: readonly number[],
  fromS: number,
  spans: readonly Span[],
  loading: number,
  startsOf: (level: number) => readonly number[],
): number | undefined {
  return next.find((start) => {
    if (start < fromS) return false;
    const before = startsOf(levelAt(spans, start) ?? loading);
    return before.some((other) => Math.abs(other - start) < SAME_S);
  });
}
