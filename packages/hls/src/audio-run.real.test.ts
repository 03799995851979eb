import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { audioRunArgs, audioRunStart } from "./index.js";
import {
  type Film,
  fastVp9,
  ffmpeg,
  inFolder,
  picture,
  run,
  type Source,
  sound,
  source,
  words,
} from "./testbed/made-films.js";

async function audioRun({ file, info, audio }: Source, startSegment: number) {
  if (audio === undefined) throw new Error("no audio");
  const bytes = await run("ffmpeg", audioRunArgs({ input: file, rendition: audio, info, startSegment }));
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = (((bytes[at + 3] ?? 0) & 3) << 11) | ((bytes[at + 4] ?? 0) << 3) | ((bytes[at + 5] ?? 0) >> 5);
    frames.push(bytes.subarray(at, at + length));
    at += length;
  }
  return frames;
}

async function samplesOf(frames: readonly Uint8Array[]): Promise<Float32Array> {
  const adts = inFolder("joined.aac");
  await writeFile(adts, Buffer.concat(frames));
  const raw = await ffmpeg("-i", adts, "-ac", "1", "-f", "f32le", "-");
  return new Float32Array(raw.buffer, raw.byteOffset, raw.byteLength >> 2);
}

/** In the first 0.1 s of each second a tone that rises from 0.5 to 4.5 kHz: it fits upon itself at one place only. */
const chirp = (t: number) => (t % 1 < 0.1 ? 0.4 * Math.sin(2 * Math.PI * (500 + 20_000 * (t % 1)) * (t % 1)) : 0);

const ideal = Float32Array.from({ length: 4800 }, (_, i) => chirp(i / 48_000));

/** How many samples later than at `second` the chirp is heard, by cross-correlation; null when it is not. */
function lateBy(samples: Float32Array, second: number, from: number, to: number): number | null {
  let best = { lag: 0, product: 0 };
  for (let lag = from; lag <= to; lag++) {
    const start = Math.round(second * 48_000) + lag;
    let product = 0;
    for (let i = 0; i < ideal.length; i++) product += (ideal[i] ?? 0) * (samples[start + i] ?? 0);
    if (product > best.product) best = { lag, product };
  }
  return best.product > 10 ? best.lag : null;
}

/** What ffmpeg itself makes of a source's sound, from the presentation's start on. */
async function sourceSamples({ file, info }: Source): Promise<Float32Array> {
  const raw = await ffmpeg(
    "-copyts",
    "-i",
    file,
    "-map",
    "0:a:0",
    "-ac",
    "1",
    "-f",
    "f32le",
    "-af",
    `asetpts=PTS-(${info.startTimeMs / 1000})/TB,aresample=48000:async=1:first_pts=0`,
    "-",
  );
  return new Float32Array(raw.buffer, raw.byteOffset, raw.byteLength >> 2);
}

const tracks: Readonly<Record<string, Film>> = {
  "AAC in an MP4": { file: "aac.mp4", container: "mp4", args: [...picture("25", 7), ...sound(7), "-c:a", "aac"] },
  "AAC in Matroska": {
    file: "aac.mkv",
    container: "matroska",
    args: [...picture("24000/1001", 7), ...sound(7), "-c:a", "aac"],
  },
  "E-AC-3 5.1": {
    file: "eac3.mkv",
    container: "matroska",
    args: [...picture("24", 7), ...sound(7, 48_000, 6), ...words("-c:a eac3 -b:a 384k")],
  },
  "MP3 at 44.1 kHz in an AVI": {
    file: "mp3.avi",
    container: "avi",
    args: [...picture("25", 7), ...sound(7, 44_100), ...words("-c:v mpeg4 -c:a libmp3lame")],
  },
  Opus: {
    file: "opus.webm",
    container: "webm",
    args: [...picture("30", 7), ...sound(7), ...fastVp9, "-c:a", "libopus"],
  },
  "AAC in a transport stream": {
    file: "aac.ts",
    container: "mpegts",
    args: [...picture("25", 7), ...sound(7), "-c:a", "aac"],
  },
  "a file without a picture": { file: "only.flac", container: "flac", args: sound(7, 44_100) },
  "a track that begins 2.5 s late": {
    file: "late-sound.mkv",
    container: "matroska",
    args: [...picture("25", 9), "-itsoffset", "2.5", ...sound(6), "-c:a", "ac3"],
  },
  "a track that ends 5 s early": {
    file: "short.mp4",
    container: "mp4",
    args: [...picture("25", 9), ...sound(4), "-c:a", "aac"],
  },
};

/** Samples: half a ms, by which the pre-skip of Opus is rounded in WebM; the others are within 2. */
const tolerance = 24;

describe.each(Object.entries(tracks))("the sound of %s", (_, { file, container, args }) => {
  it("comes from any segment on at the source's time, whatever run a frame is from", async () => {
    const film = await source(file, container, ...args);
    const { audio } = film;
    if (audio === undefined) throw new Error("not transcoded");
    const { frameBoundaries } = audio;
    const joined: Uint8Array[] = [];
    for (const [segment, from] of frameBoundaries.slice(0, -1).entries()) {
      const { firstFrame, discardFrames } = audioRunStart(audio, segment);
      expect(firstFrame + discardFrames).toBe(from);
      const frames = await audioRun(film, segment);
      expect(firstFrame + frames.length).toBeGreaterThanOrEqual(frameBoundaries.at(-1) ?? 0);
      const length = (frameBoundaries[segment + 1] ?? 0) - from;
      joined.push(...frames.slice(discardFrames, discardFrames + length));
    }
    expect(joined).toHaveLength(frameBoundaries.at(-1) ?? 0);

    const [original, delivered] = [await sourceSamples(film), await samplesOf(joined)];
    expect(delivered).toHaveLength(joined.length * 1024);
    const beats = [0, 1, 3, 4, 6].map((second) => second + (file.includes("late") ? 0.5 : 0));
    const first = beats.find((second) => lateBy(original, second, -2400, 2400) !== null) ?? 0;
    const lag = lateBy(original, first, -2400, 2400) ?? 0;
    const heard = beats.filter((second) => lateBy(original, second, lag - 2, lag + 2) !== null);
    expect(heard.length).toBeGreaterThan(2);
    for (const second of beats) {
      const late = lateBy(delivered, second, lag - 2 * tolerance, lag + 2 * tolerance);
      if (!heard.includes(second)) expect(late, `silence at ${second} s`).toBeNull();
      else
        expect(Math.abs((late ?? Number.NaN) - lag), `chirp at ${second} s`).toBeLessThanOrEqual(
          file.endsWith(".webm") ? tolerance : 2,
        );
    }
  });
});
