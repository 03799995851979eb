import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { ffmpeg } from "./films.js";

const run = promisify(execFile);

/** What a decoder makes of a film, be it a file or a playlist. Seconds. */
export interface Decoded {
  readonly pictures: readonly number[];
  /** When the picture turns white. */
  readonly flashes: readonly number[];
  /** When the tone begins. */
  readonly beeps: readonly number[];
  readonly complaints: readonly string[];
}

/** Decodes picture and sound as a player would. Sound may have a file of its own. */
export async function decode(input: string, hasAudio: boolean, soundInput?: string): Promise<Decoded> {
  const inputs = soundInput === undefined ? [input] : [input, soundInput];
  const log = await ffmpeg(
    "-loglevel",
    "info",
    "-nostats",
    "-copyts",
    ...inputs.flatMap((each) => ["-i", each]),
    "-map",
    "0:v:0",
    "-vf",
    "showinfo,blackdetect=d=0.1:pix_th=0.2:pic_th=0.9",
    "-fps_mode",
    "passthrough",
    ...(hasAudio ? ["-map", `${inputs.length - 1}:a:0`, "-af", "silencedetect=noise=-30dB:d=0.2"] : []),
    "-f",
    "null",
    "-",
  );
  const times = (pattern: RegExp) => [...log.matchAll(pattern)].map((match) => Number(match[1]));
  return {
    pictures: times(/Parsed_showinfo.* n: *\d+ .*?pts_time:(-?[\d.]+)/g),
    flashes: times(/black_end:(-?[\d.]+)/g),
    beeps: times(/silence_end: (-?[\d.]+)/g),
    complaints: log
      .split("\n")
      // The null muxer counts in frames and rounds two ms to the same one: its own trouble.
      .filter((line) => !line.includes("[null @") && /error|invalid|corrupt|missing|non-monoton/i.test(line)),
  };
}

/** A flash, and how much later its tone comes. */
export interface Beat {
  readonly at: number;
  readonly offset: number;
}

/** The beats that have both. The end of the film ends black and silence, too, but is no beat. */
export function beats({ flashes, beeps, pictures }: Decoded): Beat[] {
  const end = pictures.at(-1) ?? 0;
  return flashes.flatMap((at) => {
    const near = beeps.find((beep) => Math.abs(beep - at) < 0.4);
    return near === undefined || at >= end - 0.1 ? [] : { at, offset: near - at };
  });
}

/** Duration that the container or playlist tells. */
export async function durationOf(input: string): Promise<number> {
  const args = ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", input];
  return Number((await run("ffprobe", args)).stdout);
}

/** Presentation times of a segment's packets as ffmpeg reads them, ascending. */
export async function packetTimes(folder: string, init: Uint8Array, segment: Uint8Array): Promise<number[]> {
  const file = path.join(folder, `segment-${process.hrtime.bigint()}.mp4`);
  await writeFile(file, Buffer.concat([init, segment]));
  const args = ["-v", "error", "-show_entries", "packet=pts_time", "-of", "csv=p=0", file];
  const { stdout } = await run("ffprobe", args, { maxBuffer: 16 * 1024 * 1024 });
  return stdout
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(Number)
    .toSorted((a, b) => a - b);
}
