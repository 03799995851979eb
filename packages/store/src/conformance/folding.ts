import { describe, expect, it } from "vitest";
import type { TelemetryStore } from "../store.js";
import type { DueView } from "../view-store.js";
import { eventOf, newApp, recorded, view, viewEvents } from "./samples.js";

/** What every store keeps to between an event's arrival and its view's fold: no change is lost, whatever happens between. */
export function describeFolding(store: () => TelemetryStore): void {
  describe("folding", () => {
    /** Takes everything that is due, tells `app`'s, and leaves all as it was. */
    async function due(app: string): Promise<readonly DueView[]> {
      let found: readonly DueView[] = [];
      await store().views.withDue(100_000, async (all) => {
        found = all.filter((one) => one.appId === app);
      });
      return found;
    }
    const fold = (one: DueView) => ({ view: view(one.appId, one.viewId), mark: one.mark });

    it("marks each view that a group touches, once", async () => {
      const app = newApp();
      await store().events.append(["b", "a", "b"].flatMap((id) => viewEvents(app, id, 2)));
      expect((await due(app)).map(({ viewId }) => viewId).toSorted()).toEqual(["a", "b"]);
    });

    it("leaves a view due until its fold was put", async () => {
      const app = newApp();
      await store().events.append(viewEvents(app, "v", 1));
      expect(await due(app)).toHaveLength(1);
      const [one] = await due(app);
      if (one === undefined) throw new Error("still due");
      await store().views.put([fold(one)]);
      expect(await due(app)).toEqual([]);
      expect(await store().views.get(app, "v")).toStrictEqual(view(app, "v"));
    });

    it("does not mark a view again for events that were stored before", async () => {
      const app = newApp();
      const events = viewEvents(app, "v", 3);
      await store().events.append(events);
      await store().views.put((await due(app)).map(fold));
      await store().events.append(events);
      expect(await due(app)).toEqual([]);
    });

    it("keeps a view due, with a higher mark, when events come while it is folded", async () => {
      const app = newApp();
      await store().events.append(viewEvents(app, "v", 1));
      let before: bigint | undefined;
      await store().views.withDue(100_000, async (all) => {
        const mine = all.filter((one) => one.appId === app);
        before = mine[0]?.mark;
        // Must not wait for the fold either: a writer that waits here would never let this test end.
        await store().events.append([recorded(app, "v", eventOf("pause", 9))]);
        await store().views.put(mine.map(fold));
      });
      const [after] = await due(app);
      expect(before).toBeDefined();
      expect(after !== undefined && before !== undefined && after.mark > before).toBe(true);
    });

    it("leaves a view due when folding fails, and gives it to the next at once", async () => {
      const app = newApp();
      await store().events.append(viewEvents(app, "v", 1));
      const failing = store().views.withDue(100_000, () => Promise.reject(new Error("folding failed")));
      await expect(failing).rejects.toThrow("folding failed");
      expect(await due(app)).toHaveLength(1);
    });

    it("does not give a view to two at once", async () => {
      const app = newApp();
      await store().events.append(["a", "b", "c", "d"].flatMap((id) => viewEvents(app, id, 1)));
      let inner: readonly DueView[] = [];
      const outer = await store().views.withDue(100_000, async () => {
        inner = await due(app);
      });
      expect(outer).toBeGreaterThanOrEqual(4);
      expect(inner).toEqual([]);
      expect(await due(app)).toHaveLength(4);
    });

    it("gives others what a small limit leaves, oldest first", async () => {
      const app = newApp();
      // What other tests left due would come first.
      await store().views.withDue(100_000, (all) => store().views.put(all.map(fold)));
      for (const id of ["a", "b", "c"]) await store().events.append(viewEvents(app, id, 1));
      const seen: string[][] = [];
      const counts: number[] = [];
      counts.push(
        await store().views.withDue(2, async (first) => {
          seen.push(first.map(({ viewId }) => viewId));
          counts.push(
            await store().views.withDue(2, async (second) => {
              seen.push(second.map(({ viewId }) => viewId));
            }),
          );
        }),
      );
      expect(seen).toEqual([["a", "b"], ["c"]]);
      expect(counts).toEqual([1, 2]);
    });

    it("answers 0 and folds nothing when nothing is due", async () => {
      await store().views.withDue(100_000, (all) => store().views.put(all.map(fold)));
      let called = false;
      const count = await store().views.withDue(10, async () => {
        called = true;
      });
      expect([count, called]).toEqual([0, false]);
    });

    it("never replaces a newer fold by an older one that comes late", async () => {
      const app = newApp();
      await store().events.append(viewEvents(app, "v", 1));
      const [older] = await due(app);
      await store().events.append([recorded(app, "v", eventOf("pause", 9))]);
      const [newer] = await due(app);
      if (older === undefined || newer === undefined) throw new Error("due twice");
      await store().views.put([{ view: view(app, "v", { eventCount: 2 }), mark: newer.mark }]);
      await store().views.put([{ view: view(app, "v", { eventCount: 1 }), mark: older.mark }]);
      expect((await store().views.get(app, "v"))?.eventCount).toBe(2);
    });

    it("loses no change when appending, folding and putting run side by side", async () => {
      const app = newApp();
      const ids = ["a", "b", "c"];
      const count = async (one: DueView) => (await store().events.ofView(one.appId, one.viewId)).length;
      const writing = new AbortController();
      const folder = async () => {
        while (!writing.signal.aborted || (await due(app)).length > 0) {
          await store().views.withDue(10, async (all) => {
            const folded = await Promise.all(
              all.map(async (one) => ({
                view: view(one.appId, one.viewId, { eventCount: await count(one) }),
                mark: one.mark,
              })),
            );
            await store().views.put(folded);
          });
        }
      };
      const folders = [folder(), folder()];
      for (let seq = 0; seq < 30; seq++) {
        await Promise.all([
          store().events.append(ids.map((id) => recorded(app, id, eventOf("play", seq)))),
          store().events.append(ids.map((id) => recorded(app, id, eventOf("pause", seq)))),
        ]);
      }
      writing.abort();
      await Promise.all(folders);
      const counts = await Promise.all(ids.map(async (id) => (await store().views.get(app, id))?.eventCount));
      expect(counts).toEqual([60, 60, 60]);
    });
  });
}
