import type { AudioStream, VideoStream } from "@playhead/hls";
import { FilePathSource, Input, type InputTrack, MATROSKA, MP4, MPEG_TS, QTFF, WEBM } from "mediabunny";

/** Containers of files only: Mediabunny's HLS reader would follow the addresses in a playlist. */
const formats = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS];

/** Both readers must mean the same moment by the same number; a frame's rounding apart. */
const VIDEO_START_TOLERANCE_S = 0.005;

/** ffmpeg's codec names where Mediabunny has another. */
const mediabunnyCodec = new Map([["h264", "avc"]]);

/** Opens a file the way the packager will. Call `dispose` on it, which also ends what is under way. */
export const openForPackager = (file: string): Input =>
  new Input({ formats, source: new FilePathSource(file, { handleUnhandledError: () => {} }) });

export interface PackagerView {
  /** ffprobe's stream index → RFC 6381. */
  readonly codecStrings: ReadonlyMap<number, string>;
  /** End of the last packet, file time, seconds. */
  readonly endS: number;
}

/**
 * What the in-process packager sees of a file; null when it can't read it, or when its tracks are not, one to one, the
 * streams that ffprobe found: the nth video stream must be its nth video track, and so with audio.
 */
export async function packagerView(
  input: Input,
  video: readonly VideoStream[],
  audio: readonly AudioStream[],
): Promise<PackagerView | null> {
  if (!(await input.canRead())) return null;
  const pairs = [...pair(await input.getVideoTracks(), video), ...pair(await input.getAudioTracks(), audio)];
  const codecStrings = new Map<number, string>();
  let endS = Number.NEGATIVE_INFINITY;
  for (const { track, stream } of pairs) {
    if (track === undefined || stream === undefined) return null;
    const codec = await track.getCodec();
    if (codec !== null && codec !== (mediabunnyCodec.get(stream.codec) ?? stream.codec) && !isPcm(codec)) return null;
    const codecString = codec === null ? null : await track.getCodecParameterString();
    if (codecString !== null) codecStrings.set(stream.index, asDelivered(codecString));
    endS = Math.max(endS, await track.computeDuration());
  }
  return (await sameStart(pairs[0])) ? { codecStrings, endS } : null;
}

/**
 * HEVC is packaged as `hvc1`: parameter sets in the init segment alone, the only kind that Apple's players take (HLS
 * Authoring Specification §1.10). Mediabunny names what it reads `hev1`.
 */
const asDelivered = (codecString: string): string => codecString.replace(/^hev1/, "hvc1");

interface Pair {
  readonly track: InputTrack | undefined;
  readonly stream: VideoStream | AudioStream | undefined;
}

const pair = (tracks: readonly InputTrack[], streams: readonly (VideoStream | AudioStream)[]): readonly Pair[] =>
  Array.from({ length: Math.max(tracks.length, streams.length) }, (_, i) => ({ track: tracks[i], stream: streams[i] }));

const isPcm = (codec: string) => codec.startsWith("pcm") || codec === "ulaw" || codec === "alaw";

async function sameStart(first: Pair | undefined): Promise<boolean> {
  const told = first?.stream?.startTimeMs ?? null;
  if (first?.track === undefined || told === null) return true;
  return Math.abs((await first.track.getFirstTimestamp()) - told / 1000) <= VIDEO_START_TOLERANCE_S;
}
