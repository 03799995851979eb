import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { PlayheadEvent } from "@playhead/protocol";
import Hls from "hls.js";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AttachOptions, Handle } from "./options.js";
import { bundleSdk, readHlsJs } from "./testbed/bundle.js";
import { type Film, makeFilm } from "./testbed/fixture.js";
import { testPage } from "./testbed/page.js";
import { startServer, type TestServer } from "./testbed/server.js";

declare global {
  interface Window {
    bed: {
      video: HTMLVideoElement;
      hls: Hls;
      handle: Handle;
      trace: [at: number, position: number][];
      seen: { type: string; at: number; position: number }[];
      clickedAt: number;
      errors: string[];
      open(options: AttachOptions, hlsConfig?: object | null): void;
      load(): void;
      on(type: string): Promise<Event>;
      hlsEvent(name: string): Promise<void>;
      played(seconds: number): Promise<void>;
    };
  }
}

let film: Film;
let server: TestServer;
let browser: BrowserContext;
let profile: string;
let sdkCode: string;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  const [made, sdk, hls] = await Promise.all([makeFilm(), bundleSdk(), readHlsJs()]);
  film = made;
  sdkCode = sdk;
  server = await startServer(film.folder, { "/": testPage, "/index.html": testPage, "/sdk.js": sdk, "/hls.js": hls });
  profile = await mkdtemp(join(tmpdir(), "playhead-sdk-profile-"));
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-quic",
      "--no-first-run",
      "--disable-component-update",
      "--disable-sync",
      "--mute-audio",
    ],
  });
});

afterEach(async () => {
  await page.close();
  server.reset();
});

afterAll(async () => {
  await browser.close();
  await server.close();
  await film.remove();
  await rm(profile, { recursive: true, force: true });
});

async function openPage(options: AttachOptions = {}, hlsConfig: object | null = {}): Promise<void> {
  page = await browser.newPage();
  complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${server.origin}/index.html`);
  await page.evaluate(([options, hlsConfig]) => window.bed.open(options ?? {}, hlsConfig), [
    options,
    hlsConfig,
  ] as const);
}

async function clickPlay(): Promise<void> {
  await page.click("#play");
  await page.evaluate(() => window.bed.played(0.3));
}

async function stop(): Promise<PlayheadEvent[]> {
  await page.evaluate(() => window.bed.handle.stop());
  return server.events();
}

function ofType<T extends PlayheadEvent["type"]>(events: PlayheadEvent[], type: T) {
  return events.filter((event): event is Extract<PlayheadEvent, { type: T }> => event.type === type);
}

/** Stretches in which the witness saw the playhead stand for at least `leastMs`, until it saw it elsewhere. */
function standstills(trace: [number, number][], leastMs: number): { from: number; ms: number }[] {
  const found: { from: number; ms: number }[] = [];
  let first = trace[0];
  let last = first;
  for (const sample of trace) {
    if (!first || !last) break;
    if (sample[1] !== first[1]) {
      if (last[0] - first[0] >= leastMs) found.push({ from: first[0], ms: sample[0] - first[0] });
      first = sample;
    }
    last = sample;
  }
  return found;
}

function expectOneStory(events: PlayheadEvent[]): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));
  const times = events
    .filter(({ type }) => !["play_request", "request", "heartbeat", "custom", "error", "quality_change"].includes(type))
    .map(({ ts }) => ts);
  expect(times.every((time, i) => time >= (times[i - 1] ?? 0))).toBe(true);
  expect([...server.copies().values()].every((count) => count === 1)).toBe(true);
}

describe("a film played through hls.js", () => {
  it("is started when its picture is, and tells so at once", async () => {
    await openPage();
    await clickPlay();
    await server.stored(({ type }) => type === "first_frame");
    const { clickedAt, playing } = await page.evaluate(() => ({
      clickedAt: window.bed.clickedAt,
      playing: window.bed.seen.find(({ type }) => type === "playing")?.at ?? Number.NaN,
    }));
    const events = await stop();
    const [first] = ofType(events, "first_frame");
    const [request] = ofType(events, "play_request");
    expect(Math.abs((first?.startupMs ?? Number.NaN) - (playing - clickedAt))).toBeLessThan(50);
    expect((first?.ts ?? 0) - (request?.ts ?? 0)).toBeCloseTo(first?.startupMs ?? Number.NaN, -1);
    expect(ofType(events, "load").map(({ url }) => url)).toEqual([`${server.origin}/media/master.m3u8`]);
    expect(ofType(events, "quality_change").map(({ reason }) => reason)).toEqual(["initial"]);
    expect(ofType(events, "end").map(({ reason }) => reason)).toEqual(["left"]);
    expectOneStory(events);
    expect(await page.evaluate(() => window.bed.handle.stats())).toMatchObject({ faults: 0, queued: 0, dropped: 0 });
    expect(complaints).toEqual([]);
  });

  it("has one seek for each of ten seeks, and no stall", async () => {
    await openPage();
    await clickPlay();
    for (const target of [12, 3, 20, 1, 15.5, 8, 21, 5, 18, 10]) {
      await page.evaluate(async (to) => {
        window.bed.video.currentTime = to;
        await window.bed.on("seeked");
        await window.bed.played(0.2);
      }, target);
    }
    const trace = await page.evaluate(() => window.bed.seen);
    const events = await stop();
    expect(ofType(events, "seek_start").map(({ toMs }) => toMs)).toEqual(
      [12, 3, 20, 1, 15.5, 8, 21, 5, 18, 10].map((seconds) => seconds * 1000),
    );
    expect(ofType(events, "seek_end")).toHaveLength(10);
    expect(ofType(events, "rebuffer_start")).toEqual([]);
    expect(ofType(events, "pause")).toEqual([]);
    const froms = ofType(events, "seek_start").map(({ fromMs }) => fromMs ?? Number.NaN);
    for (const [i, target] of [0, 12, 3, 20, 1, 15.5, 8, 21, 5, 18].entries()) {
      expect(Math.abs((froms[i] ?? 0) - target * 1000)).toBeLessThan(700);
    }
    expect(trace.filter(({ type }) => type === "seeking")).toHaveLength(10);
    expectOneStory(events);
  });

  it("takes a drag through the film for one seek", async () => {
    await openPage();
    await clickPlay();
    await page.evaluate(async () => {
      for (let to = 2; to < 20; to += 1.5) {
        window.bed.video.currentTime = to;
        await window.bed.on("seeked");
      }
      await window.bed.played(0.3);
    });
    const events = await stop();
    expect(ofType(events, "seek_start")).toHaveLength(1);
    expect(ofType(events, "seek_end").map(({ toMs }) => toMs)).toEqual([18_500]);
    expect(ofType(events, "rebuffer_start")).toEqual([]);
  });

  it("has a seek that waits for data as a long seek, not as a stall", async () => {
    await openPage({}, { maxBufferLength: 3, maxMaxBufferLength: 3 });
    await clickPlay();
    const release = server.hold("/8.m4s");
    const seeked = page.evaluate(async () => {
      const at = performance.now();
      window.bed.video.currentTime = 16.5;
      await window.bed.played(0.3);
      return at;
    });
    setTimeout(release, 1_500);
    const at = await seeked;
    const trace = await page.evaluate(() => window.bed.trace);
    const events = await stop();
    const moved = trace.find(([, position]) => position > 16.5)?.[0] ?? Number.NaN;
    expect(ofType(events, "rebuffer_start")).toEqual([]);
    const [seek] = ofType(events, "seek_end");
    expect(seek?.durationMs).toBeGreaterThan(1_300);
    expect(Math.abs((seek?.durationMs ?? 0) - (moved - at))).toBeLessThan(50);
  });

  it("has a stall for a segment that came too late, with its length", async () => {
    await openPage({}, { maxBufferLength: 2, maxMaxBufferLength: 2 });
    const release = server.hold("/2.m4s");
    await clickPlay();
    await page.evaluate(() => window.bed.on("waiting"));
    setTimeout(release, 2_000);
    await page.evaluate(() => window.bed.played(1));
    const trace = await page.evaluate(() => window.bed.trace);
    const events = await stop();
    const started = trace.filter(([, position]) => position > 0);
    const truth = standstills(started, 300);
    expect(truth).toHaveLength(1);
    const ends = ofType(events, "rebuffer_end");
    expect(ofType(events, "rebuffer_start")).toHaveLength(1);
    expect(ends).toHaveLength(1);
    expect(Math.abs((ends[0]?.durationMs ?? 0) - (truth[0]?.ms ?? 0))).toBeLessThan(100);
    const [start] = ofType(events, "rebuffer_start");
    expect((ends[0]?.ts ?? 0) - (start?.ts ?? 0)).toBeCloseTo(ends[0]?.durationMs ?? 0, -1);
    expectOneStory(events);
  });

  it("ends a stall where the viewer pauses", async () => {
    await openPage({}, { maxBufferLength: 2, maxMaxBufferLength: 2 });
    const release = server.hold("/2.m4s");
    await clickPlay();
    await page.evaluate(async () => {
      await window.bed.on("waiting");
      await new Promise((resolve) => setTimeout(resolve, 400));
      window.bed.video.pause();
      await new Promise((resolve) => setTimeout(resolve, 600));
    });
    release();
    await page.evaluate(async () => {
      await window.bed.on("canplay");
      await window.bed.video.play();
      await window.bed.played(0.3);
    });
    const events = await stop();
    const story = events.filter(({ type }) => ["rebuffer_start", "rebuffer_end", "pause", "play"].includes(type));
    expect(story.map(({ type }) => type)).toEqual(["play", "rebuffer_start", "rebuffer_end", "pause", "play"]);
    expect(Math.abs((ofType(events, "rebuffer_end")[0]?.durationMs ?? 0) - 400)).toBeLessThan(60);
  });

  it("counts watching and pausing apart", async () => {
    await openPage();
    await clickPlay();
    await page.evaluate(async () => {
      window.bed.video.pause();
      await new Promise((resolve) => setTimeout(resolve, 800));
      await window.bed.video.play();
      await window.bed.played(1);
    });
    const watched = await page.evaluate(() => window.bed.video.currentTime * 1000);
    const events = await stop();
    const [end] = ofType(events, "end");
    expect(ofType(events, "pause")).toHaveLength(1);
    expect(ofType(events, "play")).toHaveLength(2);
    expect(Math.abs((end?.pauseMs ?? 0) - 800)).toBeLessThan(60);
    expect(Math.abs((end?.watchMs ?? 0) - watched)).toBeLessThan(100);
    expect(end?.decodedFrames).toBeGreaterThan(20);
    expect(end?.interactionCount).toBe(0);
  });

  it("tells a rung that the viewer chose from one that hls.js chose", async () => {
    await openPage();
    await clickPlay();
    await page.evaluate(async () => {
      window.bed.hls.nextLevel = 1;
      await window.bed.hlsEvent("hlsLevelSwitched");
    });
    await page.evaluate(() => window.bed.played(0.5));
    const events = await stop();
    const changes = ofType(events, "quality_change");
    expect(changes.map(({ reason }) => reason)).toEqual(["initial", "manual"]);
    expect(changes[1]).toMatchObject({ fromHeight: 180, toHeight: 360, fromWidth: 320, toWidth: 640 });
    expect(changes[1]?.toBitrateBps).toBeGreaterThan(changes[1]?.fromBitrateBps ?? Number.POSITIVE_INFINITY);
    expect(changes[1]?.codec).toMatch(/^avc1/);
  });

  it("tells each request with its times, its size and how long the server had it wait", async () => {
    await openPage();
    await clickPlay();
    const events = await stop();
    const requests = ofType(events, "request");
    expect(requests.filter(({ kind }) => kind === "playlist").length).toBeGreaterThanOrEqual(2);
    const segment = requests.find(({ kind, segment }) => kind === "segment" && segment === 0);
    expect(segment).toMatchObject({ rendition: "low", status: 200, waitMs: 7 });
    expect(segment?.bytes).toBeGreaterThan(1_000);
    expect(segment?.durationMs).toBeGreaterThanOrEqual(segment?.ttfbMs ?? Number.NaN);
  });

  it("ends with the film, and a replay is a new view", async () => {
    await openPage();
    await clickPlay();
    const first = await page.evaluate(async () => {
      const { viewId } = window.bed.handle;
      window.bed.video.currentTime = 23.2;
      await window.bed.on("ended");
      return viewId;
    });
    const end = await server.stored(({ type }) => type === "end");
    expect(end).toMatchObject({ reason: "ended" });
    await page.evaluate(async () => {
      await window.bed.video.play();
      await window.bed.played(0.3);
    });
    const second = await page.evaluate(() => window.bed.handle.viewId);
    expect(second).not.toBe(first);
    await stop();
    const views = new Map<string, PlayheadEvent[]>();
    for (const { context, events } of server.batches) {
      views.set(context.viewId, [...(views.get(context.viewId) ?? []), ...events]);
    }
    expect([...views.keys()]).toEqual([first, second]);
    expect(ofType(views.get(first) ?? [], "pause")).toEqual([]);
    expect(ofType(views.get(first) ?? [], "rebuffer_start")).toEqual([]);
    expect(ofType(views.get(second) ?? [], "first_frame")).toHaveLength(1);
    expect(ofType(views.get(second) ?? [], "first_frame")[0]?.startupMs).toBeLessThan(500);
    expect(ofType(views.get(second) ?? [], "seek_start")).toEqual([]);
  });

  it("stays one view through a recovery, which is a stall and no seek", async () => {
    await openPage();
    await clickPlay();
    await page.evaluate(async () => {
      // Held to its rung, or hls.js may well choose another one when it loads again.
      window.bed.hls.loadLevel = 0;
      await window.bed.played(1);
      window.bed.hls.recoverMediaError();
      await window.bed.video.play();
      await window.bed.played(0.5);
    });
    const events = await stop();
    expect(ofType(events, "load")).toHaveLength(1);
    expect(ofType(events, "seek_start")).toEqual([]);
    expect(ofType(events, "rebuffer_start")).toHaveLength(1);
    expect(ofType(events, "rebuffer_end")).toHaveLength(1);
    expect(ofType(events, "quality_change")).toHaveLength(1);
    expectOneStory(events);
  });
});

describe("a view that fails", () => {
  it("has its fatal error, told once and at once when the page gives up", async () => {
    await openPage({}, { manifestLoadPolicy: { default: { maxTimeToFirstByteMs: 1000, maxLoadTimeMs: 1000 } } });
    await page.evaluate(() => {
      window.bed.load = () => {
        window.bed.hls.loadSource("/media/none.m3u8");
        window.bed.hls.attachMedia(window.bed.video);
      };
    });
    await page.click("#play");
    await page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      window.bed.handle.fail({ code: "gave_up" });
    });
    await server.stored(({ type }) => type === "error");
    const events = await stop();
    expect(ofType(events, "error")).toMatchObject([
      { code: "manifestLoadError", fatal: true, status: 404, category: "network" },
    ]);
    expect(ofType(events, "end")).toMatchObject([{ reason: "error" }]);
  });
});

describe("the element alone", () => {
  it("gives startup, seeks, pauses, quality and the end", async () => {
    await openPage({}, null);
    await clickPlay();
    const { clickedAt, playing } = await page.evaluate(() => ({
      clickedAt: window.bed.clickedAt,
      playing: window.bed.seen.find(({ type }) => type === "playing")?.at ?? Number.NaN,
    }));
    await page.evaluate(async () => {
      window.bed.video.currentTime = 10;
      await window.bed.played(0.3);
      window.bed.video.pause();
      await window.bed.on("pause");
    });
    const events = await stop();
    const [first] = ofType(events, "first_frame");
    expect(Math.abs((first?.startupMs ?? Number.NaN) - (playing - clickedAt))).toBeLessThan(50);
    expect(ofType(events, "seek_end")).toHaveLength(1);
    expect(ofType(events, "pause")).toHaveLength(1);
    expect(ofType(events, "quality_change")).toMatchObject([{ reason: "initial", toHeight: 180 }]);
    expect(ofType(events, "end")).toHaveLength(1);
  });
});

describe("the way to the server", () => {
  it("brings the end of a closed page exactly once", async () => {
    await openPage();
    await clickPlay();
    await server.stored(({ type }) => type === "first_frame");
    await page.close({ runBeforeUnload: true });
    await server.stored(({ type }) => type === "end");
    const events = server.events();
    expect(ofType(events, "end")).toMatchObject([{ reason: "left" }]);
    expectOneStory(events);
  });

  it("brings the end of a page that is left for another exactly once", async () => {
    await openPage();
    await clickPlay();
    await page.goto("about:blank");
    await server.stored(({ type }) => type === "end");
    expectOneStory(server.events());
  });

  it("loses and doubles nothing through 500, 429 and cut connections", async () => {
    await openPage({ batchMs: 300, heartbeatMs: 300 });
    server.answer = (post) => {
      const turn = post % 5;
      if (post > 8 || turn === 0) return { status: 200 };
      if (turn === 1) return { status: 500 };
      if (turn === 2) return { status: 429, headers: { "retry-after": "1" } };
      return { cut: turn === 3 ? "before" : "after" };
    };
    await clickPlay();
    await page.evaluate(() => window.bed.played(1.5));
    await page.evaluate(() => window.bed.handle.stop());
    await server.stored(({ type }) => type === "end");
    const events = server.events();
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));
    expect(await page.evaluate(() => window.bed.handle.stats())).toMatchObject({ dropped: 0 });
    const [, second, third] = server.posts;
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  it("does not send again what the server refuses, and says how much that was", async () => {
    await openPage({ batchMs: 200 });
    server.answer = (post) => (post === 1 ? { status: 400 } : { status: 200 });
    await clickPlay();
    const lost = await server.stored(({ type }) => type === "custom");
    expect(lost).toMatchObject({ name: "playhead.dropped", data: { count: expect.any(Number) } });
    expect((lost as { data: { count: number } }).data.count).toBeGreaterThan(0);
  });

  it("is light: plain text without a preflight, few requests, a few kilobytes a minute", async () => {
    await openPage();
    await clickPlay();
    await page.evaluate(() => window.bed.played(12));
    await stop();
    expect(server.posts.length).toBeLessThanOrEqual(4);
    expect(server.posts.every(({ contentType }) => contentType?.startsWith("text/plain"))).toBe(true);
    expect(complaints).toEqual([]);
  });
});

describe("the page it is in", () => {
  it("plays on when every API the SDK uses throws", async () => {
    page = await browser.newPage();
    complaints = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`${server.origin}/index.html`);
    await page.evaluate(() => {
      const broken = () => {
        throw new Error("broken on purpose");
      };
      Object.defineProperty(window.crypto, "getRandomValues", { value: broken });
      Object.defineProperty(Navigator.prototype, "userAgent", { get: broken });
      Object.defineProperty(Navigator.prototype, "connection", { get: broken });
      Object.defineProperty(Navigator.prototype, "sendBeacon", { value: broken });
      HTMLVideoElement.prototype.getVideoPlaybackQuality = broken;
      HTMLVideoElement.prototype.requestVideoFrameCallback = broken;
      window.open = broken;
      const sdkOnly = () => /sdk\.js/.test(new Error().stack ?? "");
      const spoil = (owner: object, name: string) => {
        const own = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
        Reflect.set(owner, name, function (this: unknown, ...args: unknown[]) {
          if (sdkOnly()) throw new Error("broken on purpose");
          return own.apply(this, args);
        });
      };
      spoil(window, "fetch");
      spoil(window, "setTimeout");
      spoil(window, "setInterval");
      spoil(window, "requestAnimationFrame");
      spoil(EventTarget.prototype, "addEventListener");
      spoil(JSON, "stringify");
      window.bed.open({}, {});
    });
    await clickPlay();
    await page.evaluate(async () => {
      window.bed.video.currentTime = 5;
      await window.bed.played(0.3);
      window.bed.handle.custom("x", 1);
      await window.bed.handle.flush();
      await window.bed.handle.stop();
    });
    expect(await page.evaluate(() => window.bed.errors)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe("the package", () => {
  it("is at most 9 KB when minified and compressed", () => {
    const bytes = gzipSync(sdkCode, { level: 9 }).length;
    expect(bytes).toBeLessThanOrEqual(9 * 1024);
  });
});
