import type { FrameRate } from "./frame-rate.js";
import { timescaleOf } from "./frame-rate.js";
import type { SegmentPlan } from "./rendition.js";

/** Raised whenever the rules of this file change: segments of the old rules must not be taken for those of the new. */
const PLAN_FORMAT = 1;

/** Least lengths of the first copied segments, seconds; the last holds for all that follow. Short ones start sooner. */
const copyLengths = [1, 2, 4] as const;
const COPY_LENGTH = 4;
/** A copied segment shorter than this at the end goes to the one before. */
const TINY_S = 0.5;
const TRANSCODE_LENGTH = 2;
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
    const least = copyLengths[boundaries.length - 1] ?? COPY_LENGTH;
    if (at - last < least || at >= durationS) continue;
    boundaries.push(at);
    last = at;
  }
  return { version: `${PLAN_FORMAT}-keyframes`, boundaries: closed(boundaries, durationS) };
}

/** Sound alone: any packet may start a segment. */
export function evenPlan(durationS: number): SegmentPlan {
  const boundaries = Array.from({ length: Math.max(1, Math.ceil(durationS / COPY_LENGTH)) }, (_, i) => i * COPY_LENGTH);
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
  /** Frames of a segment: one GOP. */
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

/** Video that is encoded: boundaries every GOP. `settings` names what else changes the bytes. */
export function transcodePlan(rate: FrameRate, grid: FrameGrid, settings: string): SegmentPlan {
  const { phaseS, frames, gopFrames } = grid;
  const boundaries = [0];
  for (let frame = gopFrames; frame < frames; frame += gopFrames)
    boundaries.push(phaseS + (frame * rate.den) / rate.num);
  boundaries.push(phaseS + (frames * rate.den) / rate.num);
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
