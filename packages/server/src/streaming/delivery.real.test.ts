import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FilmName, films, makeFilms } from "./testing/films.js";
import { type Beat, beats, decode, durationOf, packetTimes } from "./testing/measure.js";
import { type Playing, startTestService, type TestService } from "./testing/test-service.js";

/** What Chromium plays of these; HEVC, E-AC-3 and MPEG-4 it does not. */
const chromium = /^(avc1|vp09|mp4a\.40|opus)/;

const expected = {
  irregular: "copy",
  mp4: "copy",
  openGop: "copy",
  broadcast: "copy",
  hevc: "transcode",
  webm: "copy",
  avi: "transcode",
  silent: "copy",
  second: "copy",
  shortSound: "transcode",
  lateSound: "copy",
  shortOpus: "copy",
} as const satisfies Partial<Record<FilmName, string>>;
const names = Object.keys(expected).filter((name): name is keyof typeof expected => name in expected);

let folder: string;
let remove: () => Promise<void>;
let service: TestService;
beforeAll(async () => {
  ({ folder, remove } = await makeFilms(...names));
  service = await startTestService(
    Object.fromEntries(names.map((name) => [name, path.join(folder, films[name].file)])),
  );
});
afterAll(async () => {
  await service.stop();
  await remove();
});

const sourceOf = (name: FilmName) => path.join(folder, films[name].file);

/** The last one first, then near and far in turn. */
const scattered = (count: number) =>
  Array.from({ length: count }, (_, i) => i).toSorted((a, b) => ((b * 7919) % count) - ((a * 7919) % count));

async function allBytes({ playlists }: Playing, order: (count: number) => number[]): Promise<Map<string, Uint8Array>> {
  const bytes = new Map<string, Uint8Array>();
  for (const { base, boundaries } of playlists) {
    for (const index of order(boundaries.length - 1)) {
      const name = `${base.split("/").at(-1)}/${index}`;
      bytes.set(name, await service.bytes(`${base}/${index}.m4s`));
    }
  }
  return bytes;
}

describe.each(names)("%s", (name) => {
  const { hasAudio } = films[name];

  it(`is delivered whole and in time (${expected[name]})`, async () => {
    const { reply } = await service.play(name, chromium);
    expect(reply.delivery).toBe(expected[name]);
    const url = service.origin + reply.url;
    const [source, delivered] = [await decode(sourceOf(name), hasAudio), await decode(url, hasAudio)];
    expect(delivered.complaints).toEqual([]);
    expect(Math.abs(delivered.pictures.length - source.pictures.length)).toBeLessThanOrEqual(1);
    expect(Math.abs((await durationOf(url)) - (await durationOf(sourceOf(name))))).toBeLessThan(0.1);
    expect(beats(delivered).length).toBe(beats(source).length);
    expectSameBeats(name, beats(source), beats(delivered));
  });

  it("has every boundary in the bytes where the playlist says, in whatever order it is asked for", async () => {
    const playing = await service.play(name, chromium);
    const frameRate = service.items.get(name)?.info?.video[0]?.frameRate ?? { num: 25, den: 1 };
    for (const { base, boundaries, kind } of playing.playlists) {
      const frameS = kind === "video" ? frameRate.den / frameRate.num : 0.024;
      // The leading pictures of an open GOP are shown before its keyframe.
      const leadingS = kind === "video" && name === "openGop" ? 3 * frameS : 0;
      const init = await service.bytes(`${base}/init.mp4`);
      for (const index of scattered(boundaries.length - 1)) {
        const times = await packetTimes(folder, init, await service.bytes(`${base}/${index}.m4s`));
        const [start = 0, end = 0] = [boundaries[index], boundaries[index + 1]];
        expect(times.length, `${kind} ${index}`).toBeGreaterThan(0);
        const first = times[0] ?? Number.NaN;
        expect(first, `${kind} ${index} starts`).toBeGreaterThanOrEqual(start - leadingS - frameS - 0.001);
        expect(first, `${kind} ${index} starts`).toBeLessThanOrEqual(start + frameS + 0.001);
        const last = (times.at(-1) ?? Number.NaN) + frameS;
        expect(Math.abs(last - end), `${kind} ${index} ends at ${last}, not ${end}`).toBeLessThan(
          2 * frameS + leadingS,
        );
      }
    }
  });
});

describe.each(["irregular", "hevc", "openGop", "broadcast", "webm"] as const)("a seek in %s", (name) => {
  it.each([0.3, 0.55])("to %f of it keeps picture and sound together", async (part) => {
    const { playlists } = await service.play(name, chromium);
    // ffmpeg 5.1 can't seek in playlists of fragmented MP4, its own ones neither: what a player has after a seek is
    // the init segment and the segments from there on.
    const files: string[] = [];
    for (const { base, boundaries, kind } of playlists) {
      const from = boundaries.findLastIndex((at) => at <= (boundaries.at(-1) ?? 0) * part);
      const pieces = [await service.bytes(`${base}/init.mp4`)];
      for (let index = from; index < boundaries.length - 1; index++) {
        pieces.push(await service.bytes(`${base}/${index}.m4s`));
      }
      const file = path.join(folder, `${name}-${part}-${kind}.mp4`);
      await writeFile(file, Buffer.concat(pieces));
      files.push(file);
    }
    const [video = "", audio] = files;
    const delivered = beats(await decode(video, true, audio));
    expect(delivered.length).toBeGreaterThan(1);
    expectSameBeats(name, beats(await decode(sourceOf(name), true)), delivered);
  });
});

describe.each(["irregular", "avi"] as const)("%s", (name) => {
  it("decodes the same whether its segments were made in order or not", async () => {
    const disordered = await startTestService({ [name]: sourceOf(name) });
    try {
      const there = await disordered.play(name, chromium);
      for (const { base, boundaries } of there.playlists) {
        for (const index of scattered(boundaries.length - 1)) await disordered.bytes(`${base}/${index}.m4s`);
      }
      const here = await service.play(name, chromium);
      await allBytes(here, (count) => Array.from({ length: count }, (_, i) => i));
      const [inOrder, not] = [
        await decode(service.origin + here.reply.url, true),
        await decode(disordered.origin + there.reply.url, true),
      ];
      expect(not).toEqual(inOrder);
    } finally {
      await disordered.stop();
    }
  });
});

/** Each delivered beat comes when the source's does, and its sound is as far from its picture, within 20 ms. */
function expectSameBeats(name: FilmName, source: readonly Beat[], delivered: readonly Beat[]): void {
  const zero = (service.items.get(name)?.info?.startTimeMs ?? 0) / 1000;
  for (const { at, offset } of delivered) {
    const same = source.find((beat) => Math.abs(beat.at - zero - at) < 0.1);
    expect(same, `the source flashes at ${at} s`).toBeDefined();
    expect(Math.abs(offset - (same?.offset ?? Number.NaN)), `at ${at} s`).toBeLessThan(0.02);
  }
}
