import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { RecordedEvent } from "@playhead/protocol";
import { type EventStore, RejectedEventError, StoreUnavailableError } from "@playhead/store";
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { createIngest } from "./ingest.js";

const log = pino({ level: "silent" });
const now = Date.UTC(2026, 5, 1);

const event = (id: string, change: object = {}) => ({ id, seq: 0, type: "play", ts: now, ...change });
const batch = (...events: unknown[]) => ({ schema: 1, sentAt: now, context: { viewId: "v1" }, events });

const own: RecordedEvent = {
  appId: "default",
  source: "server",
  receivedAt: now,
  context: { viewId: "v1" },
  event: { id: "own", seq: 0, type: "hls_session_start", ts: now },
};

function setUp(options: { maxQueuedEvents?: number } = {}) {
  const stored = new Map<string, RecordedEvent>();
  const control = { away: false };
  const store: EventStore = {
    async append(group) {
      if (control.away) throw new StoreUnavailableError("gone");
      if (group.some((e) => e.event.id === "poison")) throw new RejectedEventError("out of range");
      return group.map((e) => stored.size < stored.set(e.event.id, e).size);
    },
    ofView: async () => [],
  };
  return { stored, control, ingest: createIngest({ events: store, log, now: () => now, ...options }) };
}

const heard: unknown[] = [];
const hear = (message: unknown) => void heard.push(message);
afterEach(() => {
  unsubscribe("playhead:ingest.batch", hear);
  unsubscribe("playhead:ingest.drop", hear);
  heard.length = 0;
});

describe("ingest", () => {
  test("stores a batch and says what was new", async () => {
    const { ingest, stored } = setUp();
    expect(await ingest.submit(batch(event("a"), event("b")))).toEqual({
      ok: true,
      accepted: 2,
      duplicates: 0,
      rejected: [],
    });
    expect(await ingest.submit(batch(event("a"), event("c")))).toMatchObject({ accepted: 1, duplicates: 1 });
    expect(stored.get("a")).toMatchObject({
      appId: "default",
      source: "sdk",
      receivedAt: now,
      context: { viewId: "v1" },
    });
  });

  test("stores the good events of a partly bad batch and names the bad ones by their place", async () => {
    const { ingest, stored } = setUp();
    const reply = await ingest.submit(
      batch(event("a"), event("b", { ts: 0 }), event("poison"), 5, event("c"), event("d", { type: "segment" })),
    );
    expect(reply).toMatchObject({
      accepted: 2,
      rejected: [
        { index: 1, code: "timestamp_out_of_range" },
        { index: 2, code: "not_storable", message: "out of range" },
        { index: 3, code: "invalid_event" },
        { index: 5, code: "server_only_type" },
      ],
    });
    expect([...stored.keys()]).toEqual(["a", "c"]);
    expect(ingest.stats()).toMatchObject({
      accepted: 2,
      rejected: 4,
      drops: { timestamp_out_of_range: 1, not_storable: 1, invalid_event: 1, server_only_type: 1 },
    });
  });

  test("refuses a batch without a valid event, with each event's reason", async () => {
    const { ingest } = setUp();
    await expect(ingest.submit(batch(event("a", { ts: 0 }), 7))).rejects.toMatchObject({
      code: "invalid_event",
      status: 422,
      message: expect.stringContaining("Event 0: ts is 0"),
      rejected: [{ index: 0 }, { index: 1 }],
    });
    await expect(ingest.submit(batch(event("poison")))).rejects.toMatchObject({ code: "invalid_event" });
    await expect(ingest.submit({ hello: 1 })).rejects.toMatchObject({ code: "invalid_event", status: 422 });
    await expect(ingest.submit({ ...batch(), events: Array(5001) })).rejects.toMatchObject({
      code: "payload_too_large",
    });
  });

  test("answers an empty array as seed 003 does: ok", async () => {
    expect(await setUp().ingest.submit([])).toEqual({ ok: true, accepted: 0, duplicates: 0, rejected: [] });
  });

  test("tells of a batch and of its drops, once its answer is known", async () => {
    const { ingest, control } = setUp();
    subscribe("playhead:ingest.batch", hear);
    subscribe("playhead:ingest.drop", hear);
    control.away = true;
    await expect(ingest.submit(batch(event("a"), 1, 2))).rejects.toMatchObject({ code: "database_unavailable" });
    control.away = false;
    await ingest.submit(batch(event("a"), 1, 2));
    expect(heard).toMatchObject([
      { outcome: "unavailable", received: 3, accepted: 0 },
      { reason: "invalid_event", count: 2 },
      { outcome: "stored", received: 3, accepted: 1, rejected: 2, durationMs: expect.any(Number) },
    ]);
  });

  test("records the server's own events without waiting or throwing, and counts those it could not keep", async () => {
    const { ingest, stored, control } = setUp({ maxQueuedEvents: 2 });
    ingest.record([
      own,
      { ...own, event: { ...own.event, id: "own2" } },
      { ...own, event: { ...own.event, id: "own3" } },
    ]);
    expect(stored.size).toBe(0);
    expect(ingest.stats()).toMatchObject({ queued: 2, ownDropped: 1 });
    control.away = true;
    await ingest.close();
    ingest.record([own]);
    expect(ingest.stats()).toMatchObject({ queued: 0, ownDropped: 4 });
  });
});
