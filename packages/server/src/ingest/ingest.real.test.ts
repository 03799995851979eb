import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { IngestReply } from "@playhead/protocol";
import { openPostgresStore } from "@playhead/store-postgres";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Door, openDoor } from "./testing/open-door.js";

const silent = pino({ level: "silent" });
const APP = "default";

let door: Door;
const told = new Set<string>();

beforeAll(async () => {
  door = await openDoor((dataDir) => openPostgresStore({ databaseUrl: null, dataDir, log: silent }), {
    onStored: (views) => views.forEach((view) => told.add(view.viewId)),
  });
});
afterAll(() => door.close());

const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${door.address}/telemetry`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });

async function post(body: unknown): Promise<IngestReply> {
  const reply = await send(JSON.stringify(body));
  expect(reply.status).toBe(200);
  return (await reply.json()) as IngestReply;
}

const stored = async (viewId: string) => await door.store.events.ofView(APP, viewId);

/** The example of seed 003's README. */
const seed003 = [
  {
    eventId: "uuid",
    viewerId: "user123",
    sessionId: "session-abc",
    eventType: "PLAY",
    timestamp: 1765837003411,
    playbackPositionSec: 12.5,
    quality: { bitrateKbps: 3000, resolution: "720p" },
    network: { downlinkMbps: 10, rttMs: 50 },
    device: { browser: "Chrome", os: "Mac" },
    player: { decodedFrames: 1200, droppedFrames: 2, fps: 30 },
    engagement: { totalWatchTime: 5000, interactionCount: 3 },
  },
];

const seed004 = {
  id: "7f9c24e8-3b1a-4d52-9c8e-5a6b7c8d9e0f",
  session_id: "2b5e8c1d-4f6a-4b3c-8d9e-0f1a2b3c4d5e",
  timestamp: "2026-01-31T12:00:00.123456789+01:00",
  sequence: 3,
  event: "heartbeat",
  position: 12.5,
  buffer_level: 8.25,
  bitrate: 3_000_000,
  dropped_frames: 2,
  decoded_frames: 1200,
  chapter: "two",
};

const play = (viewId: string, id: string, change: object = {}) => ({
  schema: 1,
  sentAt: Date.now(),
  context: { viewId },
  events: [{ id, seq: 0, type: "play", ts: Date.now(), ...change }],
});

describe("what is posted and answered 200 is in PostgreSQL", () => {
  test("seed 003's example, once however often it is sent", async () => {
    expect(await post(seed003)).toEqual({ ok: true, accepted: 1, duplicates: 0, rejected: [] });
    expect(await post(seed003)).toEqual({ ok: true, accepted: 0, duplicates: 1, rejected: [] });
    expect(await stored("session-abc")).toMatchObject([
      {
        source: "seed003",
        context: {
          viewId: "session-abc",
          viewerId: "user123",
          device: { browser: "Chrome", os: "Mac" },
          network: { downlinkMbps: 10, rttMs: 50 },
        },
        event: { id: "uuid", type: "play", ts: 1765837003411, positionMs: 12_500, bitrateBps: 3_000_000, height: 720 },
      },
    ]);
    expect(told).toContain("session-abc");
  });

  test("a seed 004 record, with its exact time and the field that we do not know", async () => {
    expect(await post(seed004)).toMatchObject({ accepted: 1 });
    expect(await post([seed004])).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await stored(seed004.session_id)).toMatchObject([
      {
        source: "seed004",
        event: {
          id: seed004.id,
          seq: 3,
          type: "heartbeat",
          ts: Date.parse("2026-01-31T11:00:00.123Z"),
          bufferMs: 8250,
          bitrateBps: 3_000_000,
          extra: { timestamp: seed004.timestamp, chapter: "two" },
        },
      },
    ]);
  });

  test("a canonical batch, compressed, as it was sent", async () => {
    const batch = play("view-gzip", "gz-1", { positionMs: 5, note: { kept: [1, "ö", null] } });
    const reply = await send(new Uint8Array(gzipSync(JSON.stringify(batch))), { "content-encoding": "gzip" });
    expect(reply.status).toBe(200);
    expect((await stored("view-gzip")).map(({ event }) => event)).toEqual(batch.events);
  });

  test("the same event twice in one batch, and in batches sent together", async () => {
    const batch = play("view-twice", "twice");
    const [event] = batch.events;
    const replies = await Promise.all(Array.from({ length: 20 }, () => post({ ...batch, events: [event, event] })));
    expect(replies.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1);
    expect(replies.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(39);
    expect(await stored("view-twice")).toHaveLength(1);
  });

  test("many batches of the same views at once: none fails, none is lost", async () => {
    const batches = Array.from({ length: 200 }, (_, b) => {
      const { events, ...batch } = play(`view-many-${b % 7}`, "");
      return {
        ...batch,
        events: Array.from({ length: 50 }, (_, i) => ({ ...events[0], id: `many-${b}-${i}`, seq: i })),
      };
    });
    const replies = await Promise.all(batches.map(post));
    expect(replies.every(({ accepted }) => accepted === 50)).toBe(true);
    const counts = await Promise.all(
      Array.from({ length: 7 }, async (_, v) => (await stored(`view-many-${v}`)).length),
    );
    expect(counts.reduce((a, b) => a + b)).toBe(10_000);
  });

  test("numbers as large as the wire allows, or their refusal; never a failure of the batch", async () => {
    const max = Number.MAX_SAFE_INTEGER;
    const large = { bitrateBps: max, droppedFrames: max, watchMs: max, positionMs: -max, rttMs: max, fps: 1000 };
    const { events, ...batch } = play("view-large", "large", large);
    const reply = await post({
      ...batch,
      events: [...events, { ...events[0], id: "small", bitrateBps: 1, positionMs: 0 }],
    });
    expect(reply.accepted + reply.rejected.length).toBe(2);
    expect(await stored("view-large")).toHaveLength(reply.accepted);
  });
});

test("a database that is killed: 503 with Retry-After, then the same batches are stored, and nothing acknowledged is lost", async () => {
  const [pid] = (await readFile(path.join(door.dataDir, "postgres", "data", "postmaster.pid"), "utf8")).split("\n");
  const acknowledged: string[] = [];
  const deliver = async (id: string) => {
    const reply = await send(JSON.stringify(play("view-killed", id)));
    if (reply.status === 200) acknowledged.push(id);
    await reply.arrayBuffer();
    return reply;
  };
  await deliver("before");
  process.kill(Number(pid), "SIGKILL");

  // Sessions of the dead server may still answer for a moment, so send until one does not.
  let refused: Response | undefined;
  let n = 0;
  for (; refused === undefined && n < 10_000; n++) {
    const reply = await deliver(`killed-${n}`);
    if (reply.status !== 200) refused = reply;
  }
  expect(refused?.status).toBe(503);
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);

  const giveUp = Date.now() + 30_000;
  while ((await deliver(`killed-${n - 1}`)).status !== 200) {
    expect(Date.now()).toBeLessThan(giveUp);
    await delay(50);
  }
  const ids = (await stored("view-killed")).map(({ event }) => event.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(acknowledged));
});
