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

  /** What can't be known from requests. */
  const unknown = {
    watchMs: null,
    playingMs: null,
    pauseMs: null,
    seekCount: null,
    seekMs: null,
    switches: null,
    switchesUp: null,
    switchesDown: null,
    decodedFrames: null,
    seedScore: null,
    smoothnessScore: null,
  } as const;

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
        switchesUp: 0,
        switchesDown: 0,
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

    it("leaves out what is costly and not wanted, and nothing else", async () => {
      const app = newApp();
      await put(view(app, "one"), view(app, "two", { browser: "Firefox" }));
      const [whole] = await store().views.grouped(all(app), {});
      for (const without of [["viewers"], ["startup"], ["viewers", "startup"]] as const) {
        const some: readonly string[] = without;
        const startup = some.includes("startup") && { startupP50Ms: null, startupP75Ms: null, startupP95Ms: null };
        expect(await store().views.grouped(all(app), { without })).toEqual([
          { ...whole, ...(some.includes("viewers") && { viewers: null }), ...startup },
        ]);
        const rows = await store().views.grouped(all(app), { by: ["browser"], limit: 1, without });
        expect(rows).toMatchObject([{ viewers: some.includes("viewers") ? null : 1 }]);
      }
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
        switchesUp: 6,
        switchesDown: 3,
        averageBitrateBps: 1_400_000,
        seedScore: 50,
      });
    });

    it("leaves what a sender can't know out of sums, and out of ratios what has no denominator", async () => {
      const app = newApp();
      await put(
        view(app, "measured"),
        view(app, "told on requests", {
          ...unknown,
          source: "cmcd-request",
          startupMs: null,
          exit: "open",
          rebufferCount: 5,
          rebufferMs: 9_000,
          droppedFrames: 1_000,
          bitrateMs: 60_000,
          averageBitrateBps: 1_000_000,
        }),
        view(app, "told nothing", { ...unknown, ...unstarted, playingMs: null, watchMs: null, exit: "open" }),
      );
      const stored = await store().views.get(app, "told on requests");
      expect(stored).toMatchObject({ ...unknown, source: "cmcd-request", rebufferCount: 5 });
      const { playingMs, watchMs, rebufferMs, rebufferCount, seekCount, droppedFrames, decodedFrames, seedScore } =
        view(app, "measured");
      expect(await store().views.totals(all(app))).toMatchObject({
        views: 3,
        started: 2,
        playingMs,
        watchMs,
        rebufferMs,
        rebufferCount,
        seekCount,
        droppedFrames,
        decodedFrames,
        seedScore,
      });
      const bySource = await store().views.grouped(all(app), { by: ["source"], limit: 10 });
      expect(bySource.map(({ values, views }) => [values, views])).toEqual([
        [["sdk"], 2],
        [["cmcd-request"], 1],
      ]);
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
      const series = await store().views.grouped(all(app), { intervalMs: HOUR });
      expect(
        series.map(({ at, views, viewers, startupP50Ms }) => [(at ?? 0) - hour, views, viewers, startupP50Ms]),
      ).toEqual([
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
      const rows = await store().views.grouped(all(app), { by: ["browser"], limit: 9 });
      expect(rows.map(({ values, views, viewers, watchMs }) => [values?.[0], views, viewers, watchMs])).toEqual([
        [null, 3, 1, 56],
        ["Firefox", 2, 1, 3],
        ["Chrome", 1, 1, 4],
      ]);
      expect(await store().views.grouped(all(app), { by: ["browser"], limit: 1 })).toHaveLength(1);
    });

    it("breaks down and filters by a dimension of the page's own", async () => {
      const app = newApp();
      await put(
        view(app, "1", { custom: { "it's": "a", n: 1 } }),
        view(app, "2", { custom: { "it's": "a" } }),
        view(app, "3", { custom: { "it's": "b", n: 1 } }),
        view(app, "4", { custom: null }),
      );
      const rows = await store().views.grouped(all(app), { by: ["custom.it's"], limit: 9 });
      expect(rows.map(({ values, views }) => [values?.[0], views])).toEqual([
        ["a", 2],
        ["b", 1],
        [null, 1],
      ]);
      const filters = [{ dimension: "custom.n", op: "eq", values: ["1"] }] as const;
      expect(await store().views.totals({ ...all(app), filters })).toMatchObject({ views: 2 });
    });

    it("breaks down by several dimensions, and by them within intervals", async () => {
      const app = newApp();
      const hour = Math.floor(start / HOUR) * HOUR;
      const put3 = (viewId: string, at: number, browser: string | null, os: string) =>
        view(app, viewId, { startedAt: hour + at, browser, os });
      await put(
        put3("1", 0, "Firefox", "Linux"),
        put3("2", HOUR, "Firefox", "Linux"),
        put3("3", HOUR, "Firefox", "macOS"),
        put3("4", HOUR + 1, null, "Linux"),
        put3("5", HOUR + 2, null, "Linux"),
        put3("6", HOUR + 3, null, "Linux"),
      );
      const by = ["browser", "os"] as const;
      expect((await store().views.grouped(all(app), { by })).map(({ values, views }) => [values, views])).toEqual([
        [[null, "Linux"], 3],
        [["Firefox", "Linux"], 2],
        [["Firefox", "macOS"], 1],
      ]);
      const series = await store().views.grouped(all(app), { intervalMs: HOUR, by, limit: 2 });
      expect(series.map(({ at, values, views }) => [(at ?? 0) - hour, values, views])).toEqual([
        [0, ["Firefox", "Linux"], 1],
        [HOUR, [null, "Linux"], 3],
        [HOUR, ["Firefox", "Linux"], 1],
      ]);
      const single = await store().views.grouped(all(app), { intervalMs: HOUR, by: ["os"], limit: 1 });
      expect(single.map(({ at, values, views }) => [(at ?? 0) - hour, values, views])).toEqual([
        [0, ["Linux"], 1],
        [HOUR, ["Linux"], 4],
      ]);
    });

    it("knows the distribution of a field in each group", async () => {
      const app = newApp();
      await put(
        ...[100, 200, 300, 400, 500].map((startupMs) => view(app, `s${startupMs}`, { startupMs, mos: 4 })),
        view(app, "other", { browser: "Chrome", startupMs: 900, mos: null }),
        view(app, "never", { ...unstarted, exit: "before_start" }),
      );
      const rows = await store().views.distributions(all(app), { by: ["browser"] }, ["startupMs", "mos"]);
      const of = (browser: string) => rows.find(({ values }) => values?.[0] === browser)?.of;
      expect(of("Firefox")?.startupMs).toEqual({
        count: 5,
        mean: 300,
        p50: 300,
        p75: 400,
        p90: 460,
        p95: 480,
        p99: 496,
      });
      expect(of("Chrome")?.startupMs).toMatchObject({ count: 1, p50: 900, p99: 900 });
      const none = { count: 0, mean: null, p50: null, p75: null, p90: null, p95: null, p99: null };
      expect(of("Chrome")?.mos).toEqual(none);
      expect(await store().views.distributions(all(newApp()), { by: ["os"] }, ["mos"])).toEqual([]);
    });

    it("gives ratios, latencies and frequencies as each view's own, of views that have a denominator", async () => {
      const app = newApp();
      const more = { seekCount: 4, seekMs: 1_000, droppedFrames: 1, decodedFrames: 3 };
      await put(
        view(app, "a", { watchMs: 60_000, rebufferMs: 6_000, rebufferCount: 2, ...more }),
        view(app, "b", { watchMs: 30_000, rebufferMs: 0, rebufferCount: 0, ...more, seekMs: 2_000 }),
        view(app, "c", { ...unstarted, rebufferMs: 0, seekCount: 0, seekMs: 0, droppedFrames: 0, decodedFrames: 0 }),
        view(app, "d", { ...unknown, exit: "open" }),
      );
      const [all4] = await store().views.distributions(all(app), {}, [
        "rebufferRatio",
        "rebufferFrequencyPerMinute",
        "seekLatencyMs",
        "droppedFrameRatio",
        "switchesUp",
      ]);
      expect(all4?.of.rebufferRatio).toMatchObject({ count: 2, mean: 0.05, p50: 0.05 });
      expect(all4?.of.rebufferFrequencyPerMinute).toMatchObject({ count: 2, mean: 1, p50: 1 });
      expect(all4?.of.seekLatencyMs).toMatchObject({ count: 2, mean: 375, p50: 375 });
      expect(all4?.of.droppedFrameRatio).toMatchObject({ count: 2, mean: 0.25 });
      expect(all4?.of.switchesUp).toMatchObject({ count: 3, mean: 2 });
    });
  });
}
