import type { Size } from "./display-size.js";

/** What a film of 1080p at 24 fps takes on average, bits per second, at the quality that the encoder is set to. */
const REFERENCE_BPS = 4_500_000;
const REFERENCE_PIXELS = 1920 * 1080;
const REFERENCE_FPS = 24;
/** Larger pictures have smoother pixels, and faster ones more alike frames: neither costs in proportion. */
const PIXELS_EXPONENT = 0.75;
const FPS_EXPONENT = 0.5;
/** Below this headers are most of what there is, and nothing is left to save. */
export const LEAST_BITRATE_BPS = 20_000;

/** How many bits H.264 takes for one bit of another codec, at the same quality. */
const h264PerBit: Readonly<Record<string, number>> = {
  av1: 2,
  hevc: 1.7,
  vp9: 1.5,
  h264: 1,
  vp8: 0.9,
  vc1: 0.9,
  mpeg4: 0.7,
  mpeg2video: 0.5,
  mpeg1video: 0.4,
};

/** Average bit rate of H.264 for pictures of this size and rate, where the source has no less. */
export function typicalBitrate({ width, height }: Size, fps: number): number {
  const size = ((width * height) / REFERENCE_PIXELS) ** PIXELS_EXPONENT;
  return REFERENCE_BPS * size * (fps / REFERENCE_FPS) ** FPS_EXPONENT;
}

export interface RungSource extends Size {
  readonly codec: string;
  /** Bits per second, on average. */
  readonly bitrateBps: number;
  readonly fps: number;
}

/**
 * Average bit rate of one rung. A source with fewer bits than is usual for its size is an easy one, or has lost its
 * detail already: its rungs take as much less, and none takes more than the source holds.
 */
export function rungBitrate(rung: Size, fps: number, source: RungSource): number {
  const held = source.bitrateBps * (h264PerBit[source.codec] ?? 1);
  const share = Math.min(1, held / typicalBitrate(source, source.fps));
  return Math.max(LEAST_BITRATE_BPS, typicalBitrate(rung, fps) * share);
}
