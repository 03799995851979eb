import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { decide, FragmentSplitter, firstFrameOf, videoRunArgs } from "./index.js";
import {
  columns,
  type Film,
  fastVp9,
  ffmpeg,
  inFolder,
  infoOf,
  picture,
  run,
  type Source,
  sound,
  source,
  words,
  x264,
} from "./testbed/made-films.js";

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
  const file = inFolder("rotated.mp4");
  await ffmpeg("-i", film.file, ...words("-c copy -metadata:s:v rotate=270"), file);
  const [stream] = film.info.video;
  if (stream === undefined) throw new Error("no video");
  const video = { ...stream, rotation: 90, sampleAspectRatio: { num: 4, den: 3 } };
  const info = { ...film.info, video: [video] };
  const [rendition] = decide(info, new Set()).video;
  if (rendition?.mode !== "transcode") throw new Error("not transcoded");
  expect(rendition).toMatchObject({ width: 64, height: 128 });
  const { init, fragments } = await videoRun({ file, info, video: rendition, audio: undefined }, 0);
  const made = inFolder("upright-made.mp4");
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

    const joined = inFolder("joined.mp4");
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
