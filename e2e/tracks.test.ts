import { readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BarePlayer, openBarePlayer } from "./bare-player-page.js";
import { readText } from "./bare-player-text.js";
import { type Browser, launchBrowser } from "./browser.js";
import { fetchRendition, joined } from "./delivered.js";
import { ffmpeg, ffprobe } from "./fixtures/ffmpeg.js";
import { makeFilms } from "./fixtures/make.js";
import { decode, extentOf, packetsOf } from "./fixtures/measure.js";
import { assCues, manyTracks, srtCues, tenHours, trackFilms } from "./fixtures/tracks.js";
import { bytesOf, itemOf, playHls, readMaster } from "./playlist.js";
import { type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

const chromium = (codec: string) => /^(avc1\.|mp4a\.40)/.test(codec);
let scratch: string;
let service: RunningService;
let browser: Browser;

beforeAll(async () => {
  scratch = await temporaryFolder("tracks");
  const mediaDir = path.join(scratch, "media");
  await makeFilms(mediaDir, trackFilms);
  service = await startService({ mediaDir });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await rm(scratch, { recursive: true, force: true });
});

async function open(file: string) {
  const item = await itemOf(service, file);
  const playback = await playHls(service, item.id, item.codecs.filter(chromium));
  return { item, playback, master: await (await service.fetch(playback.master.pathname)).text() };
}

/** The value of each attribute of a master playlist's EXT-X-MEDIA lines of one type. */
const media = (master: string, type: "AUDIO" | "SUBTITLES") =>
  [...master.matchAll(new RegExp(`#EXT-X-MEDIA:.*TYPE=${type}.*`, "g"))].map(([line]) => ({
    language: /LANGUAGE="([^"]*)"/.exec(line)?.[1],
    isDefault: line.includes("DEFAULT=YES"),
    channels: /CHANNELS="([^"]*)"/.exec(line)?.[1],
    uri: /URI="([^"]*)"/.exec(line)?.[1] ?? "",
  }));

interface ReadCue {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}

/** Every cue of a subtitle playlist, those that lie in two segments once. */
async function cuesOf(playlist: URL): Promise<{ cues: ReadCue[]; listedS: number; isWhole: boolean }> {
  const text = await (await service.fetch(playlist.pathname)).text();
  const durations = [...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds));
  const uris = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(uris.length).toBe(durations.length);
  const cues = new Map<string, ReadCue>();
  for (const uri of uris) {
    const segment = (await bytesOf(service, new URL(uri, playlist))).toString();
    expect(segment).toMatch(/^WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n/);
    for (const [key, start, end, lines] of segment.matchAll(/([\d:.]+) --> ([\d:.]+).*\n((?:.+\n)+)/g)) {
      cues.set(key, { startMs: ms(start), endMs: ms(end), text: (lines ?? "").trimEnd() });
    }
  }
  return {
    cues: [...cues.values()],
    listedS: durations.reduce((sum, seconds) => sum + seconds, 0),
    isWhole: text.includes("#EXT-X-ENDLIST"),
  };
}

function ms(time = ""): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}

describe("a film of many tracks", () => {
  it("offers all its sounds and texts by language, and its bitmaps disturb nothing", async () => {
    const { item, playback, master } = await open(manyTracks.file);
    expect(playback.delivery).toBe("copy");
    expect(item.status).toBe("ready");
    expect(media(master, "AUDIO")).toMatchObject([
      { language: "en", isDefault: true, channels: "2" },
      { language: "de", isDefault: false, channels: "1" },
      { language: "ja", isDefault: false, channels: "6" },
    ]);
    expect(media(master, "SUBTITLES").map(({ language }) => language)).toEqual(["en", "fr"]);
  });

  it("delivers each sound whole, and each is its own", async () => {
    const { playback, master } = await open(manyTracks.file);
    const [video] = await readMaster(service, playback.master);
    if (video === undefined) throw new Error("No video is delivered");
    const pictures = await joined(scratch, await fetchRendition(service, video));
    for (const index of media(master, "AUDIO").keys()) {
      const [, audio] = await readMaster(service, playback.master, index);
      if (audio === undefined) throw new Error("No sound is delivered");
      const sounds = await joined(scratch, await fetchRendition(service, audio));
      const decoded = await decode({ video: pictures, audio: sounds });
      expect(decoded.complaints).toEqual([]);
      expect(decoded.frames).toBe(200);
      const { streams } = await ffprobe<{ streams: { channels: number }[] }>("-show_streams", sounds);
      expect(streams.map(({ channels }) => channels)).toEqual([[2], [1], [6]][index]);
      const packets = await packetsOf(sounds);
      expect(packets.at(-1)?.atS).toBeGreaterThan(7.9);
      expect(await loudestHz(sounds)).toBe([400, 800, 1600][index]);
    }
  });

  it.each([
    { language: "en", wanted: srtCues },
    { language: "fr", wanted: assCues },
  ])(
    "delivers each cue of the $language text once, to the tick of its format's clock",
    async ({ language, wanted }) => {
      const { playback, master } = await open(manyTracks.file);
      const uri = media(master, "SUBTITLES").find((track) => track.language === language)?.uri ?? "";
      const { cues, listedS, isWhole } = await cuesOf(new URL(uri, playback.master));
      expect(isWhole).toBe(true);
      expect(listedS).toBeCloseTo(8, 1);
      expect(cues).toEqual(await timed(wanted));
    },
  );

  it.each(["hls.js", "Shaka Player"] as const satisfies BarePlayer[])("is read in %s", async (player) => {
    const { playback } = await open(manyTracks.file);
    const context = await browser.newContext();
    const page: Page = await openBarePlayer(context, service.origin, player);
    for (const [language, wanted] of [
      ["en", srtCues],
      ["fr", assCues],
    ] as const) {
      const { cues, errors } = await readText(page, {
        player,
        url: playback.master.pathname,
        token: service.token,
        language,
        count: wanted.length,
      });
      expect(errors).toEqual([]);
      expect(cues).toEqual(
        (await timed(wanted)).map(({ startMs, endMs, text }) => ({ startMs, endMs, text: plain(text) })),
      );
    }
    await context.close();
  });
});

/** The file's muxer moved everything by the sound's priming, text as well as picture: all is counted from its start. */
async function timed(cues: readonly ReadCue[]): Promise<ReadCue[]> {
  const file = path.join(service.mediaDir, manyTracks.file);
  const { startS } = await extentOf(file);
  const { packets } = await ffprobe<{ packets: { pts_time: string }[] }>(
    ...["-select_streams", cues === srtCues ? "s:0" : "s:1", "-show_packets", file],
  );
  expect(packets.length).toBe(cues.length);
  return packets.map(({ pts_time }, i) => {
    const { startMs, endMs, text } = cues[i] ?? { startMs: Number.NaN, endMs: Number.NaN, text: "" };
    // A script's own clock, by which its text is taken out of the file, counts in hundredths.
    const clockMs = cues === srtCues ? 1 : 10;
    const begins = Math.round(((Number(pts_time) - startS) * 1000) / clockMs) * clockMs;
    return { startMs: begins, endMs: begins + endMs - startMs, text };
  });
}

const plain = (text: string) => text.replace(/<[^>]+>/g, "");

/** Which of the film's tones is heard. */
async function loudestHz(file: string): Promise<number> {
  const levels: { hz: number; db: number }[] = [];
  for (const hz of [400, 800, 1600]) {
    const log = await ffmpeg("-i", file, "-af", `bandpass=f=${hz}:width_type=h:w=50,volumedetect`, "-f", "null", "-");
    levels.push({ hz, db: Number(/mean_volume: (-?[\d.]+)/.exec(log)?.[1] ?? Number.NaN) });
  }
  return levels.toSorted((a, b) => b.db - a.db)[0]?.hz ?? Number.NaN;
}

/** By the server so far, from files and whatever else. */
async function bytesRead(): Promise<number> {
  return Number(/rchar: (\d+)/.exec(await readFile(`/proc/${service.process.pid}/io`, "utf8"))?.[1]);
}

describe("a film of ten hours", () => {
  it("is listed whole, and gives its last segment and far ones without having read the rest", async () => {
    const { playback } = await open(tenHours.file);
    expect(playback.delivery).toBe("copy");
    const [video, audio] = await readMaster(service, playback.master);
    if (video === undefined || audio === undefined) throw new Error("Picture or sound is missing");
    for (const { segments, ended } of [video, audio]) {
      expect(ended).toBe(true);
      expect(segments.reduce((sum, { durationS }) => sum + durationS, 0)).toBeGreaterThan(35_999);
      expect(segments.reduce((sum, { durationS }) => sum + durationS, 0)).toBeLessThan(36_001);
    }
    const readBefore = await bytesRead();
    const init = await bytesOf(service, video.init);
    const count = video.segments.length;
    for (const index of [count - 1, Math.floor(count / 2), count - 2, 0, Math.floor(count * 0.9)]) {
      const segment = video.segments[index];
      if (segment === undefined) throw new Error(`There is no segment ${index}`);
      const bytes = await bytesOf(service, segment.url);
      const file = await joined(scratch, { playlist: video, init, segments: new Map([[index, bytes]]) });
      const decoded = await decode({ video: file });
      expect(decoded.complaints).toEqual([]);
      // The packets' times are the playlist's, however many of its roundings were added up before.
      expect(Math.abs(decoded.firstS - segment.startS), `segment ${index}`).toBeLessThan(0.05);
      expect(decoded.frames).toBe(Math.round(segment.durationS * 5));
    }
    const { size } = await stat(path.join(service.mediaDir, tenHours.file));
    expect((await bytesRead()) - readBefore).toBeLessThan(size / 4);
  });
});
