import { rm } from "node:fs/promises";
import path from "node:path";
import { ffmpeg } from "../../e2e/fixtures/ffmpeg.js";
import { makeFilms as makeStartupFilms } from "../startup/films.js";

/**
 * The films of `bench/startup`, and one at a constant 5 Mbit/s for many viewers, with a keyframe every 2 s: the 95 MB
 * that the reference for the cost of a copy is stated for.
 */
export async function makeFilms(folder: string, rounds: number): Promise<void> {
  await makeStartupFilms(folder, rounds);
  const seconds = 10;
  const source = ["-f", "lavfi", "-i", `testsrc2=s=1920x1080:r=24:d=${seconds},noise=alls=8:allf=t`];
  const sound = ["-f", "lavfi", "-i", `sine=f=440:r=48000:d=${seconds}`];
  const x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "48", "-c:a", "aac", "-ac", "2"];
  const constant = ["-pix_fmt", "yuv420p", "-b:v", "5M", "-minrate", "5M", "-maxrate", "5M", "-bufsize", "5M"];
  const once = path.join(folder, "..", "once.mkv");
  await ffmpeg(...source, ...sound, ...x264, ...constant, "-x264-params", "nal-hrd=cbr", once);
  await ffmpeg("-stream_loop", "15", "-i", once, "-c", "copy", path.join(folder, "five-0.mkv"));
  await rm(once);
}
