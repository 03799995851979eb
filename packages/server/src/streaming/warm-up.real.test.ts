import { rename } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { decide } from "@playhead/hls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listen, type StreamingMessages } from "./channels.js";
import { segmentAt } from "./segment-at.js";
import { films, makeFilms } from "./testing/films.js";
import { heard } from "./testing/heard.js";
import { startTestService, type TestService, type TestServiceOptions } from "./testing/test-service.js";

const nothing = /^$/;
let folder: string;
let remove: () => Promise<void>;
let service: TestService;
let segments: StreamingMessages["playhead:ffmpeg.segment"][];
let starts: StreamingMessages["playhead:ffmpeg.start"][];
let stopListening: (() => void)[] = [];

beforeAll(async () => {
  ({ folder, remove } = await makeFilms("long", "irregular", "mp4"));
});
afterAll(() => remove());
beforeEach(() => {
  segments = [];
  starts = [];
  stopListening = [
    listen("playhead:ffmpeg.segment", (message) => segments.push(message)),
    listen("playhead:ffmpeg.start", (message) => starts.push(message)),
  ];
});
afterEach(async () => {
  await service.stop();
  for (const stop of stopListening) stop();
});

const start = async (options: TestServiceOptions = {}) => {
  service = await startTestService(
    {
      long: path.join(folder, films.long.file),
      copied: path.join(folder, films.irregular.file),
      mp4: path.join(folder, films.mp4.file),
    },
    options,
  );
};
const preload = (id: string, body: object = {}, user = "ann") =>
  service.fetch(`/api/v1/hls/preload/${id}`, {
    method: "POST",
    user,
    body: JSON.stringify({ supported: [], ...body }),
  });
const warm = async (body: object = {}, user = "ann"): Promise<string> => {
  const response = await preload("long", body, user);
  expect(response.status).toBe(202);
  const reply: unknown = await response.json();
  expect(reply).toMatchObject({ status: "warming", hlsSessionId: expect.any(String) });
  return typeof reply === "object" && reply !== null && "hlsSessionId" in reply ? String(reply.hlsSessionId) : "";
};
const made = (kind: "video" | "audio") => segments.filter((one) => one.kind === kind).map(({ index }) => index);
const nothingRuns = async () => {
  while (service.streaming.stats().encoder.pids.length > 0) await delay(20);
};
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const bothMade = () =>
  Promise.all(
    (["video", "audio"] as const).map((kind) =>
      heard("playhead:ffmpeg.segment", (message) => message.kind === kind && message.index === at() + 1),
    ),
  );
/** The segment at 100.5 s. */
const at = (): number => {
  const [video] = decide(service.streaming.item("long").info, new Set()).video;
  if (video === undefined) throw new Error("There is no picture");
  return segmentAt(video.plan, 100.5);
};

it("opens a film that somebody looks at, so that its copy needs the file's name no more", async () => {
  await start();
  const file = path.join(folder, films.irregular.file);
  await service.streaming.openAhead("copied");
  await rename(file, `${file}.away`);
  try {
    const { playlists } = await service.play("copied", /./);
    for (const { base } of playlists) expect((await service.fetch(`${base}/init.mp4`)).status).toBe(200);
    for (const { base } of playlists) expect((await service.fetch(`${base}/0.m4s`)).status).toBe(200);
  } finally {
    await rename(`${file}.away`, file);
  }
});

describe("a warm-up", () => {
  it("answers before any encoder has delivered, and makes two segments of picture and sound at the resume point", async () => {
    await start();
    const done = bothMade();
    await warm({ positionMs: 100_500 });
    expect(segments).toEqual([]);
    await done;
    while (service.streaming.stats().encoder.pausedRuns < 2) await delay(20);
    // What one read of the pipe held is cut too; the encoder is not read on.
    expect(made("video").slice(0, 2)).toEqual([at(), at() + 1]);
    expect(made("video").length).toBeLessThan(6);
    expect(starts.map(({ startSegment }) => startSegment)).toEqual([at(), at()]);
  });

  it("makes two seconds at a film's start, where segments are short", async () => {
    await start();
    await warm();
    await heard("playhead:ffmpeg.segment", ({ kind, index }) => kind === "video" && index === 3);
    expect(made("video").slice(0, 4)).toEqual([0, 1, 2, 3]);
    // One encoder of each kind, however slow the machine is.
    expect(starts.map(({ startSegment }) => startSegment)).toEqual([0, 0]);
  });

  it("is what plays: the same session, no new encoder, nothing to wait for, and it goes on from there", async () => {
    await start({ limits: { lookAheadS: 20 } });
    const done = bothMade();
    const id = await warm({ positionMs: 100_500 });
    await done;
    const { reply, playlists } = await service.play("long", nothing, { positionMs: 100_500 });
    expect(reply.hlsSessionId).toBe(id);
    for (const { base } of playlists) {
      for (const part of ["init.mp4", `${at()}.m4s`, `${at() + 1}.m4s`]) {
        const response = await service.fetch(`${base}/${part}`);
        expect(response.headers.get("server-timing")).toMatch(/^wait;dur=0,/);
        expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(300);
      }
      for (const next of [2, 3, 4]) {
        expect((await service.bytes(`${base}/${at() + next}.m4s`)).byteLength).toBeGreaterThan(300);
      }
    }
    expect(starts).toHaveLength(2);
  });

  it("of a copied film reads its first segments beforehand, without an encoder", async () => {
    await start();
    const { info } = service.streaming.item("copied");
    const supported = [...info.video, ...info.audio].map(({ codecString }) => codecString ?? "");
    expect((await preload("copied", { supported })).status).toBe(202);
    const { playlists } = await service.play("copied", /./);
    for (const { base } of playlists) expect((await service.bytes(`${base}/0.m4s`)).byteLength).toBeGreaterThan(300);
    expect(starts).toEqual([]);
  });

  it.each([
    ["DELETE", "/api/v1/hls/preload/long", undefined],
    ["POST", "/api/v1/hls/preload/long/cancel", undefined],
    ["POST", "/api/v1/hls/preload/long/cancel", new Blob(["left"], { type: "text/plain" })],
  ])("ends with its ffmpeg when its page says so: %s %s", async (method, address, body) => {
    await start();
    const began = heard("playhead:ffmpeg.start", ({ kind }) => kind === "video");
    const id = await warm();
    const { pid } = await began;
    expect((await service.fetch(address, { method, ...(body === undefined ? {} : { body }) })).status).toBe(204);
    await nothingRuns();
    while (isAlive(pid ?? 0)) await delay(10);
    expect((await service.fetch(`/api/v1/hls/${id}/index.m3u8`)).status).toBe(410);
  });

  it("ends with its ffmpeg when nobody plays it in time, and lives on while its page asks", async () => {
    await start({ limits: { warmUpMs: 1000 } });
    const ended = heard("playhead:hls.session.end", () => true);
    const id = await warm();
    const from = performance.now();
    await delay(50);
    const again = performance.now();
    expect(await warm()).toBe(id);
    expect(await ended).toMatchObject({ hlsSessionId: id, reason: "unused" });
    expect(performance.now() - again).toBeGreaterThan(990);
    expect(performance.now() - from).toBeGreaterThan(1040);
    await nothingRuns();
  });

  it("that is played is ended by no clock and no late word of its page", async () => {
    await start({ limits: { warmUpMs: 1500 } });
    const id = await warm();
    const { reply } = await service.play("long", nothing);
    expect(reply.hlsSessionId).toBe(id);
    await service.fetch("/api/v1/hls/preload/long", { method: "DELETE" });
    // By the time that a later one is over, so would this one be.
    const other = await warm({}, "bob");
    await heard("playhead:hls.session.end", ({ hlsSessionId }) => hlsSessionId === other);
    expect((await service.fetch(reply.url)).status).toBe(200);
  });

  it("does not move or end a session that plays already", async () => {
    await start();
    const { reply } = await service.play("long", nothing);
    expect(await warm({ positionMs: 50_000 })).toBe(reply.hlsSessionId);
    await service.fetch("/api/v1/hls/preload/long", { method: "DELETE" });
    expect((await service.fetch(reply.url)).status).toBe(200);
  });

  it("yields its encoder in mid-encode to whoever plays, and is made when that one has enough", async () => {
    await start({ maxEncoders: 1, limits: { lookAheadS: 6 } });
    const began = heard("playhead:ffmpeg.start", ({ kind }) => kind === "video");
    await warm({ positionMs: 100_500 });
    const yielded = heard("playhead:ffmpeg.end", ({ startSegment, kind }) => kind === "video" && startSegment === at());
    const made = heard("playhead:ffmpeg.segment", ({ index, kind }) => kind === "video" && index === at() + 1);
    await began;
    // Nothing but the one request: the warm-up must still be in mid-encode.
    const body = JSON.stringify({ mediaId: "long", supported: [], positionMs: 0 });
    await service.fetch("/api/v1/playback", { method: "POST", user: "bob", body });
    expect(await yielded).toMatchObject({ reason: "stopped", segments: 0 });
    const { playlists } = await service.play("long", nothing, { user: "bob" });
    const base = playlists[0]?.base ?? "";
    const first = await service.fetch(`${base}/0.m4s`, { user: "bob" });
    expect(first.status).toBe(200);
    await made;
    expect((await service.fetch(`${base}/30.m4s`, { user: "bob" })).status).toBe(200);
    expect(service.streaming.stats().encoder.videoEncoders).toBe(1);
  });
});

describe("is refused", () => {
  it("where the file plays as it is", async () => {
    await start();
    const { info } = service.streaming.item("mp4");
    const supported = [...info.video, ...info.audio].map(({ codecString }) => codecString ?? "");
    const response = await preload("mp4", { supported });
    expect([response.status, await response.json()]).toEqual([
      409,
      { error: { code: "not_needed", message: expect.stringContaining("plays as it is") } },
    ]);
  });

  it("like playback itself, where playback is turned off", async () => {
    await start({ playback: false });
    const refusals = await Promise.all([
      preload("long"),
      service.fetch("/api/v1/playback", { method: "POST", body: JSON.stringify({ mediaId: "long", supported: [] }) }),
      service.fetch("/api/v1/stream/mp4?direct=1"),
    ]);
    for (const response of refusals) {
      expect([response.status, await response.json()]).toEqual([
        403,
        { error: { code: "playback_off", message: expect.stringContaining("PLAYHEAD_PLAYBACK") } },
      ]);
    }
    expect(starts).toEqual([]);
  });
});
