import { EventEmitter, once } from "node:events";
import { type StoredView, StoreUnavailableError, type TelemetryStore } from "@playhead/store";
import { openPostgresStore } from "@playhead/store-postgres";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openRealStore, type RealStore, viewEvents } from "./real-store.js";
import { createSessionizer, type Sessionizer, SILENT_AFTER_MS } from "./sessionizer.js";

const log = pino({ level: "silent" });
let real: RealStore;
let sessionizer: Sessionizer;

beforeAll(async () => {
  real = await openRealStore(openPostgresStore);
});
afterEach(async () => {
  await sessionizer.stop();
});
afterAll(async () => {
  await real.close();
});

/** The next fold of a view. */
async function folded(of: Sessionizer, viewId: string): Promise<StoredView> {
  const folds = new EventEmitter();
  const stop = of.onFolded((views) => {
    const view = views.find((each) => each.viewId === viewId);
    if (view) folds.emit("fold", view);
  });
  const [view]: StoredView[] = await once(folds, "fold");
  stop();
  if (view === undefined) throw new Error("nothing was folded");
  return view;
}

const start = () => Date.now() - 60_000;

test("a view is stored within 2 s of its events, and again when more of it comes", async () => {
  const { store } = real;
  sessionizer = createSessionizer({ store, log });
  await sessionizer.start();
  await sessionizer.idle();
  const at = start();

  await store.events.append(
    viewEvents("v1", at, [
      [0, "play_request"],
      [1, "first_frame", { startupMs: 950 }],
    ]),
  );
  const committedAt = performance.now();
  sessionizer.notify();
  await folded(sessionizer, "v1");
  expect(performance.now() - committedAt).toBeLessThan(2_000);
  expect(await store.views.get("default", "v1")).toMatchObject({ startupMs: 950, watchMs: 0, exit: "open" });

  // Late and out of order: what happened between arrives after the end.
  await store.events.append(viewEvents("v1", at, [[21, "end", { reason: "ended" }]]));
  sessionizer.notify();
  await folded(sessionizer, "v1");
  await store.events.append(
    viewEvents("v1", at, [
      [5, "rebuffer_start"],
      [8, "rebuffer_end"],
    ]),
  );
  sessionizer.notify();
  await sessionizer.idle();
  expect(await store.views.get("default", "v1")).toMatchObject({
    watchMs: 20_000,
    rebufferCount: 1,
    rebufferMs: 3_000,
    exit: "ended",
    eventCount: 5,
  });
});

test("start folds what a crash left", async () => {
  const { store } = real;
  await store.events.append(
    viewEvents("v2", start(), [
      [0, "play_request"],
      [1, "first_frame"],
    ]),
  );
  sessionizer = createSessionizer({ store, log });
  await sessionizer.start();
  await sessionizer.idle();
  expect(await store.views.get("default", "v2")).toMatchObject({ startupMs: 1_000 });
});

test("more views than one pass takes are all folded", async () => {
  const { store } = real;
  const at = start();
  const viewIds = Array.from({ length: 450 }, (_, i) => `many-${i}`);
  await store.events.append(viewIds.flatMap((viewId) => viewEvents(viewId, at, [[0, "play_request"]])));
  sessionizer = createSessionizer({ store, log });
  sessionizer.notify();
  await sessionizer.idle();
  const stored = await Promise.all(viewIds.map((viewId) => store.views.get("default", viewId)));
  expect(stored.filter((view) => view === undefined)).toEqual([]);
});

test("an outage of the database delays folds and loses none", async () => {
  const { store } = real;
  let failures = 0;
  const failing: TelemetryStore = {
    events: store.events,
    views: new Proxy(store.views, {
      get(views, name) {
        if (name === "withDue" && failures < 2) {
          failures += 1;
          return () => Promise.reject(new StoreUnavailableError("the database is away"));
        }
        const member: unknown = Reflect.get(views, name);
        return typeof member === "function" ? member.bind(views) : member;
      },
    }),
  };
  await store.events.append(viewEvents("v3", start(), [[0, "play_request"]]));
  sessionizer = createSessionizer({ store: failing, log });
  sessionizer.notify();
  await folded(sessionizer, "v3");
  expect(failures).toBe(2);
  expect(await store.views.get("default", "v3")).toBeDefined();
});

test("a view that can't be stored keeps no other from it", async () => {
  const { store } = real;
  const views = new Proxy(store.views, {
    get(target, name) {
      if (name === "put") {
        return async (group: Parameters<typeof target.put>[0]) => {
          if (group.some(({ view }) => view.viewId === "bad")) throw new Error("the store refuses this view");
          await target.put(group);
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const events = ["bad", "good-1", "good-2"].flatMap((viewId) => viewEvents(viewId, start(), [[0, "play_request"]]));
  await store.events.append(events);
  sessionizer = createSessionizer({ store: { events: store.events, views }, log });
  sessionizer.notify();
  await sessionizer.idle();
  const stored = await Promise.all(["bad", "good-1", "good-2"].map((viewId) => store.views.get("default", viewId)));
  expect(stored.map((view) => view?.viewId)).toEqual([undefined, "good-1", "good-2"]);
});

test("a view that fell silent is closed, and opens again when it is heard of", async () => {
  const { store } = real;
  const at = start();
  let now = Date.now();
  sessionizer = createSessionizer({ store, log, now: () => now });
  await store.events.append([
    ...viewEvents("v4", at, [
      [0, "play_request"],
      [1, "first_frame"],
      [11, "heartbeat"],
    ]),
    ...viewEvents("v5", at, [[0, "play_request"]]),
  ]);
  now += SILENT_AFTER_MS;
  await sessionizer.start();
  await sessionizer.idle();
  expect(await store.views.get("default", "v4")).toMatchObject({ exit: "left" });
  expect(await store.views.get("default", "v5")).toMatchObject({ exit: "before_start" });

  await store.events.append(viewEvents("v4", at, [[21, "heartbeat"]]));
  sessionizer.notify();
  await sessionizer.idle();
  expect(await store.views.get("default", "v4")).toMatchObject({ exit: "open", watchMs: 20_000 });
});

test("what was announced is folded before it stops", async () => {
  const { store } = real;
  await store.events.append(viewEvents("v6", start(), [[0, "play_request"]]));
  sessionizer = createSessionizer({ store, log });
  sessionizer.notify();
  await sessionizer.stop();
  expect(await store.views.get("default", "v6")).toBeDefined();
});
