import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ffprobe } from "./fixtures/ffmpeg.js";
import { type FilmName, films } from "./fixtures/library.js";
import { type Beat, beats, decode, decodePair, durationOf } from "./fixtures/measure.js";
import { bytesOf, itemOf, playHls, type ReadPlaylist, readMaster } from "./playlist.js";
import { type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

/** What Chromium says of the usual codecs: what it plays is copied, the rest is transcoded. */
const playsInChromium = (codec: string) => /^(avc1|vp09|av01|mp4a\.40|opus|flac)/.test(codec);

let service: RunningService;
let scratch: string;

beforeAll(async () => {
  service = await startService({ mediaDir: inject("mediaDir") });
  scratch = await temporaryFolder("delivery");
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
    if (hasAudio) expectSameOffsets(beats(original), beats(delivered));
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
    const { playlists, source } = await open(name);
    const [video, audio] = playlists;
    const original = beats(await decode(source, true));
    for (const from of [3, 1, 2]) {
      const after = await decodePair(await joined(video!, from), await joined(audio!, from));
      expect(after.firstS).toBeCloseTo(video!.segments[from]!.startS, 1);
      const heard = beats(after);
      expect(heard.length).toBeGreaterThan(2);
      expectSameOffsets(original, heard);
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

/** The init segment and all segments from one on, in one file: what a player holds after it sought there. */
async function joined(playlist: ReadPlaylist, from: number): Promise<string> {
  const parts = [await bytesOf(service, playlist.init)];
  for (const { url } of playlist.segments.slice(from)) parts.push(await bytesOf(service, url));
  const file = path.join(scratch, `${playlist.kind}-from-${from}.mp4`);
  await writeFile(file, Buffer.concat(parts));
  return file;
}

/** At each beat that both have, the sound is as far from the picture as in the source, within 20 ms. */
function expectSameOffsets(original: readonly Beat[], delivered: readonly Beat[]) {
  const same = delivered.map((beat) => ({
    ...beat,
    source: original.find(({ atS }) => Math.abs(atS - beat.atS) < 0.5)?.offsetS ?? Number.NaN,
  }));
  const late = same.filter(({ offsetS, source }) => !(Math.abs(offsetS - source) < 0.02));
  // A seek may begin within a beat: that one is measured from where it began.
  expect(late.filter(({ atS }) => atS !== delivered[0]?.atS)).toEqual([]);
}
