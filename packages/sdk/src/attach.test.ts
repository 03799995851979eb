import type { PlayheadEvent } from "@playhead/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { attach } from "./index.js";
import type { AttachOptions } from "./options.js";
import { FakeHls } from "./testbed/fake-hls.js";
import { FakePageTransition, FakeVideo, fakePage, witness } from "./testbed/fake-video.js";

let page: ReturnType<typeof fakePage>;
beforeEach(() => {
  page = fakePage();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTime(ms);

/** A film of ten minutes that has played for five seconds. */
function watching(options: AttachOptions = {}) {
  const video = new FakeVideo();
  const seen = witness();
  const handle = attach(video.element, { beforeSend: seen.beforeSend, ...options });
  handle.playRequested();
  video.load("http://page.test/film.mp4", 600);
  video.play();
  pass(5_000);
  seen.events.splice(0, seen.events.findIndex(({ type }) => type === "first_frame") + 1);
  return { video, handle, seen };
}

function only<T extends PlayheadEvent["type"]>(events: readonly PlayheadEvent[], type: T) {
  const found = events.filter((event): event is Extract<PlayheadEvent, { type: T }> => event.type === type);
  expect(found).toHaveLength(1);
  return found[0]!;
}

describe("a view", () => {
  it("goes on through a source that is loaded again, which is a stall and no seek, and ends with it", async () => {
    const { video, handle, seen } = watching();
    const { viewId } = handle;
    video.load("http://page.test/film.mp4?session=2", 600, 800);
    video.seek(5, 200);
    pass(3_000);
    video.end();
    expect(handle.viewId).toBe(viewId);
    expect(seen.story()).toEqual(["rebuffer_start", "rebuffer_end", "end"]);
    expect(Math.abs((only(seen.events, "rebuffer_end").durationMs ?? 0) - 1_000)).toBeLessThan(60);
    expect(only(seen.events, "end").reason).toBe("ended");
    await handle.stop();
  });

  it("goes on with another instance of its player, and no longer listens to the first", async () => {
    const [first, second] = [new FakeHls(), new FakeHls()];
    const { video, handle, seen } = watching({ engine: first });
    const { viewId } = handle;
    first.emit("hlsLevelSwitched", { level: 0 });
    handle.setEngine(second);
    video.load("blob:http://page.test/2", 600, 500);
    second.emit("hlsLevelSwitched", { level: 0 });
    pass(1_000);
    second.emit("hlsLevelSwitched", { level: 1 });
    expect(first.isHeard).toBe(false);
    expect(handle.viewId).toBe(viewId);
    expect(seen.story()).toEqual(["rebuffer_start", "rebuffer_end"]);
    const changes = seen.events.filter(({ type }) => type === "quality_change");
    expect(changes).toMatchObject([{ toHeight: 360 }, { fromHeight: 360, toHeight: 720, reason: "abr" }]);
    await handle.stop();
    expect(second.isHeard).toBe(false);
  });

  it("goes on after an ad on the same element, which is a pause of the content", async () => {
    const { video, handle, seen } = watching();
    const { viewId } = handle;
    video.load("http://page.test/ad.mp4", 15, 300);
    pass(6_000);
    video.starve();
    pass(1_000);
    video.feed();
    pass(8_000);
    video.end();
    video.paused = false;
    video.load("http://page.test/film.mp4", 600, 400);
    video.seek(5, 200);
    pass(3_000);
    expect(handle.viewId).toBe(viewId);
    expect(seen.story()).toEqual(["rebuffer_start", "rebuffer_end", "pause", "play", "rebuffer_start", "rebuffer_end"]);
    await handle.stop();
    const end = only(seen.events, "end");
    expect(Math.abs((end.pauseMs ?? 0) - 15_000)).toBeLessThan(60);
    expect(end.reason).toBe("left");
  });

  it("has its end, and the next one has only its own", async () => {
    const { handle, seen } = watching();
    const next = witness();
    handle.replaceView({ beforeSend: next.beforeSend, mediaId: "next" });
    pass(1_000);
    expect(only(seen.events, "end").reason).toBe("replaced");
    expect(seen.events.at(-1)?.type).toBe("end");
    expect(next.story()).not.toContain("end");
    await handle.stop();
    expect(only(next.events, "end").reason).toBe("left");
  });

  it("is one for each player on the page", async () => {
    const one = watching();
    const other = watching();
    one.video.starve();
    pass(1_000);
    one.video.feed();
    pass(500);
    other.video.pause();
    expect(one.handle.viewId).not.toBe(other.handle.viewId);
    expect(one.seen.story()).toEqual(["rebuffer_start", "rebuffer_end"]);
    expect(other.seen.story()).toEqual(["pause"]);
    await Promise.all([one.handle.stop(), other.handle.stop()]);
  });
});

describe("a stall", () => {
  it("is not what is waited for in a seek, however long", async () => {
    const { video, handle, seen } = watching();
    video.seek(300, 4_000);
    pass(2_000);
    expect(seen.story()).toEqual(["seek_start", "seek_end"]);
    expect(Math.abs((only(seen.events, "seek_end").durationMs ?? 0) - 4_000)).toBeLessThan(60);
    await handle.stop();
  });

  it("stays one when the player sets the playhead to where it stands, and a small hole that it jumps is no seek", async () => {
    const { video, handle, seen } = watching();
    video.starve();
    pass(500);
    video.seek(video.currentTime, 500);
    pass(1_000);
    expect(seen.story()).toEqual(["rebuffer_start", "rebuffer_end"]);
    expect(Math.abs((only(seen.events, "rebuffer_end").durationMs ?? 0) - 1_000)).toBeLessThan(60);
    // As a player does that empties the buffer for another rung: it plays on from the last seek until then.
    video.seek(100, 50);
    pass(200);
    seen.events.splice(0);
    video.seek(video.currentTime, 500);
    pass(1_000);
    expect(Math.abs((only(seen.events, "rebuffer_end").durationMs ?? 0) - 500)).toBeLessThan(60);
    seen.events.splice(0);
    const start = video.currentTime + 1;
    video.buffered = { length: 1, start: () => start, end: () => 600 };
    video.seek(start + 0.1, 10);
    pass(1_000);
    expect(seen.story()).not.toContain("seek_start");
    await handle.stop();
  });

  it("of which nobody has said a word is no seek either, when the player pushes the playhead on", async () => {
    const { video, handle, seen } = watching();
    video.freeze();
    pass(900);
    video.seek(video.currentTime, 500);
    pass(1_000);
    expect(seen.story()).toEqual(["rebuffer_start", "rebuffer_end"]);
    await handle.stop();
  });

  it("has its length though the speed was changed just before, which the player does a little later", async () => {
    const { video, handle, seen } = watching();
    video.playbackRate = 3;
    video.tell("ratechange");
    video.lag(150, 1);
    pass(500);
    video.starve();
    pass(1_000);
    video.feed();
    pass(1_000);
    expect(Math.abs((only(seen.events, "rebuffer_end").durationMs ?? 0) - 1_000)).toBeLessThan(60);
    await handle.stop();
  });

  it("ends where the viewer pauses, and goes on being none until they play", async () => {
    const { video, handle, seen } = watching();
    video.starve();
    pass(700);
    video.pause();
    pass(5_000);
    video.feed();
    video.play();
    pass(1_000);
    expect(seen.story()).toEqual(["rebuffer_start", "rebuffer_end", "pause", "play"]);
    expect(Math.abs((only(seen.events, "rebuffer_end").durationMs ?? 0) - 700)).toBeLessThan(20);
    await handle.stop();
  });

  it.each([0.5, 2, 4])("has its length at %d times the speed, however late the element says so", async (rate) => {
    const { video, handle, seen } = watching();
    video.pause();
    video.playbackRate = rate;
    video.tell("ratechange");
    video.play();
    pass(2_100);
    video.starve(150);
    pass(1_350);
    video.feed();
    pass(1_000);
    expect(Math.abs((only(seen.events, "rebuffer_end").durationMs ?? 0) - 1_500)).toBeLessThan(20);
    await handle.stop();
  });

  it("is one at the edge of a live stream too, which has no end to wait for", async () => {
    const video = new FakeVideo();
    const seen = witness();
    const handle = attach(video.element, { beforeSend: seen.beforeSend });
    video.load("http://page.test/live.m3u8", Number.POSITIVE_INFINITY);
    video.play();
    pass(5_000);
    video.starve();
    pass(2_000);
    video.feed();
    pass(1_000);
    expect(seen.story()).toEqual(["play", "first_frame", "rebuffer_start", "rebuffer_end"]);
    await handle.stop();
  });
});

describe("a live stream", () => {
  /** Its timeline grows, as hls.js shows it: no end, but a length. */
  function watchingLive() {
    const hls = new FakeHls();
    hls.latestLevelDetails.live = true;
    return watching({ engine: hls });
  }

  it("that the player takes back to its edge after a stall was not sought in", async () => {
    const { video, handle, seen } = watchingLive();
    video.starve();
    pass(4_000);
    video.seek(video.currentTime + 20, 500);
    pass(1_000);
    expect(seen.story()).toEqual(["rebuffer_start", "rebuffer_end"]);
    expect(Math.abs((only(seen.events, "rebuffer_end").durationMs ?? 0) - 4_500)).toBeLessThan(60);
    video.seek(video.currentTime - 15, 100);
    pass(1_000);
    expect(seen.story()).toContain("seek_end");
    await handle.stop();
  });

  it("that is opened anew with little behind it is no ad", async () => {
    const { video, handle, seen } = watchingLive();
    video.load("blob:http://page.test/2", 12, 500);
    pass(2_000);
    expect(seen.story()).toEqual(["rebuffer_start", "rebuffer_end"]);
    await handle.stop();
  });
});

describe("an error of the element", () => {
  it("is fatal unless something is loaded after it", async () => {
    const { video, handle, seen } = watching();
    Object.assign(video, { error: { code: 2, message: "gone: http://page.test/film.mp4?token=1" } });
    video.tell("error");
    pass(6_000);
    expect(only(seen.events, "error")).toMatchObject({ code: "MEDIA_ERR_NETWORK", category: "network", fatal: true });
    expect(only(seen.events, "error").message).toBe("gone: (url)");
    await handle.stop();
    expect(only(seen.events, "end").reason).toBe("error");
  });

  it("is none that ended the view where the page got the film again", async () => {
    const { video, handle, seen } = watching();
    Object.assign(video, { error: { code: 3, message: "" } });
    video.tell("error");
    Object.assign(video, { error: null });
    video.load("http://page.test/film.mp4", 600, 500);
    pass(6_000);
    expect(only(seen.events, "error")).toMatchObject({ code: "MEDIA_ERR_DECODE", fatal: false });
    await handle.stop();
    expect(only(seen.events, "end").reason).toBe("left");
  });
});

describe("an error of hls.js", () => {
  it("is none where it gave up a request itself, as at each seek", async () => {
    const hls = new FakeHls();
    const { handle, seen } = watching({ engine: hls });
    hls.emit("hlsError", { type: "networkError", details: "aborted", fatal: false });
    hls.emit("hlsError", { type: "networkError", details: "fragLoadTimeOut", fatal: false });
    pass(1_000);
    expect(only(seen.events, "error")).toMatchObject({ code: "fragLoadTimeOut", fatal: false });
    await handle.stop();
  });
});

describe("a page that is not looked at", () => {
  it("has its start and its stalls although it is hidden and is given no frames", async () => {
    page.document.visibilityState = "hidden";
    const video = new FakeVideo();
    const seen = witness();
    const handle = attach(video.element, { beforeSend: seen.beforeSend });
    video.play();
    video.load("http://page.test/film.mp4", 600, 400);
    pass(5_000);
    video.starve();
    pass(2_000);
    video.feed();
    pass(3_000);
    expect(Math.abs((only(seen.events, "first_frame").startupMs ?? 0) - 400)).toBeLessThan(60);
    expect(Math.abs((only(seen.events, "rebuffer_end").durationMs ?? 0) - 2_000)).toBeLessThan(60);
    await handle.stop();
  });

  it("is paused while it lies in the back/forward cache, and is the same view when it comes back", async () => {
    const { video, handle, seen } = watching();
    const { viewId } = handle;
    page.window.dispatchEvent(new FakePageTransition("pagehide", true));
    pass(60_000);
    video.slept(60_000);
    page.window.dispatchEvent(new FakePageTransition("pageshow", true));
    pass(2_000);
    expect(seen.story()).toEqual(["pause", "play"]);
    expect(handle.viewId).toBe(viewId);
    await handle.stop();
    expect(Math.abs((only(seen.events, "end").watchMs ?? 0) - 7_000)).toBeLessThan(100);
  });

  it("has an end when it goes for good", () => {
    const { seen } = watching();
    page.window.dispatchEvent(new FakePageTransition("pagehide", false));
    expect(only(seen.events, "end").reason).toBe("left");
  });
});

describe("a clock", () => {
  it("that went on while the computer slept adds no hours of watching", async () => {
    let asleepMs = 0;
    const { handle, seen } = watching({ now: () => performance.now() + asleepMs });
    asleepMs = 8 * 3_600_000;
    pass(2_000);
    await handle.stop();
    const { watchMs = 0 } = only(seen.events, "end");
    expect(watchMs).toBeGreaterThan(6_900);
    expect(watchMs).toBeLessThan(20_000);
  });

  it("that went on while the computer slept in a stall makes it no longer", async () => {
    let asleepMs = 0;
    const { video, handle, seen } = watching({ now: () => performance.now() + asleepMs });
    video.starve();
    pass(500);
    asleepMs = 3_600_000;
    pass(500);
    video.feed();
    pass(1_000);
    await handle.stop();
    expect(only(seen.events, "rebuffer_end").durationMs).toBeLessThan(12_000);
  });

  it("that is set while the film plays moves no event", async () => {
    const { video, handle, seen } = watching();
    video.pause();
    vi.setSystemTime(Date.now() - 7_200_000);
    pass(1_000);
    video.play();
    pass(1_000);
    await handle.stop();
    expect(only(seen.events, "play").ts - only(seen.events, "pause").ts).toBe(1_000);
  });
});
