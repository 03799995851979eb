import { link } from "node:fs/promises";
import path from "node:path";
import { ffmpeg } from "../../e2e/fixtures/ffmpeg.js";

/** 1080p at about 6 Mbit/s: moving picture with some grain, and a tone. */
const SECONDS = 30;
const source = [
  ...["-f", "lavfi", "-t", String(SECONDS), "-i", "testsrc2=s=1920x1080:r=24,noise=alls=8:allf=t"],
  ...["-f", "lavfi", "-t", String(SECONDS), "-i", "sine=f=440:r=48000"],
];
const rate = ["-b:v", "6M", "-maxrate", "7M", "-bufsize", "6M"];

/** One film in each form; `rounds` names of each, so that every round meets a file that was never played. */
export async function makeFilms(folder: string, rounds: number): Promise<void> {
  const mp4 = path.join(folder, "h264-0.mp4");
  const hevc = path.join(folder, "hevc-0.mkv");
  const mkv = path.join(folder, "copy-0.mkv");
  const h264 = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "48", ...rate];
  await ffmpeg(...source, ...h264, "-c:a", "aac", "-ac", "2", "-movflags", "+faststart", mp4);
  await ffmpeg("-i", mp4, "-c", "copy", mkv);
  const x265 = [
    "-c:v",
    "libx265",
    "-preset",
    "ultrafast",
    "-pix_fmt",
    "yuv420p10le",
    "-x265-params",
    "log-level=error:keyint=96",
  ];
  await ffmpeg(...source, ...x265, ...rate, "-c:a", "aac", "-ac", "2", hevc);
  for (let round = 1; round < rounds; round++) {
    await link(mp4, path.join(folder, `h264-${round}.mp4`));
    await link(mkv, path.join(folder, `copy-${round}.mkv`));
    await link(hevc, path.join(folder, `hevc-${round}.mkv`));
  }
}
