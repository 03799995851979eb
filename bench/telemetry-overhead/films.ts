import { link } from "node:fs/promises";
import path from "node:path";
import { ffmpeg } from "../../e2e/fixtures/ffmpeg.js";

export const COPIED = "film.mkv";
/** The same film under other names: each is converted anew. */
export const converted = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `film-${i}.mkv`);

/** A film of 20 s at a constant 5 Mbit/s, with a keyframe every second: segments of a usual size that all stay in memory. */
export async function makeFilms(folder: string, toConvert: number): Promise<void> {
  const source = ["-f", "lavfi", "-i", "testsrc2=s=1280x720:r=24:d=20,noise=alls=8:allf=t"];
  const sound = ["-f", "lavfi", "-i", "sine=f=440:r=48000:d=20"];
  const x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "24"];
  const constant = ["-b:v", "5M", "-minrate", "5M", "-maxrate", "5M", "-bufsize", "5M", "-x264-params", "nal-hrd=cbr"];
  const film = path.join(folder, COPIED);
  await ffmpeg(...source, ...sound, ...x264, ...constant, "-c:a", "aac", "-ac", "2", film);
  for (const name of converted(toConvert)) await link(film, path.join(folder, name));
}
