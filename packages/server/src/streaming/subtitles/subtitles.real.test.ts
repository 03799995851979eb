import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { readCues } from "@playhead/hls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { listen } from "../channels.js";
import { startTestService, type TestService, type TestServiceOptions } from "../testing/test-service.js";
import { steadySrt, subtitledFilm } from "./test-films.js";

const plays = /^(avc1|mp4a|flac|fLaC|opus)/;
const srt = `1
00:00:01,234 --> 00:00:02,501
<i>Grüße</i> & <b>Küsse</b>
zweite Zeile

2
00:00:29,900 --> 00:00:30,600
Over the edge

3
00:00:35,000 --> 00:00:36,000
{\\an8}Above
`;
const ass = `[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0
Style: Sign,Arial,16,&H00ffff,&Hffffff,&H0,&H0,0,-1,0,0,100,100,0,0,1,1,0,8,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:03.25,0:00:05.50,Default,,0,0,0,,One, two\\N{\\i1}three{\\i0}
Dialogue: 0,0:00:04.00,0:00:06.00,Sign,,0,0,0,,{\\fad(100,100)}Sign
`;

let folder: string;
let counting: string;
const films: Record<string, string> = {};
const LONG_S = 240;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "playhead-subtitles-"));
  const film = (name: string, seconds: number, texts: Readonly<Record<string, string>>, ...output: readonly string[]) =>
    subtitledFilm(path.join(folder, name), seconds, texts, ...output);
  films["mkv"] = await film("film.mkv", 40, { "a.srt": srt, "b.ass": ass }, "-c:s:0", "srt", "-c:s:1", "ass");
  films["mp4"] = await film("film.mp4", 40, { "a.srt": srt }, "-c:s", "mov_text");
  films["webvtt"] = await film("vtt.mkv", 40, { "a.srt": srt }, "-c:s", "webvtt");
  films["late"] = await film("late.mkv", 40, { "a.srt": srt }, "-c:s", "srt", "-output_ts_offset", "7.5");
  films["long"] = await film("long.mkv", LONG_S, { "long.srt": steadySrt(LONG_S, 3) }, "-c:s", "srt");
  films["broken"] = await film(
    "broken.mkv",
    40,
    { "a.srt": "1\n00:00:01,000 --> 00:00:02,000\nx\n", "b.ass": ass },
    "-c:s:0",
    "srt",
  );
  counting = path.join(folder, "count");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let services: TestService[] = [];
afterEach(async () => {
  for (const each of services) await each.stop();
  services = [];
});

async function serve(names: readonly string[], options: TestServiceOptions = {}): Promise<TestService> {
  const service = await startTestService(Object.fromEntries(names.map((name) => [name, films[name] ?? ""])), options);
  services.push(service);
  return service;
}

/** An ffmpeg of which the passes over text do something first; all other runs are as ever. `"$@"` are its arguments. */
async function wrapped(name: string, script: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\ncase "$*" in *pipe:3*) ${script};; *) exec ffmpeg "$@";; esac\n`);
  await chmod(file, 0o755);
  return file;
}

interface Track {
  readonly base: string;
  readonly name: string;
  readonly segments: readonly string[];
}

async function tracks(service: TestService, id: string, user?: string): Promise<readonly Track[]> {
  const { reply, base } = await service.play(id, plays, user === undefined ? {} : { user });
  const init = user === undefined ? {} : { user };
  const master = await (await service.fetch(reply.url, init)).text();
  const found: Track[] = [];
  for (const [, name = "", uri = ""] of master.matchAll(/TYPE=SUBTITLES.*NAME="([^"]+)".*URI="([^"]+)\/index/g)) {
    const playlist = await (await service.fetch(`${base}/${uri}/index.m3u8`, init)).text();
    found.push({ base: `${base}/${uri}`, name, segments: playlist.match(/^\d+\.vtt$/gm) ?? [] });
  }
  return found;
}

const segment = async (service: TestService, track: Track | undefined, index: number, user?: string) => {
  const response = await service.fetch(`${track?.base}/${index}.vtt`, user === undefined ? {} : { user });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/vtt; charset=utf-8");
  const text = await response.text();
  expect(text).toMatch(/^WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n/);
  return readCues("vtt", text);
};

describe("text comes out of a film as WebVTT, exact to the ms:", () => {
  const cues = [
    { startMs: 1234, endMs: 2501, text: "<i>Grüße</i> &amp; <b>Küsse</b>\nzweite Zeile", settings: "" },
    { startMs: 29_900, endMs: 30_600, text: "Over the edge", settings: "" },
    { startMs: 35_000, endMs: 36_000, text: "Above", settings: "line:0" },
  ];
  const plain = cues.map((cue) => ({ ...cue, settings: "" }));

  it("SubRip, ASS with line breaks and styles, in the segments that they show in", async () => {
    const service = await serve(["mkv"]);
    const [first, second] = await tracks(service, "mkv");
    expect(first?.segments).toEqual(["0.vtt", "1.vtt"]);
    expect(await segment(service, first, 0)).toEqual(cues.slice(0, 2));
    expect(await segment(service, first, 1)).toEqual(cues.slice(1));
    expect(await segment(service, second, 0)).toEqual([
      { startMs: 3250, endMs: 5500, text: "One, two\n<i>three</i>", settings: "" },
      { startMs: 4000, endMs: 6000, text: "<c.yellow><i>Sign</i></c>", settings: "line:0" },
    ]);
    expect(await segment(service, second, 1)).toEqual([]);
  });

  it("timed text of an MP4", async () => {
    const service = await serve(["mp4"]);
    const [track] = await tracks(service, "mp4");
    expect([...(await segment(service, track, 0)), ...(await segment(service, track, 1))]).toEqual([
      ...plain.slice(0, 2),
      ...plain.slice(1),
    ]);
  });

  it("WebVTT", async () => {
    const service = await serve(["webvtt"]);
    const [track] = await tracks(service, "webvtt");
    expect(await segment(service, track, 0)).toMatchObject(
      cues.slice(0, 2).map(({ startMs, endMs }) => ({ startMs, endMs })),
    );
    expect((await segment(service, track, 0))[0]?.text).toContain("Grüße");
  });

  it("of a film that does not begin at 0", async () => {
    const service = await serve(["late"]);
    expect(service.items.get("late")?.info?.startTimeMs).toBeGreaterThan(7_000);
    const [track] = await tracks(service, "late");
    const [first] = await segment(service, track, 0);
    expect(first).toMatchObject({ startMs: 1234, endMs: 2501 });
  });
});

it("reads a film once for two viewers, both tracks and the next start of the server", async () => {
  const ffmpeg = await wrapped("counting.sh", `echo x >>'${counting}'; exec ffmpeg "$@"`);
  const dataDir = path.join(folder, "data");
  const runs = async () => (await readFile(counting, "utf8").catch(() => "")).split("x").length - 1;
  const service = await serve(["mkv"], { ffmpeg, dataDir });
  const [ann, bob] = await Promise.all([tracks(service, "mkv"), tracks(service, "mkv", "bob")]);
  await Promise.all([
    segment(service, ann[0], 0),
    segment(service, ann[1], 1),
    segment(service, bob[0], 1, "bob"),
    segment(service, bob[1], 0, "bob"),
  ]);
  expect(await runs()).toBe(1);
  await service.stop();

  const again = await serve(["mkv"], { ffmpeg, dataDir });
  expect(await segment(again, (await tracks(again, "mkv"))[0], 1)).toHaveLength(2);
  expect(await runs()).toBe(1);
  const { fileId = "" } = again.items.get("mkv") ?? {};
  await again.streaming.forget(fileId);
  expect(await readdir(path.join(dataDir, "subtitles"))).toEqual([]);
});

it("starts the picture while the text is still being waited for", async () => {
  const go = path.join(folder, "go");
  const ffmpeg = await wrapped("held.sh", `while [ ! -e '${go}' ]; do sleep 0.05; done; exec ffmpeg "$@"`);
  const service = await serve(["mkv"], { ffmpeg });
  const [track] = await tracks(service, "mkv");
  const text = segment(service, track, 0);
  const { playlists } = await service.play("mkv", plays);
  for (const { base } of playlists) {
    expect((await service.bytes(`${base}/init.mp4`)).byteLength).toBeGreaterThan(0);
    expect((await service.bytes(`${base}/0.m4s`)).byteLength).toBeGreaterThan(0);
  }
  expect(await Promise.race([text, Promise.resolve("not yet")])).toBe("not yet");
  await writeFile(go, "");
  expect(await text).toMatchObject([{ startMs: 1234 }, { startMs: 29_900 }]);
});

describe("of a film on a slow disk", () => {
  /** 240 s take 6 s to be read, and a pass can't be over sooner. */
  const slow = () => wrapped("slow.sh", `exec ffmpeg -readrate 40 "$@"`);
  const startedAt = (texts: readonly { readonly text: string }[]) => texts.map(({ text }) => text);

  it("early text comes before all is read, and a far seek is read there", async () => {
    const service = await serve(["long"], { ffmpeg: await slow() });
    const [track] = await tracks(service, "long");
    const begunAt = performance.now();
    expect(startedAt(await segment(service, track, 0))).toEqual(Array.from({ length: 10 }, (_, i) => `At ${i * 3}`));
    expect(startedAt(await segment(service, track, 7))[0]).toBe("At 210");
    expect(performance.now() - begunAt).toBeLessThan((LONG_S / 40) * 1000 * 0.8);
    // What lies between is read afterwards, and joins without a gap or a double.
    expect(startedAt(await segment(service, track, 5))).toEqual(
      Array.from({ length: 10 }, (_, i) => `At ${150 + i * 3}`),
    );
  });

  it("a whole track is sent as it is read", async () => {
    const service = await serve(["long"], { ffmpeg: await slow() });
    const begunAt = performance.now();
    const response = await service.fetch("/api/v1/media/long/subtitles/s2.vtt?at=120000");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("At ")) text += (await reader?.read())?.value ?? "";
    const firstAfter = performance.now() - begunAt;
    expect(readCues("vtt", text)[0]?.startMs).toBeGreaterThanOrEqual(117_000);
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) break;
      text += value ?? "";
    }
    expect(firstAfter).toBeLessThan((performance.now() - begunAt) / 2);
    expect(startedAt(readCues("vtt", text))).toEqual(Array.from({ length: LONG_S / 3 }, (_, i) => `At ${i * 3}`));
  });
});

describe("a text stream that can't be read", () => {
  it("is empty, said in the log, and holds up nothing", async () => {
    const ffmpeg = await wrapped("failing.sh", "echo 'no such stream today' >&2; exit 1");
    const service = await serve(["broken"], { ffmpeg });
    const [track] = await tracks(service, "broken");
    expect(await segment(service, track, 0)).toEqual([]);
    const { playlists } = await service.play("broken", plays);
    expect((await service.bytes(`${playlists[0]?.base}/0.m4s`)).byteLength).toBeGreaterThan(0);
    expect(service.logged.join("")).toContain("no such stream today");
  });

  it("does not take the others with it", async () => {
    // One byte of the codec's head is enough that its text is no longer that of its format.
    const bytes = await readFile(films["broken"] ?? "");
    bytes.fill(0xff, bytes.indexOf("[Script Info]"), bytes.indexOf("[Script Info]") + 300);
    const file = path.join(folder, "damaged.mkv");
    await writeFile(file, bytes);
    films["damaged"] = file;
    const service = await serve(["damaged"]);
    const [track] = await tracks(service, "damaged");
    expect(await segment(service, track, 0)).toMatchObject([{ text: "x", startMs: 1000 }]);
  });
});

describe("a track of its own", () => {
  it("is sent whole, once", async () => {
    const service = await serve(["mkv"]);
    const url = "/api/v1/media/mkv/subtitles/s2.vtt";
    expect(readCues("vtt", await (await service.fetch(url)).text())).toHaveLength(3);
    const again = await service.fetch(url);
    const etag = again.headers.get("etag") ?? "";
    expect(etag).not.toBe("");
    expect((await service.fetch(url, { headers: { "if-none-match": etag } })).status).toBe(304);
    expect((await service.fetch("/api/v1/media/mkv/subtitles/s9.vtt")).status).toBe(404);
    expect((await service.fetch("/api/v1/media/mkv/subtitles/..%2f..%2fx.vtt")).status).toBeGreaterThanOrEqual(400);
  });

  it("may be a file beside the film, also where the film is played as it is", async () => {
    const service = await serve(["mp4"]);
    const item = service.items.get("mp4");
    const file = path.join(folder, "film.fr.srt");
    await writeFile(
      file,
      Buffer.concat([Buffer.from("1\n00:00:01,000 --> 00:00:02,000\n"), Buffer.from([0x9c, 0x75, 0x76, 0x72, 0x65])]),
    );
    const { size, mtimeMs } = await stat(file);
    if (item === undefined) throw new Error("no item");
    const side = {
      id: "xside",
      version: "1",
      path: "film.fr.srt",
      sizeBytes: size,
      mtimeMs,
      format: "srt",
      language: "fr",
      title: null,
      isDefault: false,
      forced: false,
      hearingImpaired: false,
    } as const;
    service.items.set("mp4", { ...item, sideSubtitles: [side] });
    const whole = await service.fetch("/api/v1/media/mp4/subtitles/xside.vtt");
    expect(readCues("vtt", await whole.text())[0]?.text).toBe("œuvre");
    const found = await tracks(service, "mp4");
    expect(found.map(({ name }) => name)).toContain("French");
    expect(await segment(service, found.at(-1), 0)).toHaveLength(1);
  });
});

it("tells whoever listens of text, as text", async () => {
  const service = await serve(["mkv"]);
  const [track] = await tracks(service, "mkv");
  const kinds: string[] = [];
  const stop = listen("playhead:segment.request", ({ kind, outcome }) => kinds.push(`${kind} ${outcome}`));
  await segment(service, track, 0);
  expect((await service.fetch(`${track?.base}/9.vtt`)).status).toBe(404);
  expect((await service.fetch(`${track?.base}/0.m4s`)).status).toBe(404);
  stop();
  expect(kinds[0]).toBe("subtitle sent");
});
