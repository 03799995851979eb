import type { VideoStream } from "./media-info.js";

export interface Size {
  readonly width: number;
  readonly height: number;
}

type Shape = Pick<VideoStream, "width" | "height" | "rotation" | "sampleAspectRatio">;

/** Size of the picture as it is shown: square pixels, rotation applied, even as 4:2:0 needs it. */
export function displaySize(stream: Shape): Size {
  const { width, height } = exactSize(stream);
  return { width: even(width), height: even(height) };
}

/**
 * What people call a picture's size, the 1080 of "1080p": lines of the smallest 16:9 frame that holds it, upright or
 * not. A film of 1920×800 is 1080p, and so is a phone's of 1080×1920.
 */
export function linesOf({ width, height }: Size): number {
  const lines = Math.round(Math.max(Math.min(width, height), (Math.max(width, height) * 9) / 16));
  return usualLines.find((usual) => Math.abs(lines / usual - 1) < NEARLY) ?? lines;
}

const usualLines = [2160, 1440, 1080, 720, 576, 480, 360, 240] as const;
/** Coded sizes are multiples of 16, scaled ones even: 1088 lines are called 1080. */
const NEARLY = 0.02;

/** The picture scaled into the 16:9 frame of so many lines, upright or not, its aspect kept. Never larger than shown. */
export function fittedSize(stream: Shape, lines: number): Size {
  const { width, height } = exactSize(stream);
  const scale = Math.min(1, (lines * 16) / 9 / Math.max(width, height), lines / Math.min(width, height));
  return { width: even(width * scale), height: even(height * scale) };
}

function exactSize({ width, height, rotation, sampleAspectRatio: { num, den } }: Shape): Size {
  const square = { width: width * (num > 0 && den > 0 ? num / den : 1), height };
  return rotation % 180 === 0 ? square : { width: square.height, height: square.width };
}

/** The nearest even number; of two as near, the smaller, so that nothing is scaled up. */
const even = (length: number): number => Math.max(2, 2 * Math.ceil(length / 2 - 0.5));
