import { rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Delivered, fetchRendition, inOrder, joined, packetsBySegment, scattered } from "./delivered.js";
import type { Film } from "./fixtures/film.js";
import { makeFilms } from "./fixtures/make.js";
import { type Beat, beats, type Decoded, decode, extentOf } from "./fixtures/measure.js";
import { type TrapName, trapNames, traps } from "./fixtures/traps.js";
import { itemOf, playHls, readMaster } from "./playlist.js";
import { type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

/** What Chromium says of the usual codecs: what it plays is copied, the rest is transcoded. */
const chromium = (codec: string) => /^(avc1\.|vp09|av01|mp4a\.40|opus|flac)/.test(codec);
const nothing = () => false;

const filmOf = (name: TrapName): Film => traps[name];
/** A container that counts in ms, and ffmpeg's own rounding. */
const ROUNDING_S = 0.0015;
/** A first picture that comes this much after the sound at most is shown from the start: players stop at a hole. */
const HELD_S = 0.1;
/** What nobody hears or sees. */
const IN_SYNC_S = 0.02;

let service: RunningService;
let scratch: string;

beforeAll(async () => {
  await makeFilms(inject("trapsDir"), traps);
  scratch = await temporaryFolder("delivery");
  service = await startService({ mediaDir: inject("trapsDir"), env: { PLAYHEAD_MAX_ENCODERS: "8" } });
});
afterAll(async () => {
  await service.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** What the file itself holds, with its presentation's start at 0; decoded once for all ways of delivering it. */
function sourceOf(name: TrapName): Promise<Source> {
  const known = sources.get(name) ?? examine(name);
  sources.set(name, known);
  return known;
}
interface Source {
  readonly decoded: Decoded;
  readonly startS: number;
  /** Of the picture by the decoder's word, for containers that tell none or a wrong one. */
  readonly endS: number;
  readonly beats: readonly Beat[];
  /** Of a variable rate: the longest. */
  readonly frameS: number;
  readonly isVariable: boolean;
}
const sources = new Map<TrapName, Promise<Source>>();

async function examine(name: TrapName): Promise<Source> {
  const { rate, hasAudio, hasFields } = filmOf(name);
  const file = path.join(service.mediaDir, filmOf(name).file);
  const [decoded, { startS }] = [
    await decode({ video: file, audio: hasAudio ? file : undefined, hasFields }),
    await extentOf(file),
  ];
  const frameS = rate === null ? decoded.longestS : rate.den / rate.num;
  return {
    decoded,
    startS,
    endS: decoded.lastS + frameS - startS,
    beats: beats(decoded, startS),
    frameS,
    isVariable: rate === null,
  };
}

async function deliver(name: TrapName, plays: (codec: string) => boolean) {
  const item = await itemOf(service, filmOf(name).file);
  expect(item).toMatchObject({ status: "ready" });
  const playback = await playHls(service, item.id, item.codecs.filter(plays));
  const [video, audio] = await readMaster(service, playback.master);
  if (video === undefined) throw new Error("No video is delivered");
  const fetched = await fetchRendition(service, video, scattered(video.segments.length));
  const sound = audio && (await fetchRendition(service, audio, scattered(audio.segments.length)));
  return { playback, video: fetched, audio: sound };
}

describe.each([
  { way: "as Chromium plays it", plays: chromium },
  { way: "for a browser that plays none of its codecs", plays: nothing },
])("$way", ({ plays }) => {
  it.concurrent.for(trapNames)(
    "%s arrives whole, in time and in sync, in whatever order it is asked for",
    async (name) => {
      const film = filmOf(name);
      const delivery = plays === nothing ? "transcode" : film.inChromium;
      const source = await sourceOf(name);
      const { playback, video, audio } = await deliver(name, plays);

      expect(playback.delivery).toBe(delivery);
      expect(playback.reasons.join(" ")).toMatch(plays === nothing ? /./ : (film.reason ?? /./));
      for (const { playlist } of audio ? [video, audio] : [video]) expectWholePlaylist(playlist, source);

      const [pictures, sounds] = [await joined(scratch, video), audio && (await joined(scratch, audio))];
      const isCopy = playback.reasons.some((reason) => reason.startsWith("Video") && reason.includes("repackaged"));
      await expectBoundaries(pictures, video, source.frameS);
      if (audio && sounds) await expectBoundaries(sounds, audio, 0.05);

      const decoded = await decode({ video: pictures, audio: sounds });
      expect(decoded.complaints).toEqual([]);
      expect(decoded.size).toEqual(film.size);
      expectSamePictures(source, decoded, isCopy);
      expectSameBeats(source, beats(decoded), isCopy);

      await expectGoodSeek(source, video, audio);

      for (const before of audio ? [video, audio] : [video]) {
        const again = await fetchRendition(service, before.playlist, inOrder(before.playlist.segments.length));
        for (const [index, bytes] of again.segments) {
          expect(bytes.equals(before.segments.get(index) ?? Buffer.of()), `segment ${index}, asked for again`).toBe(
            true,
          );
        }
      }
    },
  );
});

/** What a player holds after a seek into the middle: picture from there on, in sync, without a complaint. */
async function expectGoodSeek(source: Source, video: Delivered, audio: Delivered | undefined): Promise<void> {
  const middle = Math.floor(video.playlist.segments.length / 2);
  if (middle === 0) return;
  const startS = video.playlist.segments[middle]?.startS ?? Number.NaN;
  const after = await decode({
    video: await joined(scratch, video, middle),
    audio: audio && (await joined(scratch, audio, middle)),
  });
  expect(after.firstS).toBeGreaterThanOrEqual(startS - source.frameS - ROUNDING_S);
  expect(after.firstS).toBeLessThanOrEqual(startS + source.frameS + ROUNDING_S);
  expect(after.complaints).toEqual([]);
  const wanted = source.beats.filter(({ atS }) => atS > after.firstS + 0.2);
  const heard = beats(after).filter(({ atS }) => atS > after.firstS + 0.2);
  expect(heard.length).toBe(wanted.length);
  expectInSync(source, heard);
}

function expectWholePlaylist(playlist: Delivered["playlist"], source: Source): void {
  expect(playlist.ended).toBe(true);
  expect(playlist.type).toBe("VOD");
  const listedS = playlist.segments.reduce((sum, { durationS }) => sum + durationS, 0);
  expect(Math.abs(listedS - source.endS), `lists ${listedS} s of ${source.endS}`).toBeLessThan(0.1);
}

/** Each segment begins with a keyframe at its boundary, and the packets of all of them lie without hole or overlap. */
async function expectBoundaries(file: string, delivered: Delivered, packetS: number): Promise<void> {
  const { playlist } = delivered;
  const bySegment = await packetsBySegment(file, delivered);
  const tolerance = packetS + ROUNDING_S;
  for (const [index, packets] of bySegment) {
    const segment = playlist.segments[index];
    const first = packets[0];
    if (segment === undefined || first === undefined) throw new Error(`${playlist.kind} ${index} is empty`);
    expect(first.isKey, `${playlist.kind} ${index} begins with a keyframe`).toBe(true);
    expect(Math.abs(first.atS - segment.startS), `${playlist.kind} ${index} starts`).toBeLessThanOrEqual(tolerance);
  }
  const all = [...bySegment.values()].flat().toSorted((a, b) => a.atS - b.atS);
  const steps = all.slice(1).map((packet, i) => packet.atS - (all[i]?.atS ?? packet.atS));
  expect(Math.max(0, ...steps.slice(1)), `longest step of ${playlist.kind}`).toBeLessThanOrEqual(tolerance);
  expect(steps[0] ?? 0, `first step of ${playlist.kind}`).toBeLessThanOrEqual(tolerance + HELD_S);
  expect(Math.min(packetS, ...steps), `shortest step of ${playlist.kind}`).toBeGreaterThan(0);
  const last = playlist.segments.at(-1);
  const endS = Math.max(...all.map(({ atS, durationS }) => atS + durationS));
  const listedS = (last?.startS ?? 0) + (last?.durationS ?? 0);
  expect(Math.abs(endS - listedS), `${playlist.kind} ends at ${endS}, not ${listedS}`).toBeLessThanOrEqual(tolerance);
}

function expectSamePictures(
  { decoded: original, startS, frameS, isVariable }: Source,
  decoded: Decoded,
  isCopy: boolean,
): void {
  const within = isCopy ? ROUNDING_S : frameS + ROUNDING_S;
  const soonerS = original.firstS - startS - decoded.firstS;
  expect(soonerS, "first picture, sooner by").toBeGreaterThanOrEqual(-ROUNDING_S);
  expect(soonerS, "first picture, sooner by").toBeLessThanOrEqual(HELD_S);
  expect(Math.abs(decoded.lastS - (original.lastS - startS)), "last picture").toBeLessThanOrEqual(within);
  if (isCopy) {
    expect(decoded.frames).toBe(original.frames);
    return;
  }
  // A constant rate, whatever the source's was: the greatest of a varying one.
  const held = Math.round(soonerS / frameS);
  const steady = Math.round((original.lastS - original.firstS) / decoded.longestS) + 1;
  expect(Math.abs(decoded.frames - held - (isVariable ? steady : original.frames))).toBeLessThanOrEqual(1);
  expect(decoded.longestS).toBeLessThanOrEqual(frameS + ROUNDING_S);
}

function expectSameBeats(source: Source, delivered: readonly Beat[], isCopy: boolean): void {
  expect(delivered.length).toBe(source.beats.length);
  const within = isCopy ? ROUNDING_S : source.frameS + ROUNDING_S;
  for (const [i, { atS }] of source.beats.entries()) {
    expect(Math.abs((delivered[i]?.atS ?? Number.NaN) - atS), `flash at ${atS}`).toBeLessThanOrEqual(within);
  }
  expectInSync(source, delivered);
}

/** At each beat the sound is as far from the picture as in the source. */
function expectInSync(source: Source, delivered: readonly Beat[]): void {
  for (const { atS, offsetS } of delivered) {
    const same = source.beats.find((beat) => Math.abs(beat.atS - atS) < 0.5);
    expect(Math.abs(offsetS - (same?.offsetS ?? Number.NaN)), `sound at ${atS} s`).toBeLessThan(IN_SYNC_S);
  }
}
