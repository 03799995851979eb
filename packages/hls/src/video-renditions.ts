import { codecName } from "./codec-names.js";
import { displaySize, encodedSize } from "./display-size.js";
import { constantFrameRate, fpsOf } from "./frame-rate.js";
import { h264Level } from "./h264-level.js";
import type { MediaInfo, VideoStream } from "./media-info.js";
import type { VideoCopy, VideoRendition, VideoTranscode } from "./rendition.js";
import { copyPlan, type FrameGrid, frameGrid, transcodePlan } from "./segment-plan.js";

/** Codecs that the in-process packager writes into fragmented MP4, and that browsers read there. */
const inFragmentedMp4 = new Set(["h264", "hevc", "vp9", "av1"]);
/** A segment that is longer keeps the viewer waiting, and the memory full. */
const MAX_GAP_S = 30;
/** A second of the busiest part of a film has about this many times its average bit rate. */
const PEAK_FACTOR = 1.5;

/** Preset and quality of libx264; part of a plan's version, because they change the bytes. */
export const X264_PRESET = "veryfast";
export const X264_CRF = 23;
/** Bits that a pixel may cost at most: enough that the quality, not the limit, decides in all but the hardest scenes. */
const BITS_PER_PIXEL = 0.14;
const MIN_MAXRATE_BPS = 500_000;
const MAX_MAXRATE_BPS = 20_000_000;

/** The renditions of one video stream, best first. */
export function videoRenditions(
  info: MediaInfo,
  stream: VideoStream,
  supported: ReadonlySet<string>,
): readonly VideoRendition[] {
  const name = describe(stream);
  const obstacle = obstacleToCopy(info, stream, supported, name);
  return obstacle === null ? [copied(info, stream, name)] : [transcoded(info, stream, obstacle)];
}

/** Why a stream can't be copied, up to where a sentence goes on with "so"; null when it can. */
function obstacleToCopy(
  info: MediaInfo,
  { codec, codecString }: VideoStream,
  supported: ReadonlySet<string>,
  name: string,
): string | null {
  if (codecString === null || !supported.has(codecString)) return `Video is ${name}, which this browser does not play`;
  if (!inFragmentedMp4.has(codec)) return `Video is ${name}, which HLS can't carry`;
  if (!info.packageable) return `Video is in a container (${info.container}) that can't be repackaged on request`;
  if (info.keyframes === null || info.keyframes.length === 0) return "Video has no keyframe index";
  const gap = longestGap(info.keyframes, info);
  if (gap > MAX_GAP_S) return `Video has up to ${Math.round(gap)} s between keyframes, too far apart to seek`;
  return null;
}

function longestGap(keyframes: readonly number[], { startTimeMs, durationMs }: MediaInfo): number {
  const end = durationMs / 1000;
  let last = 0;
  let longest = 0;
  for (const keyframe of [...keyframes.map((time) => time - startTimeMs / 1000), end]) {
    const at = Math.min(Math.max(keyframe, 0), end);
    longest = Math.max(longest, at - last);
    last = at;
  }
  return longest;
}

function copied(info: MediaInfo, stream: VideoStream, name: string): VideoCopy {
  const average = stream.bitrateBps ?? bitrateOfRest(info);
  return {
    kind: "video",
    mode: "copy",
    id: `v${stream.index}-copy`,
    streamIndex: stream.index,
    codecString: stream.codecString ?? "",
    bandwidthBps: Math.round(average * PEAK_FACTOR),
    averageBandwidthBps: Math.round(average),
    plan: copyPlan(info.keyframes ?? [], info.startTimeMs / 1000, info.durationMs / 1000),
    reason: `Video is ${name}, which this browser plays, so it is repackaged without loss.`,
    ...displaySize(stream),
    frameRate: stream.frameRate,
    ...(stream.hdr === null ? {} : { hdr: stream.hdr }),
  };
}

/** The whole file's bit rate without what its sound is known to take. */
function bitrateOfRest(info: MediaInfo): number {
  const whole = info.bitrateBps ?? (info.sizeBytes * 8) / Math.max(1, info.durationMs / 1000);
  const audio = info.audio.reduce((sum, { bitrateBps }) => sum + (bitrateBps ?? 0), 0);
  return Math.max(whole - audio, whole / 10);
}

function transcoded(info: MediaInfo, stream: VideoStream, obstacle: string): VideoTranscode {
  const size = encodedSize(stream);
  const rate = constantFrameRate(stream);
  const fps = fpsOf(rate);
  const wanted = size.width * size.height * fps * BITS_PER_PIXEL;
  const maxrateBps = Math.round(Math.min(MAX_MAXRATE_BPS, Math.max(MIN_MAXRATE_BPS, wanted)));
  const { level, codecString } = h264Level(size.width, size.height, fps, maxrateBps);
  const grid = gridOf(info, stream);
  const settings = `${X264_PRESET}-crf${X264_CRF}-${size.width}x${size.height}-${Math.round(maxrateBps / 1000)}k`;
  return {
    kind: "video",
    mode: "transcode",
    id: `v${stream.index}-h264-${size.height}`,
    streamIndex: stream.index,
    codecString,
    // One second's buffer may go out on top of a segment of two seconds at the full rate.
    bandwidthBps: Math.round(maxrateBps * 1.5),
    plan: transcodePlan(rate, grid, settings),
    reason: `${obstacle}, so it is converted to H.264.`,
    ...size,
    frameRate: rate,
    gopFrames: grid.gopFrames,
    level,
    maxrateBps,
  };
}

/** Where the frames of a transcoded stream lie in time. */
export function gridOf(info: MediaInfo, stream: VideoStream): FrameGrid {
  const durationS = info.durationMs / 1000;
  const startS = stream.startTimeMs === null ? null : (stream.startTimeMs - info.startTimeMs) / 1000;
  const endS = startS === null || stream.durationMs === null ? null : startS + stream.durationMs / 1000;
  return frameGrid(constantFrameRate(stream), { startS, endS, durationS });
}

function describe({ codec, bitDepth, hdr }: VideoStream): string {
  const depth = bitDepth > 8 ? ` ${bitDepth}-bit` : "";
  return `${codecName(codec)}${depth}${hdr === null ? "" : " HDR"}`;
}
