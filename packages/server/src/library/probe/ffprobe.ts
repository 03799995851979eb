import { execa } from "execa";
import { type FfprobeReport, parseReport } from "./ffprobe-report.js";
import { FfprobeMissingError, ProbeError } from "./probe-error.js";

const TIME_LIMIT_MS = 30_000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/**
 * Containers of films. Without this list, a file that is really a playlist (HLS, DASH, concat) would make ffprobe open
 * whatever it names, and a text would be taken for ANSI art.
 */
const CONTAINERS =
  "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,asf,flv,live_flv,ogg,wtv,mxf,nut,rm,dv,ivf,obu";

export interface FfprobeOptions {
  readonly ffprobe: string;
  readonly file: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeLimitMs?: number;
  /** Whether it begins as an MP4 does: ffprobe goes by the name's ending when nothing else tells. */
  readonly isMp4?: boolean;
}

/** Arguments that every run on a film needs. `file:` keeps a name such as `a:b.mkv` or `-x.mkv` from being a protocol or an option. */
export const inputArgs = (file: string): readonly string[] => [
  "-protocol_whitelist",
  "file",
  "-format_whitelist",
  CONTAINERS,
  "-i",
  `file:${file}`,
];

/** What ffprobe says of a file's format, streams and chapters. @throws {ProbeError} with a reason for people. */
export async function runFfprobe(options: FfprobeOptions): Promise<FfprobeReport> {
  const stdout = await ffprobeText(options, [
    "-show_format",
    "-show_streams",
    "-show_chapters",
    "-of",
    "json",
    ...inputArgs(options.file),
  ]);
  try {
    return parseReport(stdout);
  } catch (cause) {
    throw new ProbeError("ffprobe's answer about this file could not be understood.", { cause });
  }
}

/** Runs ffprobe and gives its standard output. @throws {ProbeError} */
export async function ffprobeText(options: FfprobeOptions, args: readonly string[]): Promise<string> {
  const { ffprobe, file, signal, timeLimitMs = TIME_LIMIT_MS, isMp4 = false } = options;
  const result = await execa(ffprobe, ["-v", "error", ...args], {
    reject: false,
    stdin: "ignore",
    timeout: timeLimitMs,
    killSignal: "SIGKILL",
    maxBuffer: MAX_OUTPUT_BYTES,
    stripFinalNewline: false,
    ...(signal && { cancelSignal: signal }),
  });
  if (!result.failed) return result.stdout;
  if (result.isCanceled) throw new ProbeError("Examining the file was cut off.", { cause: result, again: true });
  if (result.timedOut) {
    throw new ProbeError(`Examining the file took longer than ${timeLimitMs / 1000} s. The disk may be slow.`, {
      cause: result,
      again: true,
    });
  }
  if (result.exitCode === undefined && result.signal === undefined) throw new FfprobeMissingError(ffprobe, result);
  throw new ProbeError(reasonOf(result.stderr, file, isMp4), { cause: result });
}

/** ffprobe's complaint in the words of whoever owns the file. */
export function reasonOf(stderr: string, file: string, isMp4: boolean): string {
  if (/moov atom not found/i.test(stderr) && isMp4) {
    return "The file is incomplete: its index (moov) is missing. It may still be being copied, or was cut short.";
  }
  if (/permission denied/i.test(stderr)) return "The file can't be read: permission denied.";
  if (/no such file/i.test(stderr)) return "The file is gone.";
  if (/input\/output error/i.test(stderr)) return "The file can't be read: the disk reports an error.";
  if (/not in whitelist|format not on whitelist/i.test(stderr)) return "This is not a video file.";
  if (/moov atom|invalid data|EBML header|end of file|invalid argument/i.test(stderr)) {
    return "This is not a video file, or it is damaged.";
  }
  const last = stderr
    .replaceAll(`file:${file}`, "")
    .trim()
    .split("\n")
    .at(-1)
    ?.replace(/^[:\s]+/, "");
  return last ? `The file can't be read: ${last}.` : "The file can't be read.";
}
