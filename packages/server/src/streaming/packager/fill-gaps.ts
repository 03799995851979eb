/** One frame of a segment: the source's packet of that number, or silence. Times in ticks. */
export interface PlacedFrame {
  readonly at: number;
  readonly duration: number;
  /** Index among the packets; null for silence. */
  readonly packet: number | null;
}

export interface GapLimits {
  /** Ticks of one frame. */
  readonly frame: number;
  /** The first packet of the track: the grid of all frames. */
  readonly origin: number;
  /** Bounds of the segment. Each frame that starts within belongs to it. */
  readonly start: number;
  readonly end: number;
  /** Where the packet before this segment ends; undefined when there is none. */
  readonly previousEnd: number | undefined;
  /** Where the packet after this segment starts; undefined when there is none. */
  readonly nextStart: number | undefined;
  /** Whether a frame of silence is known for this codec. */
  readonly canFill: boolean;
  /** The last frame may not end after this: the end of the presentation. */
  readonly presentationEnd: number;
}

/**
 * Lays the packets of a segment out in time, with silence where the source has no sound for a frame or longer: players
 * stop at a hole, and hls.js takes a segment without sound for a broken one. A hole shorter than a frame goes to the
 * frame before it.
 * @param ticks times of the segment's packets, ascending.
 */
export function fillGaps(ticks: readonly number[], limits: GapLimits): PlacedFrame[] {
  const { frame, origin, start, end, previousEnd, nextStart, canFill, presentationEnd } = limits;
  const placed: { at: number; duration: number; packet: number | null }[] = [];
  const silence = (from: number, to: number) => {
    if (!canFill) return;
    for (let at = from; at < end && at + frame <= to; at += frame) {
      placed.push({ at, duration: frame, packet: null });
    }
  };
  // The first place of the grid within the segment.
  const onGrid = origin + Math.ceil((start - origin) / frame) * frame;
  let cursor = Math.max(onGrid, previousEnd ?? onGrid, 0);
  ticks.forEach((at, packet) => {
    silence(cursor, at);
    const last = placed.at(-1);
    if (last !== undefined) last.duration = Math.max(0, at - last.at);
    placed.push({ at, duration: frame, packet });
    cursor = at + frame;
  });
  silence(cursor, Math.min(nextStart ?? presentationEnd, presentationEnd));
  const last = placed.at(-1);
  // Up to the next segment's first frame, so that the two join, unless a hole is there that nothing can fill.
  if (last !== undefined && nextStart !== undefined && nextStart - (last.at + frame) < frame) {
    last.duration = Math.max(0, nextStart - last.at);
  }
  return placed;
}
