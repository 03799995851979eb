import type { PlayheadEvent } from "@playhead/protocol";
import { describe, expect, it } from "vitest";
import { ofType, useBed } from "./testbed/bed.js";

const bed = useBed();

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

describe("a film played through hls.js", () => {
  it("is started when its picture is, and tells so at once", async () => {
    await bed.openPage();
    await bed.clickPlay();
    await bed.server.stored(({ type }) => type === "first_frame");
    const { clickedAt, playing } = await bed.page.evaluate(() => ({
      clickedAt: window.bed.clickedAt,
      playing: window.bed.seen.find(({ type }) => type === "playing")?.at ?? Number.NaN,
    }));
    const events = await bed.stop();
    const [first] = ofType(events, "first_frame");
    const [request] = ofType(events, "play_request");
    expect(Math.abs((first?.startupMs ?? Number.NaN) - (playing - clickedAt))).toBeLessThan(50);
    expect((first?.ts ?? 0) - (request?.ts ?? 0)).toBeCloseTo(first?.startupMs ?? Number.NaN, -1);
    expect(ofType(events, "load").map(({ url }) => url)).toEqual([`${bed.server.origin}/media/master.m3u8`]);
    expect(ofType(events, "quality_change").map(({ reason }) => reason)).toEqual(["initial"]);
    expect(ofType(events, "end").map(({ reason }) => reason)).toEqual(["left"]);
    bed.expectOneStory(events);
    expect(await bed.page.evaluate(() => window.bed.handle.stats())).toMatchObject({
      faults: 0,
      queued: 0,
      dropped: 0,
    });
    expect(bed.complaints).toEqual([]);
  });

  it("has one seek for each of ten seeks, and no stall", async () => {
    await bed.openPage();
    await bed.clickPlay();
    for (const target of [12, 3, 20, 1, 15.5, 8, 21, 5, 18, 10]) {
      await bed.page.evaluate(async (to) => {
        window.bed.video.currentTime = to;
        await window.bed.on("seeked");
        await window.bed.played(0.2);
      }, target);
    }
    const trace = await bed.page.evaluate(() => window.bed.seen);
    const events = await bed.stop();
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
    bed.expectOneStory(events);
  });

  it("takes a drag through the film for one seek", async () => {
    await bed.openPage();
    await bed.clickPlay();
    await bed.page.evaluate(async () => {
      for (let to = 2; to < 20; to += 1.5) {
        window.bed.video.currentTime = to;
        await window.bed.on("seeked");
      }
      await window.bed.played(0.3);
    });
    const events = await bed.stop();
    expect(ofType(events, "seek_start")).toHaveLength(1);
    expect(ofType(events, "seek_end").map(({ toMs }) => toMs)).toEqual([18_500]);
    expect(ofType(events, "rebuffer_start")).toEqual([]);
  });

  it("has a seek that waits for data as a long seek, not as a stall", async () => {
    await bed.openPage({}, { maxBufferLength: 3, maxMaxBufferLength: 3 });
    await bed.clickPlay();
    const release = bed.server.hold("/8.m4s");
    const seeked = bed.page.evaluate(async () => {
      const at = performance.now();
      window.bed.video.currentTime = 16.5;
      await window.bed.played(0.3);
      return at;
    });
    setTimeout(release, 1_500);
    const at = await seeked;
    const trace = await bed.page.evaluate(() => window.bed.trace);
    const events = await bed.stop();
    const moved = trace.find(([, position]) => position > 16.5)?.[0] ?? Number.NaN;
    expect(ofType(events, "rebuffer_start")).toEqual([]);
    const [seek] = ofType(events, "seek_end");
    expect(seek?.durationMs).toBeGreaterThan(1_300);
    expect(Math.abs((seek?.durationMs ?? 0) - (moved - at))).toBeLessThan(50);
  });

  it("has a stall for a segment that came too late, with its length", async () => {
    await bed.openPage({}, { maxBufferLength: 2, maxMaxBufferLength: 2 });
    const release = bed.server.hold("/2.m4s");
    await bed.clickPlay();
    await bed.page.evaluate(() => window.bed.on("waiting"));
    setTimeout(release, 2_000);
    await bed.page.evaluate(() => window.bed.played(1));
    const trace = await bed.page.evaluate(() => window.bed.trace);
    const events = await bed.stop();
    const started = trace.filter(([, position]) => position > 0);
    const truth = standstills(started, 300);
    expect(truth).toHaveLength(1);
    const ends = ofType(events, "rebuffer_end");
    expect(ofType(events, "rebuffer_start")).toHaveLength(1);
    expect(ends).toHaveLength(1);
    expect(Math.abs((ends[0]?.durationMs ?? 0) - (truth[0]?.ms ?? 0))).toBeLessThan(100);
    const [start] = ofType(events, "rebuffer_start");
    expect((ends[0]?.ts ?? 0) - (start?.ts ?? 0)).toBeCloseTo(ends[0]?.durationMs ?? 0, -1);
    bed.expectOneStory(events);
  });

  it("ends a stall where the viewer pauses", async () => {
    await bed.openPage({}, { maxBufferLength: 2, maxMaxBufferLength: 2 });
    const release = bed.server.hold("/2.m4s");
    await bed.clickPlay();
    await bed.page.evaluate(async () => {
      await window.bed.on("waiting");
      await new Promise((resolve) => setTimeout(resolve, 400));
      window.bed.video.pause();
      await new Promise((resolve) => setTimeout(resolve, 600));
    });
    release();
    await bed.page.evaluate(async () => {
      await window.bed.on("canplay");
      await window.bed.video.play();
      await window.bed.played(0.3);
    });
    const events = await bed.stop();
    const story = events.filter(({ type }) => ["rebuffer_start", "rebuffer_end", "pause", "play"].includes(type));
    expect(story.map(({ type }) => type)).toEqual(["play", "rebuffer_start", "rebuffer_end", "pause", "play"]);
    expect(Math.abs((ofType(events, "rebuffer_end")[0]?.durationMs ?? 0) - 400)).toBeLessThan(60);
  });

  it("counts watching and pausing apart", async () => {
    await bed.openPage();
    await bed.clickPlay();
    await bed.page.evaluate(async () => {
      window.bed.video.pause();
      await new Promise((resolve) => setTimeout(resolve, 800));
      await window.bed.video.play();
      await window.bed.played(1);
    });
    const watched = await bed.page.evaluate(() => window.bed.video.currentTime * 1000);
    const events = await bed.stop();
    const [end] = ofType(events, "end");
    expect(ofType(events, "pause")).toHaveLength(1);
    expect(ofType(events, "play")).toHaveLength(2);
    expect(Math.abs((end?.pauseMs ?? 0) - 800)).toBeLessThan(60);
    expect(Math.abs((end?.watchMs ?? 0) - watched)).toBeLessThan(100);
    expect(end?.decodedFrames).toBeGreaterThan(20);
    expect(end?.interactionCount).toBe(0);
  });

  it("tells how long the page's scripts held the main thread since play was pressed", async () => {
    const hold = (ms: number) =>
      bed.page.evaluate(async (time) => {
        // A task of the page's own, not one of the debugger's.
        await new Promise((resolve) => setTimeout(resolve));
        const until = performance.now() + time;
        while (performance.now() < until) continue;
      }, ms);
    await bed.openPage();
    await hold(1_000);
    await bed.clickPlay();
    const before = await bed.server.stored(({ type }) => type === "first_frame");
    await hold(400);
    const [end] = ofType(await bed.stop(), "end");
    const blockedMs = (end?.blockedMs ?? Number.NaN) - ("blockedMs" in before ? (before.blockedMs ?? 0) : 0);
    expect(end?.blockedMs).toBeLessThan(1_000);
    expect(blockedMs).toBeGreaterThanOrEqual(400);
    expect(blockedMs).toBeLessThan(600);
  });

  it("tells a rung that the viewer chose from one that hls.js chose", async () => {
    await bed.openPage();
    await bed.clickPlay();
    await bed.page.evaluate(async () => {
      window.bed.hls.nextLevel = 1;
      await window.bed.hlsEvent("hlsLevelSwitched");
    });
    await bed.page.evaluate(() => window.bed.played(0.5));
    const events = await bed.stop();
    const changes = ofType(events, "quality_change");
    expect(changes.map(({ reason }) => reason)).toEqual(["initial", "manual"]);
    expect(changes[1]).toMatchObject({ fromHeight: 180, toHeight: 360, fromWidth: 320, toWidth: 640 });
    expect(changes[1]?.toBitrateBps).toBeGreaterThan(changes[1]?.fromBitrateBps ?? Number.POSITIVE_INFINITY);
    expect(changes[1]?.codec).toMatch(/^avc1/);
  });

  it("tells each request with its times, its size and how long the server had it wait", async () => {
    await bed.openPage();
    await bed.clickPlay();
    const events = await bed.stop();
    const requests = ofType(events, "request");
    expect(requests.filter(({ kind }) => kind === "playlist").length).toBeGreaterThanOrEqual(2);
    const segment = requests.find(({ kind, segment }) => kind === "segment" && segment === 0);
    expect(segment).toMatchObject({ rendition: "low", status: 200, waitMs: 7 });
    expect(segment?.bytes).toBeGreaterThan(1_000);
    expect(segment?.durationMs).toBeGreaterThanOrEqual(segment?.ttfbMs ?? Number.NaN);
  });

  it("ends with the film, and a replay is a new view", async () => {
    await bed.openPage();
    await bed.clickPlay();
    const first = await bed.page.evaluate(async () => {
      const { viewId } = window.bed.handle;
      window.bed.video.currentTime = 23.2;
      await window.bed.on("ended");
      return viewId;
    });
    const end = await bed.server.stored(({ type }) => type === "end");
    expect(end).toMatchObject({ reason: "ended" });
    await bed.page.evaluate(async () => {
      await window.bed.video.play();
      await window.bed.played(0.3);
    });
    const second = await bed.page.evaluate(() => window.bed.handle.viewId);
    expect(second).not.toBe(first);
    await bed.stop();
    const views = new Map<string, PlayheadEvent[]>();
    for (const { context, events } of bed.server.batches) {
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
    await bed.openPage();
    await bed.clickPlay();
    await bed.page.evaluate(async () => {
      // Held to its rung, or hls.js may well choose another one when it loads again.
      window.bed.hls.loadLevel = 0;
      await window.bed.played(1);
      window.bed.hls.recoverMediaError();
      await window.bed.video.play();
      await window.bed.played(0.5);
    });
    const events = await bed.stop();
    expect(ofType(events, "load")).toHaveLength(1);
    expect(ofType(events, "seek_start")).toEqual([]);
    expect(ofType(events, "rebuffer_start")).toHaveLength(1);
    expect(ofType(events, "rebuffer_end")).toHaveLength(1);
    expect(ofType(events, "quality_change")).toHaveLength(1);
    bed.expectOneStory(events);
  });
});

describe("a live stream", () => {
  it("says that it is one, and has its stall at the edge and no seek", async () => {
    await bed.openPage({}, { liveSyncDurationCount: 1 });
    const release = bed.server.hold("/4.m4s");
    await bed.page.evaluate(() => {
      window.bed.load = () => {
        window.bed.hls.loadSource("/media/low/live.m3u8");
        window.bed.hls.attachMedia(window.bed.video);
      };
    });
    await bed.clickPlay();
    await bed.page.evaluate(() => window.bed.on("waiting"));
    setTimeout(release, 1_000);
    await bed.page.evaluate(() => window.bed.played(0.5));
    const trace = await bed.page.evaluate(() => window.bed.trace);
    const events = await bed.stop();
    const [truth, ...more] = standstills(
      trace.filter(([, position]) => position > 0),
      300,
    );
    expect(more).toEqual([]);
    expect(ofType(events, "rebuffer_end")).toHaveLength(1);
    expect(Math.abs((ofType(events, "rebuffer_end")[0]?.durationMs ?? 0) - (truth?.ms ?? 0))).toBeLessThan(100);
    expect(ofType(events, "seek_start")).toEqual([]);
    expect(ofType(events, "first_frame")[0]?.startupMs).toBeLessThan(2_000);
    const stream = bed.server.batches.flatMap(({ context }) => context.stream ?? []).at(-1);
    expect(stream).toMatchObject({ isLive: true });
    expect(stream?.durationMs === undefined || stream.durationMs < 24_000).toBe(true);
  });
});

describe("a view that fails", () => {
  it("has its fatal error, told once and at once when the page gives up", async () => {
    await bed.openPage({}, { manifestLoadPolicy: { default: { maxTimeToFirstByteMs: 1000, maxLoadTimeMs: 1000 } } });
    await bed.page.evaluate(() => {
      window.bed.load = () => {
        window.bed.hls.loadSource("/media/none.m3u8");
        window.bed.hls.attachMedia(window.bed.video);
      };
    });
    await bed.page.click("#play");
    await bed.page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      window.bed.handle.fail({ code: "gave_up" });
    });
    await bed.server.stored(({ type }) => type === "error");
    const events = await bed.stop();
    expect(ofType(events, "error")).toMatchObject([
      { code: "manifestLoadError", fatal: true, status: 404, category: "network" },
    ]);
    expect(ofType(events, "end")).toMatchObject([{ reason: "error" }]);
  });
});

describe("the element alone", () => {
  it("gives startup, seeks, pauses, quality and the end", async () => {
    await bed.openPage({}, null);
    await bed.clickPlay();
    const { clickedAt, playing } = await bed.page.evaluate(() => ({
      clickedAt: window.bed.clickedAt,
      playing: window.bed.seen.find(({ type }) => type === "playing")?.at ?? Number.NaN,
    }));
    await bed.page.evaluate(async () => {
      window.bed.video.currentTime = 10;
      await window.bed.played(0.3);
      window.bed.video.pause();
      await window.bed.on("pause");
    });
    const events = await bed.stop();
    const [first] = ofType(events, "first_frame");
    expect(Math.abs((first?.startupMs ?? Number.NaN) - (playing - clickedAt))).toBeLessThan(50);
    expect(ofType(events, "seek_end")).toHaveLength(1);
    expect(ofType(events, "pause")).toHaveLength(1);
    expect(ofType(events, "quality_change")).toMatchObject([{ reason: "initial", toHeight: 180 }]);
    expect(ofType(events, "end")).toHaveLength(1);
  });
});
