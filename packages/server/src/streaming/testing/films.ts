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
  readonly args: readonly string[];
  /** Its picture comes this often, one after the other, with a tone. */
  readonly times?: number;
}

/** Small films, one for each way through the pipeline. */
export const films = {
  irregular: {
    file: "irregular.mkv",
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
    args: [...picture("25", 14), ...sound(14), ...x264, "-g", "50", ...aac, "-movflags", "+faststart"],
  },
  avi: {
    file: "old.avi",
    args: [...picture("25", 12), ...sound(12), "-c:v", "mpeg4", "-c:a", "libmp3lame"],
  },
  /** Large enough for a ladder; its keyframes lie nowhere near a grid of 2 s. */
  ladder: {
    file: "ladder.mkv",
    args: [
      "-f",
      "lavfi",
      "-t",
      "12",
      "-i",
      "testsrc2=s=854x480:r=24000/1001",
      ...sound(12),
      ...x264,
      "-bf",
      "3",
      "-g",
      "999",
      "-sc_threshold",
      "0",
      "-force_key_frames",
      "0,1.3,3.7,7.1",
      ...aac,
    ],
  },
  /** Some 25 MB in two segments: more than a connection takes in unread, less than the packager keeps. */
  heavy: {
    file: "heavy.mkv",
    args: [
      "-f",
      "lavfi",
      "-t",
      "4",
      "-i",
      "color=gray:s=640x360:r=25,noise=alls=100:allf=t",
      "-c:v",
      "libx264",
      "-preset",
      "ultrafast",
      "-pix_fmt",
      "yuv420p",
      "-qp",
      "18",
      "-g",
      "50",
      "-an",
    ],
  },
  /** Long enough that an encoder is still at work while a test looks at it. */
  long: {
    file: "long.mkv",
    times: 10,
    args: ["-f", "lavfi", "-t", "24", "-i", "testsrc2=s=640x360:r=25", "-c:v", "mpeg4", "-q:v", "8", "-g", "50"],
  },
} as const satisfies Record<string, Film>;

export type FilmName = keyof typeof films;

/** Makes films in a new folder. @returns the folder and the function that removes it. */
export async function makeFilms(
  ...names: readonly FilmName[]
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "playhead-films-"));
  for (const name of names) {
    const { file, args, times }: Film = films[name];
    if (times === undefined) await ffmpeg("-v", "error", ...args, path.join(folder, file));
    else {
      const once = path.join(folder, `once ${file}`);
      await ffmpeg("-v", "error", ...args, once);
      const loop = ["-stream_loop", `${times - 1}`, "-i", once, "-f", "lavfi", "-i", "sine=440:sample_rate=48000"];
      await ffmpeg("-v", "error", ...loop, ..."-c:v copy -c:a ac3 -ac 2 -shortest".split(" "), path.join(folder, file));
    }
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
