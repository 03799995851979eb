import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { listen, type StreamingMessages } from "./channels.js";
import { deliveredPictures } from "./testing/delivered-pictures.js";
import { ffmpeg, makeFilms } from "./testing/films.js";
import { heard } from "./testing/heard.js";
import { startTestService, type TestService, type TestServiceOptions } from "./testing/test-service.js";
import { wrappedFfmpeg } from "./testing/wrapped-ffmpeg.js";

const RATE = 25;
const SECONDS = 10;
/** The first five segments: 0.5, 0.5, 0.5, 0.5 and 1 s. */
const DIES_AFTER = 3 * RATE;
const FIRST_OWED = 5;

let folder: string;
let film: string;
let remove: () => Promise<void>;
let service: TestService;
let cleanUps: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  ({ folder, remove } = await makeFilms());
  film = path.join(folder, "film.mkv");
  const source = `testsrc2=s=320x180:r=${RATE}:d=${SECONDS}`;
  await ffmpeg("-f", "lavfi", "-i", source, "-c:v", "mpeg4", "-q:v", "5", "-g", "50", film);
});
afterAll(() => remove());
afterEach(async () => {
  await service.stop();
  for (const cleanUp of cleanUps) await cleanUp();
  cleanUps = [];
});

/** @param script what stands in for ffmpeg. */
async function start(script: Awaited<ReturnType<typeof wrappedFfmpeg>>, options: TestServiceOptions = {}) {
  cleanUps.push(script.remove);
  const probed = heard("playhead:hardware.probe", () => true);
  service = await startTestService({ film }, { ffmpeg: script.command, hardwareEncoder: "nvenc", ...options });
  return probed;
}

const fakeNvenc = (env = "") =>
  wrappedFfmpeg(`${env} exec '${path.join(import.meta.dirname, "testing/fake-nvenc-ffmpeg.sh")}' "$@"`);

const startsOf = () => {
  const starts: StreamingMessages["playhead:ffmpeg.start"][] = [];
  cleanUps.push(listen("playhead:ffmpeg.start", (message) => starts.push(message)));
  return starts;
};

async function playFilm() {
  const { master, playlists } = await service.play("film", /^$/);
  const { base = "", boundaries = [] } = playlists[0] ?? {};
  const codec = /CODECS="([^"]+)"/.exec(master)?.[1] ?? "";
  const segments = async (from = 0) => {
    const parts: Uint8Array[] = [];
    for (let i = from; i < boundaries.length - 1; i++) parts.push(await service.bytes(`${base}/${i}.m4s`));
    return parts;
  };
  return { codec, base, segments, init: () => service.bytes(`${base}/init.mp4`) };
}

/** H.264's parameter sets (ITU-T H.264 7.4.1: types 7 and 8) among a fragment's pictures. */
function parameterSets(fragment: Uint8Array): readonly string[] {
  const bytes = Buffer.from(fragment);
  const sets: string[] = [];
  for (let at = bytes.indexOf("mdat") + 4; at + 4 < bytes.length; at += 4 + bytes.readUInt32BE(at)) {
    const type = (bytes[at + 4] ?? 0) & 31;
    if (type === 7 || type === 8) sets.push(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at)).toString("hex"));
  }
  return sets;
}

describe("a hardware encoder", () => {
  it("that passes its trial encodes, and each segment can be played by itself", async () => {
    const { encoder, results } = await start(await fakeNvenc());
    expect([encoder, results]).toEqual(["nvenc", { nvenc: "works" }]);
    expect(service.streaming.stats().encoder.hardware).toEqual({ encoder: "nvenc", isPaused: false, failures: 0 });
    const starts = startsOf();
    const { segments, init } = await playFilm();
    const parts = await segments();
    expect(starts.map(({ hardware }) => hardware)).toEqual(["nvenc"]);
    for (const part of parts) expect(parameterSets(part)).toHaveLength(2);
    const { count } = await deliveredPictures(folder, [await init(), ...parts]);
    expect(count).toBe(SECONDS * RATE);
  });

  it("that dies in mid-run is taken over by software at the segment it owed, and all pictures are there", async () => {
    await start(await fakeNvenc(`FAKE_NVENC_FRAMES=${DIES_AFTER}`));
    const starts = startsOf();
    const fallback = heard("playhead:hardware.fallback", () => true);
    const { segments, init } = await playFilm();
    const parts = await segments();
    expect(starts.map(({ hardware, startSegment }) => [hardware, startSegment])).toEqual([
      ["nvenc", 0],
      [null, FIRST_OWED],
    ]);
    expect(parameterSets(parts[FIRST_OWED] ?? new Uint8Array())).not.toEqual(
      parameterSets(parts[FIRST_OWED - 1] ?? new Uint8Array()),
    );
    const { count, times } = await deliveredPictures(folder, [await init(), ...parts]);
    expect(count).toBe(SECONDS * RATE);
    expect(times).toEqual(times.map((_, i) => expect.closeTo(i / RATE, 3)));

    expect(await fallback).toMatchObject({ hardware: "nvenc", mediaId: "film" });
    for (const told of ["nvenc", "film.mkv", "h264_nvenc", "fell off the bus"]) {
      expect(service.logged.join()).toContain(told);
    }
    expect(service.streaming.stats().encoder.hardware).toEqual({ encoder: "nvenc", isPaused: true, failures: 1 });
  });

  it("that puts keyframes where it likes is not used", async () => {
    const stubborn = await wrappedFfmpeg(
      `case "$*" in *h264_nvenc*) exec ffmpeg -v error -f lavfi -i testsrc2 -frames:v 12 -movflags frag_keyframe+empty_moov -f mp4 pipe:1;; esac; exec ffmpeg "$@"`,
    );
    const { encoder, results } = await start(stubborn);
    expect(encoder).toBeNull();
    expect(results["nvenc"]).toBe("keyframes come after 12 pictures instead of 3,4,5");
    const starts = startsOf();
    const { segments } = await playFilm();
    expect(parameterSets((await segments())[3] ?? new Uint8Array())).toEqual([]);
    expect(starts.map(({ hardware }) => hardware)).toEqual([null]);
  });
});

it("what hardware made is not taken for what software made alone", async () => {
  await start(await fakeNvenc());
  const hardware = await (await playFilm()).segments();
  await service.streaming.stop();
  const starts = startsOf();
  const { dataDir } = service;
  const again = await startTestService({ film }, { dataDir });
  try {
    const { playlists } = await again.play("film", /^$/);
    const software = await again.bytes(`${playlists[0]?.base}/0.m4s`);
    expect(starts.map(({ hardware: used }) => used)).toEqual([null]);
    expect(parameterSets(software)).toEqual([]);
    expect(parameterSets(hardware[0] ?? new Uint8Array())).toHaveLength(2);
  } finally {
    await again.stop();
  }
});

it("an ffmpeg that hangs when it is asked what it can do does not delay the start", async () => {
  const hanging = await wrappedFfmpeg(`exec sleep 60`);
  cleanUps.push(hanging.remove);
  const from = performance.now();
  service = await startTestService({ film }, { ffmpeg: hanging.command, hardwareEncoder: "auto" });
  expect(performance.now() - from).toBeLessThan(4000);
  await service.streaming.stop();
  expect(performance.now() - from).toBeLessThan(4500);
});
