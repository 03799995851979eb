import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export async function ffmpeg(...args: readonly string[]): Promise<string> {
  const { stderr } = await run("ffmpeg", ["-hide_banner", "-nostdin", "-y", ...args], { maxBuffer: 64 * 1024 * 1024 });
  return stderr;
}

/** White and a tone for a quarter of a second, from 1 s on every 2 s: where picture and sound are together can be seen. */
const beat = "lt(mod(t-1\\,2)\\,0.25)*gte(t\\,1)";
const picture = (rate: string, seconds: number) => [
  "-f",
  "lavfi",
  "-t",
  String(seconds),
  "-i",
  `color=black:s=192x108:r=${rate},drawbox=w=iw:h=ih:c=white:t=fill:enable='${beat}'`,
];
const sound = (seconds: number) => [
  "-f",
  "lavfi",
  "-t",
  String(seconds),
  "-i",
  `aevalsrc='0.5*sin(2*PI*1000*t)*${beat}|0.5*sin(2*PI*700*t)*${beat}':s=48000`,
];
const x264 = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"];
const aac = ["-c:a", "aac", "-b:a", "96k"];

export interface Film {
  readonly file: string;
  readonly hasAudio: boolean;
  readonly args: readonly string[];
}

/** Small films, one for each way through the pipeline. */
export const films = {
  irregular: {
    file: "irregular.mkv",
    hasAudio: true,
    args: [
      ...picture("24000/1001", 20),
      ...sound(20),
      ...x264,
      "-bf",
      "3",
      "-g",
      "999",
      "-sc_threshold",
      "0",
      "-force_key_frames",
      "0,0.7,1.9,7.5,8,8.3,15,16.2",
      ...aac,
    ],
  },
  mp4: {
    file: "plain.mp4",
    hasAudio: true,
    args: [...picture("25", 14), ...sound(14), ...x264, "-g", "50", ...aac, "-movflags", "+faststart"],
  },
  openGop: {
    file: "open gop.mkv",
    hasAudio: true,
    args: [
      ...picture("25", 14),
      ...sound(14),
      ...x264,
      "-x264-params",
      "open-gop=1:keyint=50:min-keyint=50:scenecut=0:bframes=3",
      ...aac,
    ],
  },
  broadcast: {
    file: "broadcast.ts",
    hasAudio: true,
    args: [...picture("25", 12), ...sound(12), ...x264, "-g", "50", ...aac, "-f", "mpegts"],
  },
  hevc: {
    file: "hevc 10-bit.mkv",
    hasAudio: true,
    args: [
      ...picture("24", 14),
      ...sound(14),
      "-c:v",
      "libx265",
      "-preset",
      "ultrafast",
      "-pix_fmt",
      "yuv420p10le",
      "-x265-params",
      "log-level=error",
      "-c:a",
      "eac3",
      "-b:a",
      "192k",
    ],
  },
  webm: {
    file: "vp9.webm",
    hasAudio: true,
    args: [
      ...picture("30", 12),
      ...sound(12),
      "-c:v",
      "libvpx-vp9",
      "-deadline",
      "realtime",
      "-cpu-used",
      "8",
      "-g",
      "60",
      "-c:a",
      "libopus",
    ],
  },
  avi: {
    file: "old.avi",
    hasAudio: true,
    args: [...picture("25", 12), ...sound(12), "-c:v", "mpeg4", "-c:a", "libmp3lame"],
  },
  silent: { file: "silent.mp4", hasAudio: false, args: [...picture("25", 8), ...x264, "-g", "50", "-an"] },
  second: { file: "one second.mp4", hasAudio: true, args: [...picture("25", 1), ...sound(1), ...x264, ...aac] },
  shortSound: {
    file: "short sound.mkv",
    hasAudio: true,
    args: [...picture("25", 14), ...sound(6), ...x264, "-g", "50", "-c:a", "ac3"],
  },
  lateSound: {
    file: "late sound.mkv",
    hasAudio: true,
    args: [...picture("25", 14), "-itsoffset", "4", ...sound(6), ...x264, "-g", "50", ...aac],
  },
  shortOpus: {
    file: "short opus.webm",
    hasAudio: true,
    args: [
      ...picture("25", 14),
      ...sound(6),
      "-c:v",
      "libvpx-vp9",
      "-deadline",
      "realtime",
      "-cpu-used",
      "8",
      "-g",
      "60",
      "-c:a",
      "libopus",
    ],
  },
  /** Long enough that an encoder is still at work while a test looks at it. */
  long: {
    file: "long.mkv",
    hasAudio: true,
    args: [
      "-f",
      "lavfi",
      "-t",
      "240",
      "-i",
      "testsrc2=s=640x360:r=25",
      ...sound(240),
      "-c:v",
      "mpeg4",
      "-q:v",
      "8",
      "-g",
      "50",
      "-c:a",
      "ac3",
    ],
  },
} as const satisfies Record<string, Film>;

export type FilmName = keyof typeof films;

/** Makes films in a new folder. @returns the folder and the function that removes it. */
export async function makeFilms(
  ...names: readonly FilmName[]
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "playhead-films-"));
  for (const name of names) await ffmpeg("-v", "error", ...films[name].args, path.join(folder, films[name].file));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
