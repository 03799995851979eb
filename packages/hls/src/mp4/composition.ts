/** When the samples of a segment are decoded, in units of the timescale. */
export interface DecodeTimes {
  /** One per sample, in decode order; never descending. */
  readonly decodeTimes: readonly number[];
  /** Composition offset of each sample; never negative. */
  readonly compositionOffsets: readonly number[];
}

/**
 * Gives decode times to the samples of one segment, of which a file with B-frames tells only the presentation times.
 *
 * A fragment's tfdt is what players take for its place in the playlist, so the first decode time is the segment's start
 * on the plan's timeline, and not one reorder delay before it (which at 0 would be negative). Every composition time is
 * then one `delay` late, and the init segment's edit list takes that off again. Offsets are never negative, because
 * ffmpeg shifts the whole track by the most negative one it meets.
 *
 * @param presentationTimes in decode order.
 * @param start decode time of the first sample.
 * @param end decode time of the next segment's first sample.
 * @param delay composition time that the edit list presents at 0.
 */
export function decodeTimesOf(
  presentationTimes: readonly number[],
  start: number,
  end: number,
  delay: number,
): DecodeTimes {
  const count = presentationTimes.length;
  const sorted = presentationTimes.toSorted((a, b) => a - b);
  // Closed GOP: the pictures' own times, in order. Leading pictures of an open GOP lie before the start, so that their
  // own times would overlap the segment before: there the segment's time is shared out evenly.
  const closed = (sorted[0] ?? start) >= start && (sorted[count - 1] ?? start) < end;
  const decodeTimes = presentationTimes.map(() => start);
  let latest = Number.POSITIVE_INFINITY;
  for (let i = count - 1; i >= 0; i--) {
    latest = Math.min(latest, (presentationTimes[i] ?? 0) + delay);
    const wanted = closed ? (sorted[i] ?? start) : start + Math.round(((end - start) * i) / count);
    decodeTimes[i] = Math.min(wanted, latest);
  }
  if (count > 0) decodeTimes[0] = Math.min(start, decodeTimes[0] ?? start);
  return {
    decodeTimes,
    compositionOffsets: presentationTimes.map((time, i) => time + delay - (decodeTimes[i] ?? 0)),
  };
}
