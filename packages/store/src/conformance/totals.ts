import { describe, expect, it } from "vitest";
import type { TelemetryStore } from "../store.js";
import type { StoredView, ViewSelection } from "../view-store.js";
import { newApp, start, view } from "./samples.js";

const HOUR = 3_600_000;

/** The arithmetic of a selection, against numbers worked out by hand. */
export function describeTotals(store: () => TelemetryStore): void {
  const put = (...views: readonly StoredView[]) => store().views.put(views.map((one) => ({ view: one, mark: 1n })));
  const all = (appId: string): ViewSelection => ({ appId, from: 0, to: Number.MAX_SAFE_INTEGER, filters: [] });
  const unstarted = { startupMs: null, playingMs: 0, watchMs: 0, averageBitrateBps: null, bitrateMs: 0 } as const;

  describe("totals", () => {
    it("adds nothing up to zeros and nulls", async () => {
      expect(await store().views.totals(all(newApp()))).toEqual({
        views: 0,
        attempts: 0,
        started: 0,
        startFailures: 0,
        playbackFailures: 0,
        exitsBeforeStart: 0,
        businessFailures: 0,
        viewers: 0,
        watchMs: 0,
        playingMs: 0,
        rebufferMs: 0,
        rebufferCount: 0,
        seekCount: 0,
        seekMs: 0,
        droppedFrames: 0,
        decodedFrames: 0,
        switches: 0,
        averageBitrateBps: null,
        startupP50Ms: null,
        startupP75Ms: null,
        startupP95Ms: null,
        seedScore: null,
      });
    });

    it("counts how views went, business failures apart", async () => {
      const app = newApp();
      await put(
        view(app, "ended"),
        view(app, "left", { exit: "left", viewerId: "viewer-2" }),
        view(app, "open", { exit: "open", viewerId: null }),
        view(app, "loaded only", { ...unstarted, exit: "open", playRequested: false }),
        view(app, "gave up", { ...unstarted, exit: "before_start" }),
        view(app, "left within a second", { ...unstarted, exit: "before_start", lastEventAt: start + 999 }),
        view(app, "start failure", { ...unstarted, exit: "start_failure" }),
        view(app, "not allowed", { ...unstarted, exit: "start_failure", businessError: true }),
        view(app, "broke off", { exit: "playback_failure" }),
        view(app, "no longer allowed", { exit: "playback_failure", businessError: true }),
      );
      expect(await store().views.totals(all(app))).toMatchObject({
        views: 10,
        attempts: 9,
        started: 5,
        startFailures: 1,
        playbackFailures: 1,
        exitsBeforeStart: 1,
        businessFailures: 2,
        viewers: 2,
      });
    });

    it("sums numerators and denominators, and weighs bitrates by their time", async () => {
      const app = newApp();
      await put(
        view(app, "long", { averageBitrateBps: 1_000_000, bitrateMs: 90_000, watchMs: 100_000, seedScore: 100 }),
        view(app, "short", { averageBitrateBps: 5_000_000, bitrateMs: 10_000, watchMs: 20_000, seedScore: 50 }),
        view(app, "unknown", { averageBitrateBps: null, bitrateMs: 0, watchMs: 1, seedScore: 0 }),
      );
      expect(await store().views.totals(all(app))).toMatchObject({
        watchMs: 120_001,
        playingMs: 174_000,
        rebufferMs: 4_500,
        rebufferCount: 3,
        seekCount: 3,
        seekMs: 1_500,
        droppedFrames: 15,
        decodedFrames: 4_200,
        switches: 9,
        averageBitrateBps: 1_400_000,
        seedScore: 50,
      });
    });

    it("interpolates percentiles over the views that started", async () => {
      const app = newApp();
      await put(
        ...[100, 200, 300, 400, 500].map((startupMs) => view(app, `s${startupMs}`, { startupMs })),
        view(app, "never", { ...unstarted, exit: "before_start" }),
      );
      const totals = await store().views.totals(all(app));
      expect(totals.startupP50Ms).toBe(300);
      expect(totals.startupP75Ms).toBe(400);
      expect(totals.startupP95Ms).toBeCloseTo(480, 6);
    });

    it("makes a series of the intervals that have views, in order, each with its own totals", async () => {
      const app = newApp();
      const hour = Math.floor(start / HOUR) * HOUR;
      await put(
        view(app, "late", { startedAt: hour + 3 * HOUR + 5, startupMs: 900, viewerId: "b" }),
        view(app, "first", { startedAt: hour, startupMs: 100, viewerId: "a" }),
        view(app, "second", { startedAt: hour + HOUR - 1, startupMs: 300, viewerId: "a" }),
      );
      const series = await store().views.timeseries(all(app), HOUR);
      expect(series.map(({ at, views, viewers, startupP50Ms }) => [at - hour, views, viewers, startupP50Ms])).toEqual([
        [0, 2, 1, 200],
        [3 * HOUR, 1, 1, 900],
      ]);
    });

    it("breaks down by a dimension, most views first, the unknown as null", async () => {
      const app = newApp();
      await put(
        view(app, "1", { browser: "Firefox", watchMs: 1 }),
        view(app, "2", { browser: "Firefox", watchMs: 2 }),
        view(app, "3", { browser: "Chrome", watchMs: 4 }),
        view(app, "4", { browser: null, watchMs: 8 }),
        view(app, "5", { browser: null, watchMs: 16, viewerId: null }),
        view(app, "6", { browser: null, watchMs: 32 }),
      );
      const rows = await store().views.breakdown(all(app), "browser", 9);
      expect(rows.map(({ value, views, viewers, watchMs }) => [value, views, viewers, watchMs])).toEqual([
        [null, 3, 1, 56],
        ["Firefox", 2, 1, 3],
        ["Chrome", 1, 1, 4],
      ]);
      expect(await store().views.breakdown(all(app), "browser", 1)).toHaveLength(1);
    });

    it("counts startup times in bins; a time on an edge is above it", async () => {
      const app = newApp();
      await put(
        ...[0, 499, 500, 501, 1_999, 2_000, 90_000].map((startupMs, i) => view(app, `v${i}`, { startupMs })),
        view(app, "never", { ...unstarted, exit: "before_start" }),
      );
      expect(await store().views.startupHistogram(all(app), [500, 1_000, 2_000])).toEqual([2, 2, 1, 2]);
      expect(await store().views.startupHistogram(all(app), [])).toEqual([7]);
      expect(await store().views.startupHistogram(all(newApp()), [500])).toEqual([0, 0]);
    });
  });
}
