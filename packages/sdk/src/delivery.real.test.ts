import { describe, expect, it } from "vitest";
import { ofType, useBed } from "./testbed/bed.js";

/** How what was seen reaches the server, and what it does to the page; nothing here is measured to the millisecond. */
const bed = useBed();

describe("the way to the server", () => {
  it("brings the end of a closed page exactly once", async () => {
    await bed.openPage();
    await bed.clickPlay();
    await bed.server.stored(({ type }) => type === "first_frame");
    await bed.page.close({ runBeforeUnload: true });
    await bed.server.stored(({ type }) => type === "end");
    const events = bed.server.events();
    expect(ofType(events, "end")).toMatchObject([{ reason: "left" }]);
    bed.expectOneStory(events);
  });

  it("brings the end of a page that is left for another exactly once", async () => {
    await bed.openPage();
    await bed.clickPlay();
    await bed.page.goto("about:blank");
    await bed.server.stored(({ type }) => type === "end");
    bed.expectOneStory(bed.server.events());
  });

  it("loses and doubles nothing through 500, 429 and cut connections", async () => {
    await bed.openPage({ batchMs: 300, heartbeatMs: 300 });
    bed.server.answer = (post) => {
      const turn = post % 5;
      if (post > 8 || turn === 0) return { status: 200 };
      if (turn === 1) return { status: 500 };
      if (turn === 2) return { status: 429, headers: { "retry-after": "1" } };
      return { cut: turn === 3 ? "before" : "after" };
    };
    await bed.clickPlay();
    await bed.page.evaluate(() => window.bed.played(1.5));
    await bed.page.evaluate(() => window.bed.handle.stop());
    await bed.server.stored(({ type }) => type === "end");
    const events = bed.server.events();
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));
    expect(await bed.page.evaluate(() => window.bed.handle.stats())).toMatchObject({ dropped: 0 });
    const [, second, third] = bed.server.posts;
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  it("tells what the viewer does within a second or so, long before the batch is due", async () => {
    await bed.openPage({ batchMs: 60_000 });
    await bed.clickPlay();
    await bed.server.stored(({ type }) => type === "first_frame");
    const since = await bed.page.evaluate(() => {
      window.bed.video.pause();
      return Date.now();
    });
    await bed.server.stored(({ type }) => type === "pause");
    expect(Date.now() - since).toBeLessThan(1_500);
  });

  it("does not send again what the server refuses, and says how much that was", async () => {
    await bed.openPage({ batchMs: 200 });
    bed.server.answer = (post) => (post === 1 ? { status: 400 } : { status: 200 });
    await bed.clickPlay();
    const lost = await bed.server.stored(({ type }) => type === "custom");
    expect(lost).toMatchObject({ name: "playhead.dropped", data: { count: expect.any(Number) } });
    expect((lost as { data: { count: number } }).data.count).toBeGreaterThan(0);
  });

  it("is light: plain text without a preflight, few requests, a few kilobytes a minute", async () => {
    await bed.openPage();
    await bed.clickPlay();
    await bed.page.evaluate(() => window.bed.played(12));
    await bed.stop();
    expect(bed.server.posts.length).toBeLessThanOrEqual(4);
    expect(bed.server.posts.every(({ contentType }) => contentType?.startsWith("text/plain"))).toBe(true);
    expect(bed.complaints).toEqual([]);
  });
});

describe("the page it is in", () => {
  it("plays on when every API the SDK uses throws", async () => {
    await bed.openBarePage();
    await bed.page.evaluate(() => {
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
    await bed.clickPlay();
    await bed.page.evaluate(async () => {
      window.bed.video.currentTime = 5;
      await window.bed.played(0.3);
      window.bed.handle.custom("x", 1);
      await window.bed.handle.flush();
      await window.bed.handle.stop();
    });
    expect(await bed.page.evaluate(() => window.bed.errors)).toEqual([]);
    expect(bed.complaints).toEqual([]);
  });
});
