import { anonymous, inputArgs, seconds } from "./ffmpeg-input.js";
import { timescaleOf } from "./frame-rate.js";
import type { MediaInfo, VideoStream } from "./media-info.js";
import type { AudioTranscode, VideoTranscode } from "./rendition.js";
import { AAC_FRAME, AAC_RATE } from "./segment-plan.js";
import { gridOf, X264_CRF, X264_PRESET } from "./video-renditions.js";

export interface VideoRun {
  readonly input: string;
  readonly rendition: VideoTranscode;
  readonly info: MediaInfo;
  readonly startSegment: number;
}

/**
 * ffmpeg's arguments for the segments from `startSegment` to the end: fragmented MP4 on standard output, its init
 * segment first, then one fragment a segment. Fragment n has the tfdt of `plan.boundaries[n]` (the first that of the
 * first frame, which may come up to one frame after 0) and `gopFrames` samples, the last what remains.
 *
 * @throws {RangeError} when the stream is not in the file, or the segment not in the plan.
 */
export function videoRunArgs({ input, rendition, info, startSegment }: VideoRun): string[] {
  const stream = info.video.find(({ index }) => index === rendition.streamIndex);
  if (stream === undefined) throw new RangeError(`The file has no video stream ${rendition.streamIndex}`);
  checkSegment(rendition, startSegment);
  const { frameRate, gopFrames, maxrateBps } = rendition;
  const { phaseS, frames } = gridOf(info, stream);
  const firstFrame = startSegment * gopFrames;
  const firstS = (firstFrame * frameRate.den) / frameRate.num;
  const gop = String(gopFrames);
  return [
    ...inputArgs({ input, seekS: videoSeekS(info, stream, phaseS + firstS) }),
    ...["-map", `0:${stream.index}`, "-an", "-sn", "-dn"], // one stream: cover art and all else stay out
    ...["-vf", videoFilters(rendition, info, stream, phaseS, firstS).join(",")],
    ...["-fps_mode", "passthrough"], // the filters made the rate constant already
    ...["-frames:v", String(frames - firstFrame)], // what the plan promised, no more
    ...["-c:v", "libx264", "-preset", X264_PRESET, "-crf", String(X264_CRF)],
    ...["-profile:v", "high", "-level", rendition.level, "-pix_fmt", "yuv420p"], // what `codecString` promised
    ...["-maxrate", String(maxrateBps), "-bufsize", String(maxrateBps)], // BANDWIDTH is reckoned with one second's buffer
    ...["-bf", "0"], // B-frames would delay every picture in a fragmented MP4
    ...["-g", gop, "-keyint_min", gop, "-sc_threshold", "0"], // a keyframe every GOP and nowhere else
    ...["-force_key_frames", "expr:eq(n,0)"], // and the first picture of a run is one
    ...anonymous,
    ...["-video_track_timescale", String(timescaleOf(frameRate))], // one in which the phase is exact
    ...["-output_ts_offset", seconds(phaseS)],
    ...["-avoid_negative_ts", "disabled"], // else a run's times would be moved to begin at 0
    // A fragment each keyframe, each complete by itself, its times in tfdt; no index of what was written at the end.
    ...["-movflags", "+frag_keyframe+empty_moov+default_base_moof+frag_discont+skip_sidx+skip_trailer"],
    ...["-flush_packets", "1"],
    ...["-f", "mp4", "pipe:1"],
  ];
}

/** How far before its first frame a run begins to read, seconds; it skips what it does not need. */
const HALF = 0.5;
/** Formats that find a keyframe by an index. In the others a seek may land on any packet. */
const indexed = new Set(["mp4", "mov", "matroska", "webm", "avi", "flv"]);
const UNINDEXED_MARGIN_S = 1;
const UNINDEXED_BLIND_S = 10;

function videoSeekS(info: MediaInfo, stream: VideoStream, firstS: number): number {
  const startS = info.startTimeMs / 1000;
  const frameS = stream.frameRate === null ? 0.04 : stream.frameRate.den / stream.frameRate.num;
  // Where sound goes on after the picture has ended, the last picture is still needed.
  const endS =
    stream.startTimeMs === null || stream.durationMs === null
      ? Number.POSITIVE_INFINITY
      : (stream.startTimeMs + stream.durationMs) / 1000 - startS - 2 * frameS;
  const wanted = Math.min(firstS - HALF * frameS, endS);
  if (wanted <= 0) return 0;
  if (indexed.has(info.container)) return wanted;
  const keyframe = info.keyframes?.findLast((time) => time - startS <= wanted);
  return Math.max(0, keyframe === undefined ? wanted - UNINDEXED_BLIND_S : keyframe - startS - UNINDEXED_MARGIN_S);
}

function videoFilters(
  { frameRate, width, height }: VideoTranscode,
  info: MediaInfo,
  { interlaced }: VideoStream,
  phaseS: number,
  firstS: number,
): readonly string[] {
  const zeroS = info.startTimeMs / 1000 + phaseS;
  return [
    "settb=AVTB", // µs: a rate's own time base is too coarse for what follows
    `setpts=PTS-(${seconds(zeroS)})/TB`, // the first frame of the plan at 0
    ...(interlaced ? ["bwdif=mode=send_frame:deint=interlaced"] : []), // before frames are dropped or doubled
    // The picture that is shown at each instant of the grid, from the run's first one on.
    `fps=fps=${frameRate.num}/${frameRate.den}:start_time=${seconds(firstS)}:round=near`,
    "tpad=stop=-1:stop_mode=clone", // the last picture is held to the plan's end
    `scale=${width}:${height}`, // reckoned from the displayed aspect
    "setsar=1",
    "format=yuv420p",
  ];
}

export interface AudioRunStart {
  /** Where ffmpeg begins to read, seconds from the presentation's start. */
  readonly seekS: number;
  /** Number of the first ADTS frame that comes out, in frames of the rendition; −1 is the encoder's priming. */
  readonly firstFrame: number;
  /** Frames to drop until the first of `startSegment` comes. */
  readonly discardFrames: number;
}

/** The decoder settles within this: bit reservoirs, windows that overlap, and seeks that land late. */
const DECODER_PREROLL_S = 1;
/** Frames that are encoded before the first that is kept, so that its neighbours in another run fit. */
const ENCODER_PREROLL_FRAMES = 8;
/** Frames that the encoder puts out before the first sample: each frame is heard with the next one (1024 samples). */
const PRIMING_FRAMES = 1;

/** @throws {RangeError} when the segment is not in the plan. */
export function audioRunStart(rendition: AudioTranscode, startSegment: number): AudioRunStart {
  checkSegment(rendition, startSegment);
  const wanted = rendition.frameBoundaries[startSegment] ?? 0;
  const encodedFrom = Math.max(0, wanted - ENCODER_PREROLL_FRAMES);
  const firstFrame = encodedFrom - PRIMING_FRAMES;
  return {
    seekS: Math.max(0, (encodedFrom * AAC_FRAME) / AAC_RATE - DECODER_PREROLL_S),
    firstFrame,
    discardFrames: wanted - firstFrame,
  };
}

export interface AudioRun {
  readonly input: string;
  readonly rendition: AudioTranscode;
  readonly info: MediaInfo;
  readonly startSegment: number;
}

/**
 * ffmpeg's arguments for the sound from `startSegment` to the plan's end: AAC frames with ADTS headers on standard
 * output, the first of which is `audioRunStart().firstFrame`. Silence stands where the source has no sound.
 *
 * @throws {RangeError} when the stream is not in the file, or the segment not in the plan.
 */
export function audioRunArgs({ input, rendition, info, startSegment }: AudioRun): string[] {
  const stream = info.audio.find(({ index }) => index === rendition.streamIndex);
  if (stream === undefined) throw new RangeError(`The file has no audio stream ${rendition.streamIndex}`);
  const { seekS, firstFrame } = audioRunStart(rendition, startSegment);
  const fromSample = (firstFrame + PRIMING_FRAMES) * AAC_FRAME;
  const toSample = (rendition.frameBoundaries.at(-1) ?? 0) * AAC_FRAME;
  return [
    ...inputArgs({ input, seekS }),
    ...["-map", `0:${stream.index}`, "-vn", "-sn", "-dn"],
    ...["-af", audioFilters(info, seekS, fromSample, toSample).join(",")],
    ...["-c:a", "aac", "-b:a", String(rendition.bitrateBps)],
    ...anonymous,
    ...["-flush_packets", "1"],
    ...["-f", "adts", "pipe:1"],
  ];
}

function audioFilters(info: MediaInfo, seekS: number, fromSample: number, toSample: number): readonly string[] {
  const seekSample = Math.round(seekS * AAC_RATE);
  return [
    `asetpts=PTS-(${seconds(info.startTimeMs / 1000)})/TB`, // the presentation's start at 0
    // From where we began to read on, without a hole: silence where there is no sound, also before a late first one.
    // `min_comp` makes the first sample exact; `min_hard_comp` leaves the jitter of rounded timestamps alone.
    `aresample=${AAC_RATE}:async=1:min_comp=0.00001:min_hard_comp=0.02:first_pts=${seekSample}`,
    `aformat=sample_rates=${AAC_RATE}:channel_layouts=stereo`, // the same resampler mixes down
    "apad", // sound that ends early goes on as silence
    `atrim=start_pts=${fromSample}:end_pts=${toSample}`,
  ];
}

function checkSegment({ plan }: VideoTranscode | AudioTranscode, segment: number): void {
  if (!Number.isInteger(segment) || segment < 0 || segment > plan.boundaries.length - 2) {
    throw new RangeError(`The plan has no segment ${segment}`);
  }
}
