import { burnInArgs, subtitleClockArgs, subtitleInputArgs } from "./burn-in.js";
import { anonymous, inputArgs, seconds } from "./ffmpeg-input.js";
import { type FrameRate, keepsFields, timescaleOf } from "./frame-rate.js";
import type { AudioStream, MediaInfo, VideoStream } from "./media-info.js";
import { colourArgs, type PictureMeans, pictureFilters } from "./picture.js";
import type { AudioTranscode, VideoTranscode } from "./rendition.js";
import { AAC_FRAME, AAC_RATE, earlyKeyframes } from "./segment-plan.js";
import { encoderArgs, softwareEncoding, type VideoEncoding } from "./video-encoders.js";
import { gridOf } from "./video-renditions.js";

export interface VideoRun {
  readonly input: string;
  readonly rendition: VideoTranscode;
  readonly info: MediaInfo;
  readonly startSegment: number;
  readonly means?: PictureMeans;
  readonly encoding?: VideoEncoding;
}

const usualMeans: PictureMeans = { zscale: true };

/**
 * ffmpeg's arguments for the segments from `startSegment` to the end: fragmented MP4 on standard output, its init
 * segment first, then one fragment a segment. Fragment n has the tfdt of `plan.boundaries[n]` (the first that of the
 * first frame, which may come up to one frame after 0) and the samples up to `frameBoundaries[n + 1]`.
 *
 * @throws {RangeError} when the stream is not in the file, or the segment not in the plan.
 */
export function videoRunArgs(run: VideoRun): string[] {
  const { input, rendition, info, startSegment, means = usualMeans, encoding = softwareEncoding } = run;
  const stream = info.video.find(({ index }) => index === rendition.streamIndex);
  if (stream === undefined) throw new RangeError(`The file has no video stream ${rendition.streamIndex}`);
  checkSegment(rendition, startSegment);
  const { frameRate, gopFrames, frameBoundaries } = rendition;
  const { device, upload, output } = encoderArgs(rendition, encoding);
  const keyframes =
    encoding.encoder === "software"
      ? earlyKeyframes(startSegment, frameBoundaries, gopFrames) // the encoder puts one at each GOP
      : frameBoundaries.slice(startSegment + 1, -1);
  const { phaseS, frames } = gridOf(info, stream);
  const firstFrame = frameBoundaries[startSegment] ?? 0;
  const fromFrame = Math.min(firstFrame, surePicture(info, stream, phaseS, frameRate));
  const seekS = videoSeekS(info, phaseS, fromFrame, frameRate);
  const picture = [
    ...timeFilters(rendition, info, stream, phaseS, fromFrame, firstFrame),
    ...pictureFilters(stream, rendition, means),
  ];
  const { burnt, width, height } = rendition;
  const zeroS = info.startTimeMs / 1000 + phaseS;
  const frameS = frameRate.den / frameRate.num;
  const videoIndex = stream.index;
  return [
    device,
    inputArgs({ input, seekS }),
    ...(burnt === undefined
      ? [
          ["-map", `0:${videoIndex}`, "-an", "-sn", "-dn"], // one stream: cover art and all else stay out
          ["-vf", [...picture, ...upload].join(",")],
        ]
      : [
          subtitleInputArgs({ input, seekS }),
          burnInArgs({ input, burnt, videoIndex, seekS, zeroS, frameS, width, height, picture, upload }),
          ["-map", "[out]"],
        ]),
    ["-fps_mode", "passthrough"], // the filters made the rate constant already
    ["-frames:v", String(frames - firstFrame)], // what the plan promised, no more
    output,
    colourArgs(stream),
    keyframesAt(keyframes, frameRate), // at the boundaries that the encoder does not find by itself
    anonymous,
    ["-video_track_timescale", String(timescaleOf(frameRate))], // one in which the phase is exact
    ["-output_ts_offset", seconds(phaseS)],
    ["-use_editlist", "0"], // the times are told by tfdt alone
    ["-avoid_negative_ts", "disabled"], // else a run's times would be moved to begin at 0
    // A fragment each keyframe, each complete by itself, its times in tfdt; no index of what was written at the end.
    ["-movflags", "+frag_keyframe+empty_moov+default_base_moof+frag_discont+skip_sidx+skip_trailer"],
    ["-flush_packets", "1"],
    ["-f", "mp4", "pipe:1"],
    burnt === undefined ? [] : subtitleClockArgs(videoIndex),
  ].flat();
}

/** One argument of a process holds 128 KiB; a run that gets past so many is started anew. */
const MOST_KEYFRAMES = 9_000;

/** Keyframes at frames of the plan. By time, for which ffmpeg looks at the next one only; a little early, as it rounds. */
function keyframesAt(frames: readonly number[], { num, den }: FrameRate): readonly string[] {
  if (frames.length === 0) return [];
  const times = frames.slice(0, MOST_KEYFRAMES).map((frame) => (((frame - 0.25) * den) / num).toFixed(4));
  return ["-force_key_frames", times.join(",")];
}

/**
 * Number of a frame that surely has a picture of its own or one before it. Where sound goes on after the last picture,
 * a run has to begin with that picture and hold it, because reading further would find none.
 */
function surePicture(info: MediaInfo, stream: VideoStream, phaseS: number, rate: FrameRate): number {
  const frameS = rate.den / rate.num;
  const zeroS = info.startTimeMs / 1000 + phaseS;
  const { startTimeMs, durationMs } = stream;
  const endS = startTimeMs === null || durationMs === null ? null : (startTimeMs + durationMs) / 1000;
  const keyframeS = stream === info.video[0] ? info.keyframes?.at(-1) : undefined;
  const known = [...(endS === null ? [] : [endS - 2 * frameS]), ...(keyframeS === undefined ? [] : [keyframeS])];
  if (known.length === 0) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor((Math.max(...known) - zeroS) / frameS));
}

/** Formats that find a keyframe by an index. In the others a seek may land on any packet. */
const indexed = new Set(["mp4", "mov", "matroska", "webm", "avi", "flv"]);
const UNINDEXED_MARGIN_S = 1;
const UNINDEXED_BLIND_S = 10;

/** Where a run begins to read, seconds from the presentation's start: half a frame early, as times are rounded. */
function videoSeekS(info: MediaInfo, phaseS: number, fromFrame: number, { num, den }: FrameRate): number {
  const wanted = phaseS + ((fromFrame - 0.5) * den) / num;
  if (wanted <= 0) return 0;
  if (indexed.has(info.container)) return wanted;
  const startS = info.startTimeMs / 1000;
  const keyframe = info.keyframes?.findLast((time) => time - startS <= wanted);
  return Math.max(0, keyframe === undefined ? wanted - UNINDEXED_BLIND_S : keyframe - startS - UNINDEXED_MARGIN_S);
}

/** Brings the source's pictures onto the plan's grid, from the run's first frame on. */
function timeFilters(
  { frameRate }: VideoTranscode,
  info: MediaInfo,
  stream: VideoStream,
  phaseS: number,
  fromFrame: number,
  firstFrame: number,
): readonly string[] {
  const zeroS = info.startTimeMs / 1000 + phaseS;
  const fromS = (fromFrame * frameRate.den) / frameRate.num;
  const mode = keepsFields(stream) ? "send_field" : "send_frame";
  return [
    "settb=AVTB", // µs: a rate's own time base is too coarse for what follows
    `setpts=round(PTS-(${seconds(zeroS)})/TB)`, // the first frame of the plan at 0
    // Before frames are dropped or doubled; frames that are progressive in between stay as they are.
    ...(stream.interlaced ? [`bwdif=mode=${mode}:deint=interlaced`] : []),
    // The picture that is shown at each instant of the grid.
    `fps=fps=${frameRate.num}/${frameRate.den}:start_time=${seconds(fromS)}:round=near`,
    "tpad=stop=-1:stop_mode=clone", // the last picture is held to the plan's end
    `trim=start_pts=${firstFrame}`, // counted in frames
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
    inputArgs({ input, seekS }),
    ["-map", `0:${stream.index}`, "-vn", "-sn", "-dn"],
    ["-af", audioFilters(info, stream, seekS, fromSample, toSample).join(",")],
    ["-c:a", "aac", "-b:a", String(rendition.bitrateBps)],
    anonymous,
    ["-flush_packets", "1"],
    ["-f", "adts", "pipe:1"],
  ].flat();
}

function audioFilters(
  info: MediaInfo,
  stream: AudioStream,
  seekS: number,
  fromSample: number,
  toSample: number,
): readonly string[] {
  const seekSample = Math.round(seekS * AAC_RATE);
  return [
    `asetpts='${audioTimes(info, stream)}'`,
    // From where we began to read on, without a hole: silence where there is no sound, also before a late first one.
    // `min_comp` makes the first sample exact; `min_hard_comp` leaves the jitter of rounded timestamps alone.
    `aresample=${AAC_RATE}:async=1:min_comp=0.00001:min_hard_comp=0.02:first_pts=${seekSample}`,
    `aformat=sample_rates=${AAC_RATE}:channel_layouts=stereo`, // the same resampler mixes down
    "apad", // sound that ends early goes on as silence
    `atrim=start_pts=${fromSample}:end_pts=${toSample}`,
  ];
}

/** Containers that round each packet's time to the ms. */
const roundsToMs = new Set(["matroska", "webm"]);
/** Samples of a packet, or a part that all packets are a multiple of. */
const packetSamples: Readonly<Record<string, number>> = {
  aac: 1024,
  ac3: 1536,
  eac3: 1536,
  mp3: 1152,
  dts: 512,
  opus: 480,
};
/** The stream's start, the packet's time and Opus' pre-skip are rounded by half a ms each, and something over. */
const ROUNDING_S = 0.002;

/**
 * Expression for a packet's time with the presentation's start at 0. A run takes its place from its first packet, so a
 * time that was rounded to the ms would put it up to 1 ms off its neighbours: a click at the join. Packets that lie
 * where whole packets since the stream's start put them are moved there exactly.
 */
function audioTimes(info: MediaInfo, { codec, sampleRate, startTimeMs }: AudioStream): string {
  const time = `round(PTS-(${seconds(info.startTimeMs / 1000)})/TB)`; // asetpts itself would cut off
  const packet = packetSamples[codec];
  if (!roundsToMs.has(info.container) || packet === undefined || startTimeMs === null || sampleRate <= 0) return time;
  const first = `(${seconds((startTimeMs - info.startTimeMs) / 1000)})/TB`;
  const length = `(${packet}/${sampleRate}/TB)`;
  const nearest = `${first}+${length}*round((ld(0)-${first})/${length})`;
  return `st(0,${time});st(1,${nearest});if(lt(abs(ld(0)-ld(1))*TB,${ROUNDING_S}),round(ld(1)),ld(0))`;
}

function checkSegment({ plan }: VideoTranscode | AudioTranscode, segment: number): void {
  if (!Number.isInteger(segment) || segment < 0 || segment > plan.boundaries.length - 2) {
    throw new RangeError(`The plan has no segment ${segment}`);
  }
}
