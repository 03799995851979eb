import { describe, expect, it } from "vitest";
import type { TelemetryStore } from "../store.js";
import { InvalidCursorError, type StoredView, type ViewFilter, type ViewSelection } from "../view-store.js";
import { newApp, start, view } from "./samples.js";

/** What every store of folded views keeps to. */
export function describeViews(store: () => TelemetryStore): void {
  const put = (...views: readonly StoredView[]) => store().views.put(views.map((one) => ({ view: one, mark: 1n })));
  const all = (appId: string, ...filters: readonly ViewFilter[]): ViewSelection => ({
    appId,
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    filters,
  });

  describe("views", () => {
    it("gives back a view exactly as it was put, and its later fold in its place", async () => {
      const app = newApp();
      const bare = view(app, "bare", {
        viewerId: null,
        mediaId: null,
        hlsSessionId: null,
        startupMs: null,
        averageBitrateBps: null,
        fps: null,
        positionMs: null,
        mos: null,
        startupScore: null,
        browser: null,
        os: null,
        deviceType: null,
        playerName: null,
        playerVersion: null,
        codec: null,
        container: null,
        delivery: null,
      });
      const full = view(app, "full", {
        smoothnessScore: 1 / 3,
        errorCode: "c",
        errorMessage: "It's\n🎬",
        businessError: true,
        experiment: "e",
        variant: "v",
        droppedFrames: Number.MAX_SAFE_INTEGER,
        exit: "playback_failure",
      });
      await put(bare, full);
      expect(await store().views.get(app, "bare")).toStrictEqual(bare);
      expect(await store().views.get(app, "full")).toStrictEqual(full);
      const later = { ...full, exit: "left" as const, watchMs: 1 };
      await put(later);
      expect(await store().views.get(app, "full")).toStrictEqual(later);
      expect(await store().views.get(newApp(), "full")).toBeUndefined();
      expect(await store().views.get(app, "\0")).toBeUndefined();
    });

    it("lists newest first, page by page, each once, ties included", async () => {
      const app = newApp();
      const views = Array.from({ length: 23 }, (_, i) =>
        view(app, `v${String(i).padStart(2, "0")}`, { startedAt: start + Math.floor(i / 4) * 1_000 }),
      );
      await put(...views);
      const seen: StoredView[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await store().views.list(all(app), cursor === undefined ? { limit: 5 } : { limit: 5, cursor });
        expect(page.views.length).toBeLessThanOrEqual(5);
        seen.push(...page.views);
        cursor = page.next;
        pages++;
      } while (cursor !== undefined);
      expect(pages).toBe(5);
      expect(seen).toHaveLength(23);
      expect(new Set(seen.map(({ viewId }) => viewId)).size).toBe(23);
      expect(seen.map(({ startedAt }) => startedAt)).toEqual(views.map((v) => v.startedAt).toSorted((a, b) => b - a));
    });

    it("has no next page after one that is exactly full, and none when empty", async () => {
      const app = newApp();
      await put(view(app, "a"), view(app, "b"));
      expect((await store().views.list(all(app), { limit: 2 })).next).toBeUndefined();
      expect(await store().views.list(all(newApp()), { limit: 2 })).toEqual({ views: [] });
    });

    it.each(["", "x", "bnVsbA", "WzEsMl0", "W10", "💥", "WyJhIiwiYiJd"])("refuses the cursor %j", async (cursor) => {
      await expect(store().views.list(all(newApp()), { limit: 2, cursor })).rejects.toThrow(InvalidCursorError);
    });

    it("selects by the start, from inclusive and to exclusive", async () => {
      const app = newApp();
      await put(...[0, 1, 2, 3].map((i) => view(app, `v${i}`, { startedAt: start + i })));
      const page = await store().views.list({ appId: app, from: start + 1, to: start + 3, filters: [] }, { limit: 9 });
      expect(page.views.map(({ viewId }) => viewId)).toEqual(["v2", "v1"]);
    });

    it.each<[string, ViewFilter[], string[]]>([
      ["eq", [{ dimension: "browser", op: "eq", values: ["Firefox"] }], ["a"]],
      ["in", [{ dimension: "browser", op: "in", values: ["Firefox", "Safari"] }], ["a", "c"]],
      ["in nothing", [{ dimension: "browser", op: "in", values: [] }], []],
      ["ne, which keeps what is unknown", [{ dimension: "browser", op: "ne", values: ["Firefox"] }], ["b", "c", "d"]],
      ["quotes as data", [{ dimension: "browser", op: "eq", values: ["' OR true --"] }], []],
      ["a value that can't be stored", [{ dimension: "browser", op: "eq", values: ["\0"] }], []],
      [
        "two filters at once",
        [
          { dimension: "deviceType", op: "eq", values: ["phone"] },
          { dimension: "errorCode", op: "eq", values: ["boom"] },
        ],
        ["c"],
      ],
    ])("filters: %s", async (_, filters, expected) => {
      const app = newApp();
      await put(
        view(app, "a", { browser: "Firefox" }),
        view(app, "b", { browser: "Chrome", deviceType: "phone" }),
        view(app, "c", { browser: "Safari", deviceType: "phone", errorCode: "boom" }),
        view(app, "d", { browser: null }),
      );
      const { views } = await store().views.list(all(app, ...filters), { limit: 9 });
      expect(views.map(({ viewId }) => viewId).toSorted()).toEqual(expected);
      expect((await store().views.totals(all(app, ...filters))).views).toBe(expected.length);
    });

    it("tells who is watching now", async () => {
      const app = newApp();
      await put(
        view(app, "now", { exit: "open", lastEventAt: start + 10 }),
        view(app, "then", { exit: "open", lastEventAt: start }),
        view(app, "over", { exit: "ended", lastEventAt: start + 10 }),
      );
      expect((await store().views.live(app, start + 5)).map(({ viewId }) => viewId)).toEqual(["now"]);
      expect(await store().views.live(newApp(), 0)).toEqual([]);
    });

    it("closes open views that fell silent: left if they had started, else before the start", async () => {
      const app = newApp();
      // Older than any other test's, so that these alone are counted.
      const old = (id: string, more: Partial<StoredView>) =>
        view(app, id, { exit: "open", startedAt: 1_000, lastEventAt: 1_000, ...more });
      await put(
        old("started", {}),
        old("played, by a sender that tells no start", { startupMs: null }),
        old("never started", { startupMs: null, playingMs: 0, watchMs: 0 }),
        old("failed", { exit: "start_failure", startupMs: null, playingMs: 0 }),
        old("still there", { lastEventAt: 2_000 }),
      );
      expect(await store().views.closeSilent(2_000)).toBe(3);
      const { views } = await store().views.list(all(app), { limit: 9 });
      expect(Object.fromEntries(views.map(({ viewId, exit }) => [viewId, exit]))).toEqual({
        started: "left",
        "played, by a sender that tells no start": "left",
        "never started": "before_start",
        failed: "start_failure",
        "still there": "open",
      });
      expect(await store().views.closeSilent(2_000)).toBe(0);
    });
  });
}
