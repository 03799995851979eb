import type { VideoStream } from "./media-info.js";

/** Frames per second, exactly. */
export interface FrameRate {
  readonly num: number;
  readonly den: number;
}

const standardRates: readonly FrameRate[] = [
  { num: 24_000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30_000, den: 1001 },
  { num: 30, den: 1 },
  { num: 50, den: 1 },
  { num: 60_000, den: 1001 },
  { num: 60, den: 1 },
];

/** An average over a file is off by its rounding; 24 and 24000/1001 lie just this far apart, so the nearest counts. */
const SNAP = 0.001;
const MAX_FPS = 60;
/** When the file does not tell: what plays most sources without a visible loss. */
const UNKNOWN_RATE: FrameRate = { num: 30, den: 1 };

export const fpsOf = ({ num, den }: FrameRate): number => num / den;

/**
 * The constant rate at which a stream is encoded: the source's own where it is constant, so that each picture is
 * delivered once; a standard one near the average where it varies; at most 60.
 */
export function constantFrameRate(stream: RatedStream): FrameRate {
  const rate = pictureRate(stream);
  return isMotionKept(stream, rate) ? simple({ num: rate.num * 2, den: rate.den }) : rate;
}

type RatedStream = Pick<VideoStream, "frameRate" | "variableFrameRate"> &
  Partial<Pick<VideoStream, "interlaced" | "height">>;

/** Lines up to which each field of an interlaced film becomes a picture. */
const FIELD_LINES = 576;

/**
 * Whether an interlaced stream is delivered at its field rate: 50 pictures for 25 frames, so that motion stays as smooth
 * as it was. In HD that would be more than a small machine converts in time.
 */
export function keepsFields(stream: RatedStream): boolean {
  return isMotionKept(stream, pictureRate(stream));
}

const isMotionKept = ({ interlaced = false, height = 0 }: RatedStream, rate: FrameRate): boolean =>
  interlaced && height > 0 && height <= FIELD_LINES && fpsOf(rate) <= MAX_FPS / 2;

function pictureRate({ frameRate, variableFrameRate }: RatedStream): FrameRate {
  if (frameRate === null || !(frameRate.num > 0) || !(frameRate.den > 0)) return UNKNOWN_RATE;
  let { num, den } = frameRate;
  while (num / den > MAX_FPS * (1 + SNAP)) den *= 2;
  const nearest = nearestStandard(num / den);
  const deviation = Math.abs(fpsOf(nearest) / (num / den) - 1);
  // A slide show at 5 fps gains nothing from 24.
  if (deviation <= SNAP || (variableFrameRate && num / den > fpsOf(standardRates[0] ?? nearest) / 2)) return nearest;
  return simple({ num, den });
}

function nearestStandard(fps: number): FrameRate {
  return standardRates.reduce((best, rate) =>
    Math.abs(fpsOf(rate) - fps) < Math.abs(fpsOf(best) - fps) ? rate : best,
  );
}

/** Lowest terms; an average such as 1234567/98765 is rounded to a thousandth, which encoders can hold. */
function simple({ num, den }: FrameRate): FrameRate {
  const divisor = gcd(num, den);
  const exact = { num: num / divisor, den: den / divisor };
  if (exact.num <= 120_000 && exact.den <= 10_000) return exact;
  const thousandths = Math.max(1, Math.round((num / den) * 1000));
  const common = gcd(thousandths, 1000);
  return { num: thousandths / common, den: 1000 / common };
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/**
 * Timescale in which every frame of a rate has a whole number of ticks, and an offset has a fine one.
 * ffmpeg would choose one of the same kind by itself; it is pinned so that plans can be exact in it.
 */
export function timescaleOf({ num, den }: FrameRate): number {
  if (den === 1 && 90_000 % num === 0) return 90_000;
  return num * Math.max(1, Math.ceil(10_000 / num));
}
