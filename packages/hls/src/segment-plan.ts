import type { FrameRate } from "./frame-rate.js";
import { timescaleOf } from "./frame-rate.js";
import type { SegmentPlan } from "./rendition.js";

/** Raised whenever the rules of this file change: segments of the old rules must not be taken for those of the new. */
const PLAN_FORMAT = 3;

/** Least lengths of copied segments, seconds: of the first, which is short to start sooner, and of all that follow. */
const FIRST_COPY_LENGTH = 1;
const COPY_LENGTH = 2;
/** Containers round times to the ms: keyframes every 2 s are at times 1.999 s apart. */
const ROUNDING_S = 0.005;
/** Sound alone is small: nothing is gained by fetching less of it at once. */
const SOUND_LENGTH = 4;
/** A copied segment shorter than this at the end goes to the one before. */
const TINY_S = 0.5;
const TRANSCODE_LENGTH = 2;
/**
 * Lengths of the first encoded segments, in quarters of a full one. A player waits for the whole first one, so short
 * ones start sooner. They grow slowly: an encoder of 1.3 times real time still has each ready before the one before it
 * has been played.
 */
const startQuarters = [1, 1, 1, 1, 2, 2, 2] as const;
/** The end of the picture is held as long as sound follows; below this nobody sees the difference. */
const HELD_PICTURE_S = 0.5;

/** AAC as it is encoded here. */
export const AAC_RATE = 48_000;
export const AAC_FRAME = 1024;

export interface AudioTranscodePlan {
  readonly plan: SegmentPlan;
  /** First AAC frame of each segment, and the frame after the last. */
  readonly frameBoundaries: readonly number[];
}

/** Video whose packets are copied: boundaries at keyframes. Times in seconds, file time; result from `startS` on. */
export function copyPlan(keyframes: readonly number[], startS: number, durationS: number): SegmentPlan {
  const boundaries = [0];
  let last = 0;
  for (const keyframe of keyframes) {
    const at = keyframe - startS;
    const least = boundaries.length === 1 ? FIRST_COPY_LENGTH : COPY_LENGTH;
    if (at - last < least - ROUNDING_S || at >= durationS) continue;
    boundaries.push(at);
    last = at;
  }
  return { version: `${PLAN_FORMAT}-keyframes`, boundaries: closed(boundaries, durationS) };
}

/** Sound alone: any packet may start a segment. */
export function evenPlan(durationS: number): SegmentPlan {
  const boundaries = Array.from(
    { length: Math.max(1, Math.ceil(durationS / SOUND_LENGTH)) },
    (_, i) => i * SOUND_LENGTH,
  );
  return { version: `${PLAN_FORMAT}-even`, boundaries: closed(boundaries, durationS) };
}

function closed(boundaries: readonly number[], durationS: number): readonly number[] {
  const last = boundaries.at(-1) ?? 0;
  const kept = boundaries.length > 1 && durationS - last < TINY_S ? boundaries.slice(0, -1) : boundaries;
  return [...kept, durationS];
}

/** The frames of a transcoded video: frame n is shown at `phaseS` + n·den/num seconds. */
export interface FrameGrid {
  /**
   * Time of the first frame after the presentation's start, less than one frame: sound often begins a few ms before
   * the picture, and moving the picture onto a grid from 0 would part them by up to half a frame.
   */
  readonly phaseS: number;
  /** All frames of the rendition. */
  readonly frames: number;
  /** Frames of a full segment: one GOP. `firstFrameOf` tells where each begins. */
  readonly gopFrames: number;
}

/** When the video begins and ends, seconds from the presentation's start; null when the file does not tell. */
export interface VideoSpan {
  readonly startS: number | null;
  readonly endS: number | null;
  readonly durationS: number;
}

/** Containers round to the ms: a start as near as this to a frame of the grid from 0 is that frame. */
const PHASE_TOLERANCE_S = 0.0015;

export function frameGrid(rate: FrameRate, span: VideoSpan): FrameGrid {
  const frameS = rate.den / rate.num;
  const start = Math.max(0, span.startS ?? 0);
  const rest = start - Math.floor(start / frameS) * frameS;
  const onGrid = rest < PHASE_TOLERANCE_S || frameS - rest < PHASE_TOLERANCE_S;
  const timescale = timescaleOf(rate);
  const phaseS = onGrid ? 0 : Math.round(rest * timescale) / timescale;
  const heldLonger = span.endS === null || span.durationS - span.endS > HELD_PICTURE_S;
  const end = heldLonger ? span.durationS : Math.min(span.endS ?? span.durationS, span.durationS);
  return {
    phaseS,
    frames: Math.max(1, Math.round((end - phaseS) / frameS)),
    gopFrames: Math.max(1, Math.round((TRANSCODE_LENGTH * rate.num) / rate.den)),
  };
}

/** Number of the frame with which an encoded segment begins. */
export function firstFrameOf(segment: number, gopFrames: number): number {
  // GOPs of a few frames, as slide shows have, can't be quartered.
  if (gopFrames < 4) return segment * gopFrames;
  const quarters = startQuarters.slice(0, segment).reduce((sum: number, quarter) => sum + quarter, 0);
  return Math.round((quarters * gopFrames) / 4) + Math.max(0, segment - startQuarters.length) * gopFrames;
}

/**
 * First frame of each encoded segment, and the frame after the last.
 *
 * @param cuts frames with which a segment must begin: those of a copy beside it. A player that leaves the copy at its
 * end goes on with a segment that begins there; one that began before would take pictures from the copy that others of
 * its GOP need.
 */
export function segmentFrames(
  { frames, gopFrames }: Omit<FrameGrid, "phaseS">,
  cuts: readonly number[] = [],
): number[] {
  const starts = [0];
  let at = 0;
  for (const end of [...cuts.filter((cut) => cut > 0 && cut < frames), frames]) {
    while (at < end) {
      const full = firstFrameOf(starts.length, gopFrames) - firstFrameOf(starts.length - 1, gopFrames);
      const rest = end - at;
      // What would be left is shared: a segment of a few frames costs as many requests as a full one.
      const isShared = end !== frames && rest > full && rest < full * 1.5;
      at += isShared ? Math.ceil(rest / 2) : Math.min(rest, full);
      starts.push(at);
    }
  }
  return starts;
}

/** The frames with which the segments after this one begin, as far as less than a full GOP lies before them. */
export function earlyKeyframes(segment: number, frameBoundaries: readonly number[], gopFrames: number): number[] {
  return frameBoundaries
    .slice(segment + 1, -1)
    .filter((frame, i) => frame - (frameBoundaries[segment + i] ?? 0) < gopFrames);
}

/** Video that is encoded: boundaries every GOP. `settings` names what else changes the bytes. */
export function transcodePlan(
  rate: FrameRate,
  grid: FrameGrid,
  settings: string,
  frameBoundaries: readonly number[] = segmentFrames(grid),
): SegmentPlan {
  const { phaseS, gopFrames } = grid;
  const boundaries = frameBoundaries.map((frame, i) => (i === 0 ? 0 : phaseS + (frame * rate.den) / rate.num));
  return { version: `${PLAN_FORMAT}-gop${gopFrames}x${rate.num}-${rate.den}-${settings}`, boundaries };
}

/** Copied sound goes where the video's boundaries cut it, and to the end of the presentation. */
export function audioCopyPlan(base: SegmentPlan, durationS: number): SegmentPlan {
  const inner = base.boundaries.slice(0, -1).filter((boundary) => boundary < durationS);
  return { version: base.version, boundaries: [...inner, durationS] };
}

/** Encoded sound: the same boundaries, rounded up to whole AAC frames. */
export function audioTranscodePlan(base: SegmentPlan, durationS: number, settings: string): AudioTranscodePlan {
  const end = Math.max(1, framesUpTo(durationS));
  // Where the last segment is shorter than a frame, no frame is left for it.
  const inner = base.boundaries.slice(0, -1).map(framesUpTo);
  const frameBoundaries = [...inner.filter((frame, i) => frame < end && frame !== inner[i - 1]), end];
  const boundaries = frameBoundaries.map((frame) => (frame * AAC_FRAME) / AAC_RATE);
  return { plan: { version: `${base.version}-${settings}`, boundaries }, frameBoundaries };
}

/** A millionth of a frame below a whole one is the whole one: seconds are floating point. */
const framesUpTo = (seconds: number): number => Math.max(0, Math.ceil((seconds * AAC_RATE) / AAC_FRAME - 1e-6));
