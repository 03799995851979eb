import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

let dataDir: string;
let service: RunningService;
beforeAll(async () => {
  dataDir = await temporaryFolder("telemetry");
  service = await startService({ mediaDir: inject("mediaDir"), dataDir });
});
afterAll(async () => {
  await service.stop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Reply {
  ok: boolean;
  accepted: number;
  duplicates: number;
}
const post = (body: unknown) => service.json<Reply>("/telemetry", { method: "POST", body: JSON.stringify(body) });
const view = (id: string) =>
  eventually(async () => {
    const response = await service.fetch(`/api/v1/analytics/views/${id}`);
    return response.ok
      ? ((await response.json()) as {
          events: { type: string; id: string; positionMs?: number }[];
          seedScore: number;
          rebufferCount: number;
        })
      : undefined;
  });

it("stores the events that the first collector's README shows, each once", async () => {
  const body = [
    {
      eventId: "0199aa10-0000-7000-8000-000000000001",
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
  expect(await post(body)).toMatchObject({ ok: true, accepted: 1, duplicates: 0 });
  expect(await post(body)).toMatchObject({ ok: true, accepted: 0, duplicates: 1 });
  const { events } = await view("session-abc");
  expect(events).toMatchObject([{ id: body[0]?.eventId, type: "play", positionMs: 12_500 }]);
});

it("stores a flattened, tagged record, each once", async () => {
  const record = {
    id: "5f0c9a52-6a5e-4b63-9d1b-1f6a4f5c0001",
    session_id: "9d1b1f6a-4f5c-4b63-9d1b-1f6a4f5c0002",
    timestamp: new Date().toISOString(),
    sequence: 3,
    event: "rebuffer_end",
    position: 12.25,
    duration: 1.5,
  };
  expect(await post(record)).toMatchObject({ ok: true, accepted: 1 });
  expect(await post(record)).toMatchObject({ ok: true, accepted: 0, duplicates: 1 });
  const { events } = await view(record.session_id);
  expect(events).toMatchObject([{ id: record.id, type: "rebuffer_end", positionMs: 12_250, durationMs: 1_500 }]);
});

it("takes events with the ingest key, and refuses them without", async () => {
  const event = { eventId: "k-1", sessionId: "s-key", eventType: "PLAY", timestamp: Date.now() };
  const { ingestKey } = JSON.parse(await readSecrets()) as { ingestKey: string };
  const send = (query: string) =>
    fetch(`${service.origin}/telemetry${query}`, {
      method: "POST",
      body: JSON.stringify(event),
      headers: { "content-type": "text/plain" },
    });
  expect((await send("")).status).toBe(401);
  expect((await send("?key=wrong-key-wrong-key")).status).toBe(401);
  expect((await send(`?key=${ingestKey}`)).status).toBe(200);
});

it("answers bad batches with what is wrong, and goes on", async () => {
  const status = async (body: string) => (await service.fetch("/telemetry", { method: "POST", body })).status;
  const at = (timestamp: number) =>
    JSON.stringify({ eventId: `t-${timestamp}`, sessionId: "s-bad", eventType: "PLAY", timestamp });
  expect(await status("{")).toBe(400);
  expect(await status("[]")).toBe(200);
  expect(await status(at(86_400_000))).toBe(422);
  expect(await status(at(Date.UTC(2100, 0)))).toBe(422);
  expect(await status(`"${"x".repeat(2 * 1024 * 1024)}"`)).toBe(413);
  expect(await post({ eventId: "good", sessionId: "s-good", eventType: "PLAY", timestamp: Date.now() })).toMatchObject({
    accepted: 1,
  });
});

it("keeps every acknowledged event through a crash of the server", async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `crash-${index}`);
  await Promise.all(
    ids.map((eventId) => post({ eventId, sessionId: "s-crash", eventType: "PLAY", timestamp: Date.now() })),
  );
  await service.kill();
  service = await startService({ mediaDir: inject("mediaDir"), dataDir });
  const events = await eventually(async () => {
    const found = (await view("s-crash")).events;
    return found.length === ids.length ? found : undefined;
  });
  expect(new Set(events.map(({ id }) => id))).toEqual(new Set(ids));
});

const readSecrets = () => readFile(path.join(dataDir, "secrets.json"), "utf8");
