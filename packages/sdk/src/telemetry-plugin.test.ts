import { gunzipSync } from "node:zlib";
import type { Batch } from "@playhead/protocol";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TelemetryPlugin } from "./telemetry-plugin.js";
import { FakeHls } from "./testbed/fake-hls.js";
import { FakeVideo, fakePage } from "./testbed/fake-video.js";

let batches: Batch[];
beforeEach(() => {
  fakePage();
  batches = [];
  const connection = { downlink: 10, rtt: 50, effectiveType: "4g" };
  vi.stubGlobal("navigator", { userAgent: "Test", maxTouchPoints: 0, onLine: true, connection });
  vi.stubGlobal("fetch", (url: string, { body }: { body: string | Uint8Array }) => {
    expect(url).toBe("http://page.test/telemetry");
    batches.push(JSON.parse(typeof body === "string" ? body : gunzipSync(body).toString()));
    return Promise.resolve(new Response("{}"));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("collects and sends what seed 003 says of it", async () => {
  const hls = new FakeHls();
  const video = new FakeVideo();
  const telemetry = new TelemetryPlugin(hls, video.element, "viewer123");
  video.load("blob:http://page.test/1", 600);
  hls.emit("hlsLevelSwitched", { level: 0 });
  video.play();
  vi.advanceTimersByTime(3_000);
  video.starve();
  vi.advanceTimersByTime(1_000);
  video.feed();
  vi.advanceTimersByTime(8_000);
  hls.emit("hlsLevelSwitched", { level: 1 });
  video.pause();
  vi.advanceTimersByTime(1_000);
  hls.emit("hlsError", { type: "networkError", details: "fragLoadError", fatal: true });
  vi.advanceTimersByTime(6_000);
  await telemetry.handle.stop();

  const events = batches.flatMap((batch) => batch.events);
  const types = events.map(({ type }) => type);
  for (const type of ["play", "pause", "rebuffer_start", "rebuffer_end", "quality_change", "error", "heartbeat"])
    expect(types).toContain(type);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(new Set(batches.map(({ context }) => `${context.viewerId} ${context.viewId}`)).size).toBe(1);
  // Each field is sent again only when it has changed.
  expect(Object.assign({}, ...batches.map(({ context }) => context))).toMatchObject({
    viewerId: "viewer123",
    player: { name: "hls.js", version: "1.7.4" },
    device: { screenWidth: 1920, screenHeight: 1080 },
    network: { downlinkMbps: 10, rttMs: 50, effectiveType: "4g" },
    stream: { isLive: false, durationMs: 600_000 },
  });
  expect(events.find(({ type }) => type === "end")).toMatchObject({
    watchMs: expect.any(Number),
    pauseMs: expect.any(Number),
    interactionCount: 0,
    bitrateBps: 3_000_000,
    bufferMs: 0,
  });
});

it("has an anonymous viewer where none is named, and takes the options of attach", async () => {
  const telemetry = new TelemetryPlugin(new FakeHls(), new FakeVideo().element, undefined, {
    mediaId: "film",
    endpoint: "telemetry?app=1",
    anonymous: "none",
  });
  vi.stubGlobal("fetch", (url: string, { body }: { body: string }) => {
    expect(url).toBe("http://page.test/telemetry?app=1");
    batches.push(JSON.parse(body));
    return Promise.resolve(new Response("{}"));
  });
  telemetry.handle.custom("hello");
  await telemetry.handle.flush();
  expect(batches[0]?.context).toMatchObject({ mediaId: "film" });
  expect(batches[0]?.context).not.toHaveProperty("viewerId");
});
