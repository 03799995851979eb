import { writeFile } from "node:fs/promises";
import path from "node:path";
import { ffmpeg } from "../testing/films.js";

/** A film of `seconds` with text streams; the last of `subtitles` may be in any format that ffmpeg reads by its ending. */
export async function subtitledFilm(
  target: string,
  seconds: number,
  subtitles: Readonly<Record<string, string>>,
  ...output: readonly string[]
): Promise<string> {
  const folder = path.dirname(target);
  const inputs: string[] = [];
  for (const [name, text] of Object.entries(subtitles)) {
    const file = path.join(folder, name);
    await writeFile(file, text);
    inputs.push("-i", file);
  }
  const maps = ["-map", "0:v", "-map", "1:a", ...Object.keys(subtitles).flatMap((_, i) => ["-map", `${i + 2}`])];
  const picture = ["-f", "lavfi", "-i", `color=gray:s=64x36:r=10:d=${seconds}`];
  // Sound without priming: ffmpeg moves a Matroska file by it.
  const sound = ["-f", "lavfi", "-i", `anullsrc=r=48000:cl=mono:d=${seconds}`];
  const codecs = [
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-g",
    "20",
    "-c:a",
    "flac",
    "-t",
    String(seconds),
    "-strict",
    "-2",
  ];
  await ffmpeg("-v", "error", ...picture, ...sound, ...inputs, ...maps, ...codecs, ...output, target);
  return target;
}

/** One cue every `everyS` seconds, a second long: `At 3`. */
export const steadySrt = (seconds: number, everyS: number): string =>
  Array.from({ length: Math.floor(seconds / everyS) }, (_, i) => {
    const at = (s: number) => new Date(s * 1000).toISOString().slice(11, 23).replace(".", ",");
    return `${i + 1}\n${at(i * everyS)} --> ${at(i * everyS + 1)}\nAt ${i * everyS}\n`;
  }).join("\n");
