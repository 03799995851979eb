import type { VideoTranscode } from "./rendition.js";
import { X264_CRF, X264_LOOKAHEAD, X264_PRESET } from "./video-renditions.js";

export const hardwareEncoders = ["nvenc", "qsv", "vaapi", "videotoolbox", "amf"] as const;
/** Named as people name them; ffmpeg's own name is `h264_` and this. */
export type HardwareEncoder = (typeof hardwareEncoders)[number];

/** Who encodes a run's pictures, and how. */
export interface VideoEncoding {
  readonly encoder: "software" | HardwareEncoder;
  /**
   * Each keyframe carries the parameter sets (SPS, PPS), so that segments of different encoders follow each other under
   * either's init segment.
   */
  readonly inBand: boolean;
}

export const softwareEncoding: VideoEncoding = { encoder: "software", inBand: false };

/** Changes whenever the arguments below would give other bytes. */
export const HARDWARE_FORMAT = "1";

export interface EncoderArgs {
  /** Before the first input. */
  readonly device: readonly string[];
  /** Filters at the end, which bring 4:2:0 pictures to where the encoder reads them. */
  readonly upload: readonly string[];
  readonly output: readonly string[];
}

type Target = Pick<VideoTranscode, "level" | "maxrateBps" | "averageBandwidthBps" | "gopFrames">;

/**
 * What one encoder is told: H.264 High of the rendition's level, no B-frames, keyframes where they are forced and nowhere
 * else, and no second above `maxrateBps`.
 */
export function encoderArgs(target: Target, { encoder, inBand }: VideoEncoding): EncoderArgs {
  const args = encoder === "software" ? software(target) : hardware[encoder](target);
  const { maxrateBps, gopFrames } = target;
  const rate = ["-maxrate", String(maxrateBps), "-bufsize", String(maxrateBps)]; // BANDWIDTH is reckoned with one second's buffer
  const gop =
    encoder === "software"
      ? ["-g", String(gopFrames), "-keyint_min", String(gopFrames), "-sc_threshold", "0"] // a keyframe every GOP and nowhere else
      : ["-g", String(NEVER)];
  return {
    device: args.device,
    upload: args.upload,
    output: [
      ...args.output,
      ...rate,
      "-bf",
      "0", // B-frames would delay every picture in a fragmented MP4
      ...gop,
      ...(inBand ? ["-bsf:v", "dump_extra=freq=keyframe"] : []),
    ],
  };
}

/**
 * Frames. Not all hardware counts its GOP anew from a forced keyframe, so every keyframe of the plan is forced, and the
 * encoder's own never comes. The largest that 16 signed bits hold, as Quick Sync's field has 16.
 */
const NEVER = 32_767;

function software({ level }: Target): EncoderArgs {
  return {
    device: [],
    upload: [],
    output: [
      ["-c:v", "libx264", "-preset", X264_PRESET, "-crf", String(X264_CRF)],
      // Every frame that the encoder looks ahead is one that the first segment waits for.
      ["-x264-params", `rc-lookahead=${X264_LOOKAHEAD}:sync-lookahead=0`],
      ["-profile:v", "high", "-level", level, "-pix_fmt", "yuv420p"], // what `codecString` promised
    ].flat(),
  };
}

/** In tenths, as all of them take it: `4.0` would be read as the number 4 by those that know no names. */
const profile = ({ level }: Target) => ["-profile:v", "high", "-level", String(Math.round(Number(level) * 10))];
/** What these aim at; the rate above which they never go is the same as x264's. */
const average = ({ averageBandwidthBps, maxrateBps }: Target) => [
  "-b:v",
  String(averageBandwidthBps ?? Math.round(maxrateBps / 1.5)),
];
/** 4:2:0 with its colours interleaved: the one layout that all hardware reads without converting it. */
const nv12 = ["-pix_fmt", "nv12"];

const hardware: Readonly<Record<HardwareEncoder, (target: Target) => EncoderArgs>> = {
  nvenc: (target) => ({
    device: [],
    upload: [], // it takes pictures from memory
    output: [
      ["-c:v", "h264_nvenc", ...profile(target), ...nv12],
      ["-preset", "p4", "-tune", "hq"],
      ["-rc", "vbr", "-cq", String(X264_CRF), "-b:v", "0"], // constant quality under the maximal rate, like x264's CRF
      ["-rc-lookahead", "0", "-no-scenecut", "1"], // no frame is waited for, and no keyframe put in
      ["-delay", "0"], // frames come out as they are ready, not when its queue is full
      ["-forced-idr", "1"], // else a forced keyframe is an I-frame that nobody can begin at
    ].flat(),
  }),
  qsv: (target) => ({
    device: [],
    upload: [], // it takes pictures from memory, and opens its device itself
    output: [
      ["-c:v", "h264_qsv", ...profile(target), ...nv12],
      ["-preset", "veryfast"],
      average(target), // with a maximal rate above it this is VBR; its quality modes know no maximum
      ["-look_ahead", "0", "-adaptive_i", "0"], // no frame is waited for, and no keyframe put in
      ["-async_depth", "1"], // each frame comes out before the next goes in
      ["-forced_idr", "1"], // else a forced keyframe is an I-frame that nobody can begin at
      ["-idr_interval", "0"], // each I-frame is an IDR
    ].flat(),
  }),
  vaapi: (target) => ({
    device: ["-vaapi_device", "/dev/dri/renderD128"], // the first GPU; a service has no display to ask for one
    upload: ["format=nv12", "hwupload"], // it takes surfaces of the device only
    output: [
      ["-c:v", "h264_vaapi", ...profile(target)],
      ["-rc_mode", "VBR", ...average(target)], // the mode with a maximal rate that every driver has
      ["-idr_interval", "0"], // each I-frame is an IDR
      ["-async_depth", "1"], // each frame comes out before the next goes in
    ].flat(),
  }),
  videotoolbox: (target) => ({
    device: [],
    upload: [],
    output: [
      // No level: it refuses those below 3.0 and picks the lowest that holds the size and rate, as ours do.
      ["-c:v", "h264_videotoolbox", "-profile:v", "high", ...nv12],
      average(target),
      ["-allow_sw", "0"], // its software encoder is no better than ours
      ["-realtime", "0"], // as fast as it can, not as fast as a camera
    ].flat(),
  }),
  amf: (target) => ({
    device: [],
    upload: [],
    output: [
      ["-c:v", "h264_amf", ...profile(target), ...nv12],
      ["-usage", "transcoding", "-quality", "balanced"],
      ["-rc", "vbr_peak", ...average(target)], // VBR that knows a maximal rate
      ["-forced_idr", "1"], // an ffmpeg that is too old to force keyframes here refuses this, and is not used
    ].flat(),
  }),
};
