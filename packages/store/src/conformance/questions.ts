import { describe, expect, it } from "vitest";
import type { TelemetryStore } from "../store.js";
import type { StoredView, ViewSelection } from "../view-store.js";
import { newApp, start, view } from "./samples.js";

const HOUR = 3_600_000;

/** What single dashboards ask: where starts took their time, what went wrong, how variants differ. */
export function describeQuestions(store: () => TelemetryStore): void {
  const put = (...views: readonly StoredView[]) => store().views.put(views.map((one) => ({ view: one, mark: 1n })));
  const all = (appId: string): ViewSelection => ({ appId, from: 0, to: Number.MAX_SAFE_INTEGER, filters: [] });
  const unstarted = { startupMs: null, playingMs: 0, watchMs: 0, averageBitrateBps: null, bitrateMs: 0 } as const;

  describe("the startup histogram", () => {
    it("counts startup times in bins; a time on an edge is above it", async () => {
      const app = newApp();
      await put(
        ...[0, 499, 500, 501, 1_999, 2_000, 90_000].map((startupMs, i) => view(app, `v${i}`, { startupMs })),
        view(app, "never", { ...unstarted, exit: "before_start" }),
      );
      const counted = async (appId: string, edges: readonly number[]) =>
        (await store().views.startupHistogram(all(appId), edges)).map(({ views }) => views);
      expect(await counted(app, [500, 1_000, 2_000])).toEqual([2, 2, 1, 2]);
      expect(await counted(app, [])).toEqual([7]);
      expect(await counted(newApp(), [500])).toEqual([0, 0]);
    });

    it("tells where the time went, of those views of which it is known", async () => {
      const app = newApp();
      const split = (server: number, network: number, player: number) => ({
        startServerMs: server,
        startNetworkMs: network,
        startPlayerMs: player,
      });
      await put(
        view(app, "server", { startupMs: 300, ...split(200, 50, 50) }),
        view(app, "player", { startupMs: 300, ...split(100, 50, 150) }),
        view(app, "tie", { startupMs: 300, ...split(0, 150, 150) }),
        view(app, "untold", { startupMs: 400, startServerMs: null, startNetworkMs: null, startPlayerMs: null }),
        view(app, "slow", { startupMs: 900, ...split(900, 0, 0) }),
      );
      expect(await store().views.startupHistogram(all(app), [500])).toEqual([
        {
          views: 4,
          divided: 3,
          serverMs: 300,
          networkMs: 250,
          playerMs: 350,
          mostlyServer: 1,
          mostlyNetwork: 1,
          mostlyPlayer: 1,
        },
        {
          views: 1,
          divided: 1,
          serverMs: 900,
          networkMs: 0,
          playerMs: 0,
          mostlyServer: 1,
          mostlyNetwork: 0,
          mostlyPlayer: 0,
        },
      ]);
    });
  });

  describe("error groups", () => {
    const failed = (appId: string, viewId: string, more: Partial<StoredView>) =>
      view(appId, viewId, {
        errorCount: 1,
        errorCode: "net",
        errorFingerprint: "f1",
        exit: "playback_failure",
        ...more,
      });

    it("hold the views of each fingerprint, most first, with the newest one's words", async () => {
      const app = newApp();
      await put(
        view(app, "fine"),
        failed(app, "old", { errorMessage: "GET 1 failed", viewerId: "a" }),
        failed(app, "new", { errorMessage: "GET 2 failed", startedAt: start + HOUR, viewerId: "b" }),
        failed(app, "never began", { ...unstarted, exit: "start_failure", startedAt: start + 1, viewerId: "b" }),
        failed(app, "not allowed", { exit: "playback_failure", businessError: true, startedAt: start + 2 }),
        failed(app, "went on", { errorCode: "decode", errorFingerprint: "f2", errorMessage: null, exit: "ended" }),
      );
      expect(await store().views.errorGroups(all(app), { limit: 10, samples: 3 })).toEqual([
        {
          fingerprint: "f1",
          errorCode: "net",
          errorMessage: "GET 2 failed",
          views: 4,
          viewers: 3,
          startFailures: 1,
          playbackFailures: 2,
          businessFailures: 1,
          firstSeen: start,
          lastSeen: start + HOUR,
          firstSeenEver: start,
          sampleViews: ["new", "not allowed", "never began"],
        },
        {
          fingerprint: "f2",
          errorCode: "decode",
          errorMessage: null,
          views: 1,
          viewers: 1,
          startFailures: 0,
          playbackFailures: 0,
          businessFailures: 0,
          firstSeen: start,
          lastSeen: start,
          firstSeenEver: start,
          sampleViews: ["went on"],
        },
      ]);
      expect(await store().views.errorGroups(all(app), { limit: 1, samples: 3 })).toHaveLength(1);
    });

    it("know since when an error is there, also before the selection and outside its filters", async () => {
      const app = newApp();
      await put(
        failed(app, "long ago", { startedAt: start - 100 * HOUR, browser: "Chrome" }),
        failed(app, "now", { startedAt: start, browser: "Firefox" }),
      );
      const selection: ViewSelection = {
        ...all(app),
        from: start - HOUR,
        filters: [{ dimension: "browser", op: "eq", values: ["Firefox"] }],
      };
      expect(await store().views.errorGroups(selection, { limit: 10, samples: 3 })).toMatchObject([
        { views: 1, firstSeen: start, firstSeenEver: start - 100 * HOUR, sampleViews: ["now"] },
      ]);
    });
  });

  describe("variant moments", () => {
    it("add up views by viewer, and viewers by variant", async () => {
      const app = newApp();
      const a = { experiment: "abr", variant: "a" } as const;
      await put(
        view(app, "1", { ...a, viewerId: "anna", startupMs: 100, watchMs: 10_000, rebufferMs: 1_000 }),
        view(app, "2", { ...a, viewerId: "anna", startupMs: 300, watchMs: 30_000, rebufferMs: 0 }),
        view(app, "3", { ...a, viewerId: "ben", startupMs: 500, watchMs: 20_000, rebufferMs: 3_000 }),
        view(app, "4", { ...a, viewerId: null, ...unstarted, exit: "start_failure" }),
        view(app, "5", { ...a, viewerId: null, ...unstarted, exit: "start_failure", businessError: true }),
        view(app, "6", { experiment: "abr", variant: "b", startupMs: null, playingMs: 5 }),
        view(app, "none"),
      );
      const [first, second, ...rest] = await store().views.variantMoments(all(app));
      expect(rest).toEqual([]);
      expect(first).toMatchObject({ experiment: "abr", variant: "a", views: 5, viewers: 4 });
      // Anna's two views: 400 ms in 2; Ben's: 500 ms in 1.
      expect(first?.of.startupMs).toEqual({
        viewers: 2,
        affected: 2,
        x: 900,
        y: 3,
        xx: 400 * 400 + 500 * 500,
        yy: 2 * 2 + 1,
        xy: 400 * 2 + 500,
      });
      expect(first?.of.rebufferRatio).toMatchObject({ viewers: 2, affected: 2, x: 4_000, y: 60_000 });
      expect(first?.of.startFailureRate).toMatchObject({ viewers: 4, affected: 1, x: 1, y: 5, yy: 2 * 2 + 3 });
      expect(second).toMatchObject({ variant: "b", views: 1, viewers: 1 });
      expect(second?.of.startupMs).toEqual({ viewers: 0, affected: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 });
    });

    it("are none where nobody experiments", async () => {
      const app = newApp();
      await put(view(app, "none"));
      expect(await store().views.variantMoments(all(app))).toEqual([]);
    });
  });
}
