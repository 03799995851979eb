import { setImmediate as turn } from "node:timers/promises";
import type { RecordedEvent } from "@playhead/protocol";
import { type EventStore, RejectedEventError, StoreUnavailableError } from "@playhead/store";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { createGroupCommit, type GroupCommitOptions, type TouchedView } from "./group-commit.js";

const log = pino({ level: "silent" });

const event = (id: string, viewId = "v"): RecordedEvent => ({
  appId: "default",
  source: "sdk",
  receivedAt: 0,
  context: { viewId },
  event: { id, seq: 0, type: "play", ts: 0 },
});
const events = (from: number, count: number) => Array.from({ length: count }, (_, i) => event(`e${from + i}`));

/** The port in memory, with a gate that holds transactions open until the test lets them go. */
function memoryEvents() {
  const stored = new Set<string>();
  const groups: number[] = [];
  const waiting: (() => void)[] = [];
  const control = { held: false, away: false, refuse: (_id: string) => false };
  const store: EventStore = {
    async append(group) {
      groups.push(group.length);
      if (control.held) await new Promise<void>((resolve) => waiting.push(resolve));
      if (control.away) throw new StoreUnavailableError("gone");
      const bad = group.find((e) => control.refuse(e.event.id));
      if (bad) throw new RejectedEventError(`can't keep ${bad.event.id}`);
      return group.map((e) => stored.size < stored.add(e.event.id).size);
    },
    ofView: async () => [],
  };
  const release = () => {
    control.held = false;
    for (const go of waiting.splice(0)) go();
  };
  return { store, stored, groups, control, release };
}

function setUp(options: Partial<GroupCommitOptions> = {}) {
  const memory = memoryEvents();
  return { ...memory, commit: createGroupCommit({ events: memory.store, log, ...options }) };
}

describe("group commit", () => {
  test("answers a batch with the outcome of each event after the commit", async () => {
    const { commit, stored } = setUp();
    expect(await commit.submit([event("a"), event("b")])).toEqual(["new", "new"]);
    expect(stored).toEqual(new Set(["a", "b"]));
    expect(await commit.submit([event("b"), event("c")])).toEqual(["duplicate", "new"]);
    expect(await commit.submit([])).toEqual([]);
  });

  test("never answers before the commit", async () => {
    const { commit, control, release } = setUp();
    control.held = true;
    let answered = false;
    const answer = commit.submit([event("a")]).then(() => (answered = true));
    for (let i = 0; i < 10; i++) await turn();
    expect(answered).toBe(false);
    expect(commit.depth()).toEqual({ queued: 0, writing: 1 });
    release();
    await answer;
    expect(answered).toBe(true);
  });

  test("writes what arrived together in one transaction, and what arrives meanwhile in the next", async () => {
    const { commit, control, groups, release } = setUp({ writers: 1 });
    control.held = true;
    const answers = [commit.submit(events(0, 3)), commit.submit(events(3, 4))];
    await turn();
    answers.push(commit.submit(events(7, 5)), commit.submit(events(12, 6)));
    await turn();
    expect(groups).toEqual([7]);
    release();
    await Promise.all(answers);
    expect(groups).toEqual([7, 11]);
  });

  test("writes with two connections, in groups that are bounded, and splits a batch between them", async () => {
    const { commit, control, groups, release } = setUp({ maxGroupEvents: 10 });
    control.held = true;
    const answer = commit.submit(events(0, 25));
    await turn();
    expect(groups).toEqual([10, 10]);
    release();
    expect(await answer).toHaveLength(25);
    expect(groups).toEqual([10, 10, 5]);
  });

  test("refuses a batch that does not fit, says when to come back, and takes it later", async () => {
    const { commit, control, release, stored } = setUp({ writers: 1, maxQueuedEvents: 10, maxGroupEvents: 5 });
    control.held = true;
    const first = commit.submit(events(0, 5));
    await turn();
    const second = commit.submit(events(5, 8));
    await expect(commit.submit(events(13, 3))).rejects.toMatchObject({
      code: "busy",
      status: 503,
      retryAfterS: expect.toSatisfy((s: number) => s >= 2),
    });
    expect(commit.depth().queued).toBe(8);
    release();
    await Promise.all([first, second]);
    await commit.submit(events(13, 3));
    expect(stored.size).toBe(16);
  });

  test("says that the database is away, and stores the same batch when it is back", async () => {
    const { commit, control, stored } = setUp();
    control.away = true;
    await expect(commit.submit([event("a")])).rejects.toMatchObject({ code: "database_unavailable", retryAfterS: 5 });
    control.away = false;
    expect(await commit.submit([event("a")])).toEqual(["new"]);
    expect(stored.size).toBe(1);
  });

  test("does not write the rest of a batch that has failed", async () => {
    const { commit, control, groups } = setUp({ writers: 1, maxGroupEvents: 10 });
    control.away = true;
    await expect(commit.submit(events(0, 35))).rejects.toMatchObject({ code: "database_unavailable" });
    await commit.close();
    expect(groups).toEqual([10]);
  });

  test("an error that is neither is the server's own, and the queue goes on", async () => {
    const { store } = memoryEvents();
    let calls = 0;
    const append: EventStore["append"] = async (group) => {
      calls += 1;
      if (calls === 1) throw new TypeError("a mistake");
      return await store.append(group);
    };
    const commit = createGroupCommit({ events: { ...store, append }, log });
    await expect(commit.submit([event("a")])).rejects.toMatchObject({ code: "internal" });
    expect(await commit.submit([event("a")])).toEqual(["new"]);
  });

  test("finds the events that the store can't keep, and stores all others", async () => {
    const { commit, control, stored, groups } = setUp();
    control.refuse = (id) => id === "e7" || id === "e41";
    const [a, b] = await Promise.all([commit.submit(events(0, 30)), commit.submit(events(30, 34))]);
    expect(a[7]).toEqual({ refused: "can't keep e7" });
    expect(b[11]).toEqual({ refused: "can't keep e41" });
    expect([...a, ...b].filter((outcome) => outcome === "new")).toHaveLength(62);
    expect(stored.size).toBe(62);
    expect(groups.length).toBeLessThan(30);
  });

  test("tells which views got something new, once each, and survives a listener that throws", async () => {
    const told: (readonly TouchedView[])[] = [];
    const { commit } = setUp({
      onStored(views) {
        told.push(views);
        throw new Error("listener");
      },
    });
    await commit.submit([event("a", "v1"), event("b", "v1"), event("c", "v2")]);
    await commit.submit([event("a", "v1")]);
    expect(told).toEqual([
      [
        { appId: "default", viewId: "v1", hlsSessionId: null },
        { appId: "default", viewId: "v2", hlsSessionId: null },
      ],
    ]);
  });

  test("queues offered events as far as there is room", async () => {
    const { commit, stored } = setUp({ writers: 1, maxQueuedEvents: 4 });
    expect(commit.offer(events(0, 6))).toBe(4);
    await turn();
    expect(stored.size).toBe(4);
    expect(commit.lost()).toBe(0);
  });

  test("tries offered events again until the database is back, and counts those that there was no room for", async () => {
    const { commit, control, stored, groups } = setUp({ writers: 1, maxQueuedEvents: 20, retryMs: 5 });
    control.away = true;
    expect(commit.offer(events(0, 6))).toBe(6);
    await expect.poll(() => groups.length).toBeGreaterThan(2);
    expect(commit.lost()).toBe(2);
    control.away = false;
    await expect.poll(() => [...stored]).toEqual(["e0", "e1", "e2", "e3"]);
    expect(commit.depth()).toEqual({ queued: 0, writing: 0 });
    expect(commit.lost()).toBe(2);
  });

  test("tries held events at once when the database is back, and a last time before it closes", async () => {
    const { commit, control, stored, groups } = setUp({ writers: 1, retryMs: 60_000 });
    control.away = true;
    commit.offer(events(0, 2));
    await expect.poll(() => groups.length).toBe(1);
    control.away = false;
    await commit.submit([event("a")]);
    await expect.poll(() => stored.size).toBe(3);
    control.away = true;
    commit.offer(events(5, 2));
    await expect.poll(() => groups.length).toBe(4);
    await commit.close();
    expect(commit.lost()).toBe(2);
  });

  test("closes after the last event is written, and takes no more", async () => {
    const { commit, control, release, stored } = setUp({ writers: 1, maxGroupEvents: 2 });
    control.held = true;
    const answer = commit.submit(events(0, 7));
    await turn();
    const closed = commit.close();
    await expect(commit.submit([event("x")])).rejects.toMatchObject({ code: "busy" });
    expect(commit.offer([event("y")])).toBe(0);
    release();
    await closed;
    expect(stored.size).toBe(7);
    expect(await answer).toHaveLength(7);
    await commit.close();
  });
});
