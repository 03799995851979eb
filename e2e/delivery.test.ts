import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ffprobe } from "./fixtures/ffmpeg.js";
import { type FilmName, films } from "./fixtures/library.js";
import { decode, durationOf, offsets } from "./fixtures/measure.js";
import { bytesOf, itemOf, playHls, type ReadPlaylist, readMaster } from "./playlist.js";
import { type RunningService, startService } from "./service.js";

/** What Chromium says of the usual codecs: what it plays is copied, the rest is transcoded. */
const playsInChromium = (codec: string) => /^(avc1|vp09|av01|mp4a\.40|opus|flac)/.test(codec);

let service: RunningService;
let scratch: string;

beforeAll(async () => {
  service = await startService({ mediaDir: inject("mediaDir") });
  scratch = await mkdtemp(path.join(os.tmpdir(), "playhead-delivery-"));
});
afterAll(async () => {
  await service.stop();
  await rm(scratch, { recursive: true, force: true });
});

const expected: Record<FilmName, "copy" | "transcode"> = {
  irregular: "copy",
  mp4: "copy",
  hevc: "transcode",
  webm: "copy",
  avi: "transcode",
  silent: "copy",
  second: "copy",
  heavy: "copy",
  long: "copy",
};

async function open(name: FilmName) {
  const item = await itemOf(service, films[name].file);
  expect(item).toMatchObject({ status: "ready" });
  const playback = await playHls(service, item.id, item.codecs.filter(playsInChromium));
  return {
    playback,
    playlists: await readMaster(service, playback.master),
    source: path.join(service.mediaDir, films[name].file),
  };
}

const auth = () => ["-headers", `Authorization: Bearer ${service.token}\r\n`];

/** Start of the first and the last sample of a segment by the boxes' own word, s. */
async function timesOf(init: Buffer, segment: Buffer): Promise<{ startS: number; endS: number; samples: number }> {
  const file = path.join(scratch, `segment-${Math.random()}.mp4`);
  await writeFile(file, Buffer.concat([init, segment]));
  const { packets } = await ffprobe<{ packets: { pts_time: string; duration_time?: string }[] }>(
    ...["-show_packets", "-show_entries", "packet=pts_time,duration_time", file],
  );
  await rm(file);
  const starts = packets.map((packet) => Number(packet.pts_time));
  const ends = packets.map((packet) => Number(packet.pts_time) + Number(packet.duration_time ?? 0));
  return { startS: Math.min(...starts), endS: Math.max(...ends), samples: packets.length };
}

describe.each(Object.keys(films) as FilmName[])("%s", (name) => {
  const { rate, hasAudio } = films[name];
  const frameS = rate.den / rate.num;

  it(`is delivered by ${expected[name]}, whole and in time, through ffmpeg's own HLS player`, async () => {
    const { playback, playlists, source } = await open(name);
    expect(playback.delivery).toBe(expected[name]);
    expect(playback.reasons.join(" ")).not.toBe("");
    expect(playlists.map((playlist) => playlist.ended)).not.toContain(false);

    const [original, delivered] = [
      await decode(source, hasAudio),
      await decode(playback.master.href, hasAudio, ...auth()),
    ];
    expect(delivered.complaints).toEqual([]);
    expect(Math.abs(delivered.frames - original.frames)).toBeLessThanOrEqual(1);
    const duration = await durationOf(playback.master.href, ...auth());
    expect(Math.abs(duration - (await durationOf(source)))).toBeLessThan(0.1);
    expect(delivered.lastS - delivered.firstS).toBeCloseTo(original.lastS - original.firstS, 1);
    expectSameOffsets(offsets(original), offsets(delivered));
  });

  it("has every boundary where the playlist says, whichever segment is asked for first", async () => {
    const { playlists } = await open(name);
    for (const playlist of playlists) {
      const init = await bytesOf(service, playlist.init);
      const tolerance = playlist.kind === "video" ? frameS : 1024 / 44_100;
      for (const index of scattered(playlist)) {
        const segment = playlist.segments[index];
        if (!segment) continue;
        const times = await timesOf(init, await bytesOf(service, segment.url));
        expect(Math.abs(times.startS - segment.startS), `${playlist.kind} ${index} starts`).toBeLessThanOrEqual(
          tolerance,
        );
        const end = segment.startS + segment.durationS;
        expect(Math.abs(times.endS - end), `${playlist.kind} ${index} ends`).toBeLessThanOrEqual(tolerance * 1.5);
      }
    }
  });
});

describe.each(["irregular", "hevc"] satisfies FilmName[])("seeks in %s", (name) => {
  it("keeps picture and sound together after each seek", async () => {
    const { playback, source } = await open(name);
    const original = offsets(await decode(source, true));
    for (const at of ["4", "13.3", "9.1"]) {
      const after = await decode(playback.master.href, true, ...auth(), "-ss", at);
      expect(after.flashes.length).toBeGreaterThan(2);
      // The first beat may be cut by the seek itself.
      expectSameOffsets(original.slice(0, 1), offsets(after).slice(1));
    }
  });

  it("gives the same bytes in random order as in order", async () => {
    const { playlists } = await open(name);
    for (const playlist of playlists) {
      const first = new Map<number, Buffer>();
      for (const index of scattered(playlist)) first.set(index, await bytesOf(service, playlist.segments[index]!.url));
      for (const [index, segment] of playlist.segments.entries()) {
        const again = await bytesOf(service, segment.url);
        const before = first.get(index);
        if (before) expect(again.equals(before), `${playlist.kind} ${index}`).toBe(true);
      }
    }
  });
});

/** At most 12 segments, the last one first, then near and far in turn. */
function scattered({ segments }: ReadPlaylist): number[] {
  const step = Math.max(1, Math.floor(segments.length / 12));
  const some = [...segments.keys()].filter((index) => index % step === 0 || index === segments.length - 1);
  return some.toSorted((a, b) => ((b * 7919) % segments.length) - ((a * 7919) % segments.length)).concat(0);
}

/** Each delivered offset is the source's within 20 ms. The source's vary by its own rounding, so the median counts. */
function expectSameOffsets(original: number[], delivered: number[]) {
  if (original.length === 0) return;
  const median = original.toSorted((a, b) => a - b)[original.length >> 1] ?? 0;
  for (const offset of delivered) expect(Math.abs(offset - median)).toBeLessThan(0.02);
}
