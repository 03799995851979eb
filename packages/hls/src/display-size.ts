import type { VideoStream } from "./media-info.js";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest rung for now: what fits into 1920×1080, or upright into 1080×1920. */
const LONG_SIDE = 1920;
const SHORT_SIDE = 1080;

type Shape = Pick<VideoStream, "width" | "height" | "rotation" | "sampleAspectRatio">;

/** Size of the picture as it is shown: square pixels, rotation applied, even as 4:2:0 needs it. */
export function displaySize(stream: Shape): Size {
  const { width, height } = exactSize(stream);
  return { width: even(width), height: even(height) };
}

/** Size to encode at: the displayed one, or smaller with its aspect kept. Never larger. */
export function encodedSize(stream: Shape): Size {
  const { width, height } = exactSize(stream);
  const scale = Math.min(1, LONG_SIDE / Math.max(width, height), SHORT_SIDE / Math.min(width, height));
  return { width: even(width * scale), height: even(height * scale) };
}

function exactSize({ width, height, rotation, sampleAspectRatio: { num, den } }: Shape): Size {
  const square = { width: width * (num > 0 && den > 0 ? num / den : 1), height };
  return rotation % 180 === 0 ? square : { width: square.height, height: square.width };
}

/** The nearest even number; of two as near, the smaller, so that nothing is scaled up. */
const even = (length: number): number => Math.max(2, 2 * Math.ceil(length / 2 - 0.5));
