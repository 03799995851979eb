import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AudioTranscode,
  audioRunArgs,
  audioRunStart,
  decide,
  FragmentSplitter,
  firstFrameOf,
  type MediaInfo,
  type VideoTranscode,
  videoRunArgs,
} from "./index.js";

const exec = promisify(execFile);
const run = async (command: string, args: readonly string[]): Promise<Buffer> => {
  const { stdout, stderr } = await exec(command, args, { encoding: "buffer", maxBuffer: 1 << 28 });
  complaints.push(...stderr.toString().split("\n").filter(Boolean));
  return stdout;
};
const complaints: string[] = [];
const ffmpeg = (...args: string[]) => run("ffmpeg", ["-hide_banner", "-nostdin", "-loglevel", "error", "-y", ...args]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "playhead-runs-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Frame n shows n in binary, as 12 columns of black or white: any codec and size keeps it. */
const columns = 12;
const counter = (rate: string, size: string) =>
  `color=black:s=${size}:r=${rate},geq=lum='16+219*mod(floor(N/pow(2\\,floor(X*${columns}/W)))\\,2)':cb=128:cr=128`;
const picture = (rate: string, seconds: number, size = "192x32") => [
  "-f",
  "lavfi",
  "-t",
  String(seconds),
  "-i",
  counter(rate, size),
];
/** In the first 0.1 s of each second a tone that rises from 0.5 to 4.5 kHz: it fits upon itself at one place only. */
const chirp = (t: number) => (t % 1 < 0.1 ? 0.4 * Math.sin(2 * Math.PI * (500 + 20_000 * (t % 1)) * (t % 1)) : 0);
const sound = (seconds: number, rate = 48_000, channels = 2) => {
  const beep = "0.4*sin(2*PI*(500+20000*mod(t\\,1))*mod(t\\,1))*lt(mod(t\\,1)\\,0.1)";
  const all = Array.from({ length: channels }, () => beep).join("|");
  return ["-f", "lavfi", "-t", String(seconds), "-i", `aevalsrc='${all}':s=${rate}`];
};

type Entry = Readonly<Record<string, string | number | undefined>>;
const number = (value: unknown): number | null =>
  Number.isFinite(Number(value)) && value !== undefined ? Number(value) : null;

/** The facts of a file as the library would tell them; by ffprobe, without the library. */
async function infoOf(file: string, container: string): Promise<MediaInfo> {
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

interface Source {
  readonly file: string;
  readonly info: MediaInfo;
  readonly video: VideoTranscode | undefined;
  readonly audio: AudioTranscode | undefined;
}

async function source(name: string, container: string, ...args: string[]): Promise<Source> {
  const file = path.join(folder, name);
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

async function videoRun({ file, info, video }: Source, startSegment: number) {
  if (video === undefined) throw new Error("no video");
  const bytes = await run("ffmpeg", videoRunArgs({ input: file, rendition: video, info, startSegment }));
  const splitter = new FragmentSplitter();
  const parts = splitter.push(bytes);
  expect(splitter.pendingBytes).toBe(0);
  const [init, ...rest] = parts;
  if (init?.type !== "init") throw new Error("no init segment");
  return { init: init.bytes, timescale: init.timescale, fragments: rest.filter((part) => part.type === "fragment") };
}

/** The number that each frame shows, and its time in seconds. */
async function numbersIn(file: string, filters = "", ...before: string[]): Promise<{ n: number; at: number }[]> {
  const scaled = `${filters}scale=${columns}:1:flags=area,format=gray`;
  const pixels = await ffmpeg(
    ...before,
    "-i",
    file,
    "-map",
    "0:v:0",
    "-vf",
    scaled,
    "-fps_mode",
    "passthrough",
    "-f",
    "rawvideo",
    "-",
  );
  const times = (
    await run("ffprobe", [
      "-v",
      "error",
      "-select_streams",
      "v:0",
      "-show_entries",
      "frame=best_effort_timestamp_time",
      "-of",
      "csv=p=0",
      file,
    ])
  )
    .toString()
    .split("\n")
    .filter((line) => /\d/.test(line)) // a frame with side data has a line more
    .map((line) => Number(line.split(",")[0]));
  const frames = [];
  for (let i = 0; i * columns < pixels.length; i++) {
    let n = 0;
    for (let bit = 0; bit < columns; bit++) if ((pixels[i * columns + bit] ?? 0) > 128) n += 2 ** bit;
    frames.push({ n, at: times[i] ?? Number.NaN });
  }
  return frames;
}

const words = (line: string) => line.split(" ");
const x264 = words("-c:v libx264 -preset veryfast -pix_fmt yuv420p");
const fastVp9 = words("-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 90");

interface Film {
  readonly file: string;
  readonly container: string;
  readonly args: readonly string[];
}

const films: Readonly<Record<string, Film>> = {
  "23.976 fps with B-frames, irregular GOPs and sound that begins before the picture": {
    file: "irregular.mkv",
    container: "matroska",
    args: [
      ...picture("24000/1001", 9),
      ...sound(9),
      ...x264,
      ...words("-bf 3 -g 999 -sc_threshold 0 -force_key_frames 0,0.7,1.9,6.5,7 -c:a aac"),
    ],
  },
  "HEVC 10-bit, one GOP of 30 s": {
    file: "hevc.mkv",
    container: "matroska",
    args: [
      ...picture("24", 7),
      ...words("-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=error:keyint=720"),
    ],
  },
  "a variable frame rate, with a still of 3 s over two boundaries": {
    file: "vfr.mkv",
    container: "matroska",
    args: [
      ...picture("30", 10),
      ...words("-vf select='not(between(t,3.5,6.5))*(lt(mod(n,7),3)+gte(t,7))' -fps_mode vfr"),
      ...x264,
    ],
  },
  "a start at 5 s": {
    file: "offset.mkv",
    container: "matroska",
    args: [...picture("25", 7), ...x264, ...words("-bf 2 -g 40 -output_ts_offset 5")],
  },
  "a negative start, and an odd size": {
    file: "negative.webm",
    container: "webm",
    args: [...picture("30", 7, "193x33"), ...sound(7), ...fastVp9, "-c:a", "libopus"],
  },
  "MPEG-4 in an AVI": {
    file: "old.avi",
    container: "avi",
    args: [...picture("25", 7), ...words("-c:v mpeg4 -bf 1 -q 2")],
  },
  "59.94 fps": { file: "fast.mp4", container: "mp4", args: [...picture("60000/1001", 5), ...x264, "-g", "100"] },
  "an MPEG transport stream, which has no index": {
    file: "stream.ts",
    container: "mpegts",
    args: [...picture("25", 9), ...sound(9), ...x264, ...words("-bf 2 -g 60 -c:a aac")],
  },
  "interlaced MPEG-2": {
    file: "interlaced.mkv",
    container: "matroska",
    args: [...picture("25", 5), ...words("-c:v mpeg2video -q 2 -flags +ildct+ilme -field_order tt")],
  },
  "sound that goes on for 5 s after the picture": {
    file: "held.mp4",
    container: "mp4",
    args: [...picture("25", 3), ...sound(8), ...x264, "-c:a", "aac"],
  },
  "a picture that begins 2.5 s after the sound": {
    file: "late.mkv",
    container: "matroska",
    args: ["-itsoffset", "2.51", ...picture("24000/1001", 5), ...sound(7), ...x264, "-c:a", "aac"],
  },
  "a name full of traps": {
    file: '-it\'s 100% "odd": [1],\n;ü.mkv',
    container: "matroska",
    args: [...picture("25", 3), ...x264],
  },
};

it("turns a picture upright, and gives it square pixels", async () => {
  const film = await source(
    "upright.mp4",
    "mp4",
    ...words("-f lavfi -t 1 -i color=black:s=96x64:r=25,drawbox=w=iw:h=ih/2:c=white:t=fill,setsar=4/3"),
    ...x264,
  );
  const file = path.join(folder, "rotated.mp4");
  await ffmpeg("-i", film.file, ...words("-c copy -metadata:s:v rotate=270"), file);
  const [stream] = film.info.video;
  if (stream === undefined) throw new Error("no video");
  const video = { ...stream, rotation: 90, sampleAspectRatio: { num: 4, den: 3 } };
  const info = { ...film.info, video: [video] };
  const [rendition] = decide(info, new Set()).video;
  if (rendition?.mode !== "transcode") throw new Error("not transcoded");
  expect(rendition).toMatchObject({ width: 64, height: 128 });
  const { init, fragments } = await videoRun({ file, info, video: rendition, audio: undefined }, 0);
  const made = path.join(folder, "upright-made.mp4");
  await writeFile(made, Buffer.concat([init, ...fragments.map(({ bytes }) => bytes)]));
  expect((await infoOf(made, "mp4")).video[0]).toMatchObject({ width: 64, height: 128 });
  const pixels = await ffmpeg(
    "-i",
    made,
    "-frames:v",
    "1",
    "-vf",
    "scale=2:1:flags=area,format=gray",
    "-f",
    "rawvideo",
    "-",
  );
  // The upper half is white; a quarter turn clockwise brings it to the right.
  expect([...pixels].map((value) => value > 128)).toEqual([false, true]);
});

describe.each(Object.entries(films))("a video of %s", (_, { file, container, args }) => {
  it("comes from any segment on in the plan's fragments, and shows the source's picture at each time", async () => {
    const film = await source(file, container, ...args);
    const { video, info } = film;
    if (video === undefined) throw new Error("not transcoded");
    const { boundaries } = video.plan;
    const frameS = video.frameRate.den / video.frameRate.num;
    const whole = await videoRun(film, 0);
    const frames = whole.fragments.reduce((sum, { sampleCount }) => sum + sampleCount, 0);
    const pieces: Uint8Array[] = [whole.init];
    for (let first = 0; first < boundaries.length - 1; first++) {
      const { init, timescale, fragments } = first === 0 ? whole : await videoRun(film, first);
      expect(Buffer.from(init).equals(Buffer.from(whole.init)), `init of the run from ${first}`).toBe(true);
      expect(fragments, `run from ${first}`).toHaveLength(boundaries.length - 1 - first);
      for (const [i, { decodeTime, sampleCount, duration }] of fragments.entries()) {
        const [start = 0, end = 0] = boundaries.slice(first + i);
        const isLast = first + i === boundaries.length - 2;
        if (first + i > 0) expect(decodeTime / timescale).toBeCloseTo(start, 6);
        else expect(decodeTime / timescale).toBeLessThan(frameS);
        expect((decodeTime + duration) / timescale).toBeCloseTo(end, 6);
        const from = firstFrameOf(first + i, video.gopFrames);
        expect(sampleCount).toBe((isLast ? frames : firstFrameOf(first + i + 1, video.gopFrames)) - from);
      }
      const [piece] = fragments;
      if (piece) pieces.push(piece.bytes);
    }

    const joined = path.join(folder, "joined.mp4");
    await writeFile(joined, Buffer.concat(pieces));
    const original = await numbersIn(film.file);
    const delivered = await numbersIn(joined);
    expect(delivered).toHaveLength(frames);
    expect(delivered.at(0)?.at).toBeLessThan(frameS);
    if (!/vfr|held|late|old|interlaced/.test(file)) {
      expect(delivered.map(({ n }) => n)).toEqual(original.map(({ n }) => n));
    }
    const shownAt = (time: number) =>
      original.findLast(({ at }) => at - info.startTimeMs / 1000 <= time + frameS / 2 + 0.001) ?? original[0];
    for (const { n, at } of delivered) expect(n, `picture at ${at}`).toBe(shownAt(at)?.n);
  });
});

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
  const adts = path.join(folder, `joined.aac`);
  await writeFile(adts, Buffer.concat(frames));
  const raw = await ffmpeg("-i", adts, "-ac", "1", "-f", "f32le", "-");
  return new Float32Array(raw.buffer, raw.byteOffset, raw.byteLength >> 2);
}

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
