import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";
import { type AudioTranscode, decide, type MediaInfo, type VideoTranscode } from "../index.js";

const exec = promisify(execFile);
export const run = async (command: string, args: readonly string[]): Promise<Buffer> => {
  const { stdout } = await exec(command, args, { encoding: "buffer", maxBuffer: 1 << 28 });
  return stdout;
};
export const ffmpeg = (...args: string[]) =>
  run("ffmpeg", ["-hide_banner", "-nostdin", "-loglevel", "error", "-y", ...args]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "playhead-runs-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A file of this name in the folder of the test file, which goes with it. */
export const inFolder = (name: string): string => path.join(folder, name);

export const words = (line: string) => line.split(" ");
export const x264 = words("-c:v libx264 -preset veryfast -pix_fmt yuv420p");
export const fastVp9 = words("-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 90");

/** Frame n shows n in binary, as 12 columns of black or white: any codec and size keeps it. */
export const columns = 12;
const counter = (rate: string, size: string) =>
  `color=black:s=${size}:r=${rate},geq=lum='16+219*mod(floor(N/pow(2\\,floor(X*${columns}/W)))\\,2)':cb=128:cr=128`;
export const picture = (rate: string, seconds: number, size = "192x32") => [
  "-f",
  "lavfi",
  "-t",
  String(seconds),
  "-i",
  counter(rate, size),
];
export const sound = (seconds: number, rate = 48_000, channels = 2) => {
  const beep = "0.4*sin(2*PI*(500+20000*mod(t\\,1))*mod(t\\,1))*lt(mod(t\\,1)\\,0.1)";
  const all = Array.from({ length: channels }, () => beep).join("|");
  return ["-f", "lavfi", "-t", String(seconds), "-i", `aevalsrc='${all}':s=${rate}`];
};

export interface Film {
  readonly file: string;
  readonly container: string;
  readonly args: readonly string[];
}

type Entry = Readonly<Record<string, string | number | undefined>>;
const number = (value: unknown): number | null =>
  Number.isFinite(Number(value)) && value !== undefined ? Number(value) : null;

/** The facts of a file as the library would tell them; by ffprobe, without the library. */
export async function infoOf(file: string, container: string): Promise<MediaInfo> {
  const report = JSON.parse(
    (await run("ffprobe", ["-v", "error", "-of", "json", "-show_streams", "-show_format", file])).toString(),
  ) as { streams: Entry[]; format: Entry };
  const stream = (s: Entry) => ({
    index: Number(s["index"]),
    codec: String(s["codec_name"]),
    codecString: null,
    bitrateBps: null,
    startTimeMs: number(s["start_time"]) === null ? null : Number(s["start_time"]) * 1000,
    durationMs: number(s["duration"]) === null ? null : Number(s["duration"]) * 1000,
    language: null,
    title: null,
    isDefault: true,
  });
  const [num = 0, den = 1] = String(report.streams.find((s) => s["codec_type"] === "video")?.["avg_frame_rate"])
    .split("/")
    .map(Number);
  return {
    container,
    // Matroska's counts from 0, which the library mends.
    durationMs: (Number(report.format["duration"]) - (file.endsWith("offset.mkv") ? 5 : 0)) * 1000,
    startTimeMs: Number(report.format["start_time"]) * 1000,
    sizeBytes: 1,
    bitrateBps: null,
    video: report.streams
      .filter((s) => s["codec_type"] === "video")
      .map((s) => ({
        ...stream(s),
        width: Number(s["width"]),
        height: Number(s["height"]),
        frameRate: num > 0 ? { num, den } : null,
        variableFrameRate: s["r_frame_rate"] !== s["avg_frame_rate"],
        bitDepth: 8,
        pixelFormat: null,
        rotation: 0,
        sampleAspectRatio: { num: 1, den: 1 },
        interlaced: s["field_order"] === "tt",
        hdr: null,
        reorderDepth: 0,
      })),
    audio: report.streams
      .filter((s) => s["codec_type"] === "audio")
      .map((s) => ({
        ...stream(s),
        channels: Number(s["channels"]),
        sampleRate: Number(s["sample_rate"]),
        profile: null,
      })),
    subtitles: [],
    chapters: [],
    keyframes: null,
    packageable: false,
  };
}

export interface Source {
  readonly file: string;
  readonly info: MediaInfo;
  readonly video: VideoTranscode | undefined;
  readonly audio: AudioTranscode | undefined;
}

export async function source(name: string, container: string, ...args: string[]): Promise<Source> {
  const file = inFolder(name);
  await ffmpeg(...args, file);
  const info = await infoOf(file, container);
  const plan = decide(info, new Set());
  const [video] = plan.video;
  const [audio] = plan.audio;
  return {
    file,
    info,
    video: video?.mode === "transcode" ? video : undefined,
    audio: audio?.mode === "transcode" ? audio : undefined,
  };
}
