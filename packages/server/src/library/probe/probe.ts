import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { MediaInfo, VideoStream } from "@playhead/hls";
import type { Input } from "mediabunny";
import { checkCompleteness, type OuterFormat } from "./completeness.js";
import { runFfprobe } from "./ffprobe.js";
import { type FfprobeReport, seconds, tag } from "./ffprobe-report.js";
import { endByFfprobe, keyframesByFfprobe, keyframesByPackager } from "./keyframes.js";
import { hasOpenGops } from "./open-gops.js";
import { openForPackager, type PackagerView, packagerView } from "./packager-view.js";
import { ProbeError } from "./probe-error.js";
import { audioStreams, chaptersOf, milliseconds, subtitleStreams, videoStreams } from "./streams.js";

export interface ProbeOptions {
  readonly ffprobe: string;
  /** Absolute. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** For what reads many bytes: the keyframes of a file without an index on a slow disk. */
const INDEX_TIME_LIMIT_MS = 180_000;
/** A container's duration is believed unless the packets say otherwise by more than this. */
const DURATION_TOLERANCE_S = 0.1;

/**
 * Everything that the decisions and the packager need to know of one file, its keyframe index included.
 * @throws {ProbeError} with the reason why the file can't be played.
 */
export async function probeFile(options: ProbeOptions): Promise<MediaInfo> {
  const { file, sizeBytes } = options;
  const format = await checkReadable(file, sizeBytes);
  const report = await runFfprobe({ ...options, isMp4: format === "mp4" });
  const streams = { video: videoStreams(report), audio: audioStreams(report), subtitles: subtitleStreams(report) };
  if (streams.video.length === 0) throw new ProbeError(withoutVideo(report, streams.audio.length));

  const startS = seconds(report.format.start_time) ?? 0;
  const input = openForPackager(file);
  try {
    const view = await inTime(input, options.signal, packagerView(input, streams.video, streams.audio));
    const durationS = await durationOf(report, startS, view, options);
    const keyframes = await keyframesOf(input, view !== null, streams.video, durationS, options);
    const openGops =
      view !== null &&
      keyframes !== null &&
      (await inTime(input, options.signal, hasOpenGops(input, keyframes))) === true;
    const withCodecString = <T extends { readonly index: number; readonly codecString: string | null }>(s: T): T => ({
      ...s,
      // What the packager can't name, it can't copy.
      codecString: view === null ? s.codecString : (view.codecStrings.get(s.index) ?? null),
    });
    return {
      container: containerWord(report),
      durationMs: milliseconds(durationS),
      startTimeMs: milliseconds(startS),
      sizeBytes,
      bitrateBps: seconds(report.format.bit_rate) ?? Math.round((sizeBytes * 8) / durationS),
      video: streams.video.map(withCodecString),
      audio: streams.audio.map(withCodecString),
      subtitles: streams.subtitles,
      chapters: chaptersOf(report),
      keyframes,
      openGops,
      packageable: view !== null,
    };
  } finally {
    input.dispose();
  }
}

async function checkReadable(file: string, sizeBytes: number): Promise<OuterFormat> {
  if (sizeBytes === 0) throw new ProbeError("The file is empty.");
  try {
    await access(file, constants.R_OK);
    return await checkCompleteness(file, sizeBytes);
  } catch (cause) {
    if (cause instanceof ProbeError) throw cause;
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT") throw new ProbeError("The file is gone.", { cause });
    if (code === "EACCES" || code === "EPERM") {
      throw new ProbeError("The file can't be read: permission denied.", { cause, again: true });
    }
    throw new ProbeError("The file can't be read: the disk reports an error.", { cause, again: true });
  }
}

const withoutVideo = (report: FfprobeReport, audio: number): string => {
  if (audio > 0) return "The file has sound only, no video.";
  return report.streams.length > 0 ? "The file has neither video nor sound." : "The file has no streams.";
};

/** ffprobe names a family (`mov,mp4,m4a,…`); what tells its members apart is the brand, or the codecs. */
function containerWord(report: FfprobeReport): string {
  const family = report.format.format_name.split(",");
  if (family.includes("mp4")) return tag(report.format.tags, "major_brand")?.trim() === "qt" ? "mov" : "mp4";
  if (!family.includes("webm")) return family[0] ?? "unknown";
  const inWebm = new Set(["vp8", "vp9", "av1", "opus", "vorbis", "webvtt"]);
  const coded = report.streams.filter((s) => s.codec_type === "video" || s.codec_type === "audio");
  return coded.every((s) => inWebm.has(s.codec_name ?? "")) ? "webm" : "matroska";
}

/**
 * Seconds from the start. The container's word, but where packets say otherwise: Matroska counts from 0, not from the
 * first picture, and a file that was streamed has no duration at all.
 */
async function durationOf(
  report: FfprobeReport,
  startS: number,
  view: PackagerView | null,
  options: ProbeOptions,
): Promise<number> {
  const streams = report.streams.flatMap((s) => seconds(s.duration) ?? []);
  const told = seconds(report.format.duration) ?? (streams.length > 0 ? Math.max(...streams) : null);
  if (told !== null && told > 0) {
    if (view === null || Math.abs(view.endS - startS - told) <= DURATION_TOLERANCE_S) return told;
  }
  const endS = view?.endS ?? (await endByFfprobe({ ...options, timeLimitMs: INDEX_TIME_LIMIT_MS }));
  if (endS === null || !(endS > startS)) throw new ProbeError("The file has no picture that could be played.");
  return endS - startS;
}

async function keyframesOf(
  input: Input,
  packageable: boolean,
  video: readonly VideoStream[],
  durationS: number,
  options: ProbeOptions,
): Promise<readonly number[] | null> {
  const [first] = video;
  if (first === undefined) return null;
  const patient = { ...options, timeLimitMs: INDEX_TIME_LIMIT_MS };
  if (packageable) {
    const keyframes = await inTime(input, options.signal, keyframesByPackager(input, patient, first, durationS));
    if (keyframes !== null) return keyframes;
  }
  try {
    return await keyframesByFfprobe(patient, first.index);
  } catch (error) {
    // Without an index the file can still be transcoded.
    if (error instanceof ProbeError && !options.signal?.aborted) return null;
    throw error;
  }
}

/** The packager's answer; null where it fails or takes too long. Closing its input ends what is under way. */
async function inTime<T>(input: Input, signal: AbortSignal | undefined, work: Promise<T>): Promise<T | null> {
  const timer = setTimeout(() => input.dispose(), INDEX_TIME_LIMIT_MS);
  const onAbort = () => input.dispose();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await work;
  } catch (cause) {
    if (signal?.aborted) throw new ProbeError("Examining the file was cut off.", { cause, again: true });
    return null;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
