import { codecName } from "./codec-names.js";
import { displaySize, fittedSize, linesOf, type Size } from "./display-size.js";
import { constantFrameRate, fpsOf } from "./frame-rate.js";
import { h264Level } from "./h264-level.js";
import type { MediaInfo, VideoStream } from "./media-info.js";
import { PICTURE_FORMAT } from "./picture.js";
import type { BurntSubtitle, SegmentPlan, VideoCopy, VideoRendition, VideoTranscode } from "./rendition.js";
import { LEAST_BITRATE_BPS, rungBitrate } from "./rung-bitrate.js";
import { copyPlan, type FrameGrid, frameGrid, segmentFrames, transcodePlan } from "./segment-plan.js";

/** Codecs that the in-process packager writes into fragmented MP4, and that browsers read there. */
const inFragmentedMp4 = new Set(["h264", "hevc", "vp9", "av1"]);
/** A segment that is longer keeps the viewer waiting, and the memory full. */
const MAX_GAP_S = 30;
/** A second of the busiest part of a film has about this many times its average bit rate. */
const PEAK_FACTOR = 1.5;

/** Preset and quality of libx264; part of a plan's version, because they change the bytes. */
export const X264_PRESET = "veryfast";
export const X264_CRF = 23;
/** Frames. The preset's 10 would delay the first segment more than they improve the picture (measured: 0.0002 SSIM). */
export const X264_LOOKAHEAD = 4;
/** Most bits of a second, and of its buffer, in those of an average one. */
const MAXRATE_FACTOR = 1.5;

/** Lines of the 16:9 frames that the rungs of a ladder fit into. */
const rungLines = [2160, 1440, 1080, 720, 480, 360, 240] as const;
/** What is converted where nothing else was asked for: more is dear to make, and few screens show it. */
const DEFAULT_LINES = 1080;
/** A rung is at least this much smaller than the source; one that is nearly as large would replace it for nothing. */
const SMALLER = 0.9;
/** A copy this many times dearer than the same size converted has that one beside it: the picture need not shrink. */
const DEAR_COPY = 2;
/** Beside a copy a rung's BANDWIDTH must be the lower one, whatever its size: players sort by it. */
const BELOW_COPY = 0.65;
const BELOW_RUNG = 0.85;

export interface LadderOptions {
  /** Whether the viewer's screen shows the stream's range of light. */
  readonly isShown?: boolean;
  readonly burnt?: BurntSubtitle | undefined;
}

/**
 * The ladder of one video stream, the default first, the others best first: its copy where it can be copied, and
 * converted rungs up to its own size.
 */
export function videoRenditions(
  info: MediaInfo,
  stream: VideoStream,
  supported: ReadonlySet<string>,
  { isShown = true, burnt }: LadderOptions = {},
): readonly VideoRendition[] {
  const name = describe(stream);
  const obstacle =
    burnt !== undefined
      ? "Subtitles that are pictures are drawn into the video"
      : isShown
        ? copyObstacle(info, stream, supported)
        : `Video is ${name}, which this screen does not show`;
  if (obstacle === null) {
    const copy = copied(info, stream, name);
    return [copy, ...rungs(info, stream, smallerReason, copy)];
  }
  const converted = rungs(info, stream, `${obstacle}, so it is converted to H.264.`);
  const all = burnt === undefined ? converted : converted.map((rung) => withSubtitle(rung, burnt));
  const first = all.find((rung) => linesOf(rung) <= DEFAULT_LINES) ?? all.at(-1);
  return first === undefined ? all : [first, ...all.filter((rung) => rung !== first)];
}

/** An address and a version of its own: what is drawn in must not be taken for what is not. */
function withSubtitle(rung: VideoTranscode, burnt: BurntSubtitle): VideoTranscode {
  const { id, plan } = rung;
  const mark = `s${burnt.streamIndex}`;
  return { ...rung, id: `${id}-${mark}`, plan: { ...plan, version: `${plan.version}-${mark}` }, burnt };
}

const smallerReason = "Converted to H.264 where the network, the screen or the viewer asks for less than the original.";

/** Converted rungs, best first: the source's own size (unless its copy has that, at a fair rate), and the usual ones below it. */
function rungs(info: MediaInfo, stream: VideoStream, reason: string, copy?: VideoCopy): readonly VideoTranscode[] {
  const source = sourceOf(info, stream);
  const lines = Math.min(linesOf(source), rungLines[0]);
  const own = linesOf(source) > lines ? fittedSize(stream, lines) : displaySize(stream);
  const lower = rungLines.filter((each) => each <= lines * SMALLER).map((each) => fittedSize(stream, each));
  const isDear = copy !== undefined && source.bitrateBps > DEAR_COPY * rungBitrate(own, source.fps, source);
  let mostBps = copy === undefined ? Number.POSITIVE_INFINITY : source.bitrateBps * BELOW_COPY;
  return (copy === undefined || isDear ? [own, ...lower] : lower).flatMap((size) => {
    if (mostBps < LEAST_BITRATE_BPS) return [];
    const average = Math.min(rungBitrate(size, source.fps, source), mostBps);
    mostBps = average * BELOW_RUNG;
    return [transcoded(info, stream, size, average, reason, copy?.plan)];
  });
}

function sourceOf(info: MediaInfo, stream: VideoStream) {
  const bitrateBps = stream.bitrateBps ?? bitrateOfRest(info);
  return { ...displaySize(stream), codec: stream.codec, bitrateBps, fps: fpsOf(constantFrameRate(stream)) };
}

/** Why a stream can't be copied, up to where a sentence goes on with "so"; null when it can. */
export function copyObstacle(info: MediaInfo, stream: VideoStream, supported: ReadonlySet<string>): string | null {
  const { codec, codecString } = stream;
  const name = describe(stream);
  if (codecString === null || !supported.has(codecString)) return `Video is ${name}, which this browser does not play`;
  if (!inFragmentedMp4.has(codec)) return `Video is ${name}, which HLS can't carry`;
  if (!info.packageable) return `Video is in a container (${info.container}) that can't be repackaged on request`;
  if (info.keyframes === null || info.keyframes.length === 0) return "Video has no keyframe index";
  // HEVC, AV1 and VP9 decoders leave such pictures out. Chromium's for H.264 fails for good on the first one.
  if (codec === "h264" && info.openGops) return "Video has open groups of pictures, which browsers can't seek in";
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

function transcoded(
  info: MediaInfo,
  stream: VideoStream,
  size: Size,
  averageBps: number,
  reason: string,
  beside: SegmentPlan | undefined,
): VideoTranscode {
  const rate = constantFrameRate(stream);
  const maxrateBps = Math.round(averageBps * MAXRATE_FACTOR);
  const { level, codecString } = h264Level(size.width, size.height, fpsOf(rate), maxrateBps);
  const grid = gridOf(info, stream);
  const cuts = beside?.boundaries.slice(1, -1).map((at) => Math.round((at - grid.phaseS) * fpsOf(rate)));
  const frameBoundaries = segmentFrames(grid, cuts);
  const settings = `${beside === undefined ? "" : "cut-"}${PICTURE_FORMAT}-${X264_PRESET}-la${X264_LOOKAHEAD}-crf${X264_CRF}-${size.width}x${size.height}-${Math.round(maxrateBps / 1000)}k`;
  return {
    kind: "video",
    mode: "transcode",
    id: `v${stream.index}-h264-${size.height}`,
    streamIndex: stream.index,
    codecString,
    // One second's buffer may go out on top of a segment of two seconds at the full rate.
    bandwidthBps: Math.round(maxrateBps * 1.5),
    averageBandwidthBps: Math.round(averageBps),
    plan: transcodePlan(rate, grid, settings, frameBoundaries),
    reason,
    ...size,
    frameRate: rate,
    gopFrames: grid.gopFrames,
    frameBoundaries,
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
