import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  type EncoderWork,
  firstSegmentEdgesMs,
  type SessionWork,
  speedEdges,
  WORK_SLOT_MS,
  type WorkBatch,
  type WorkStore,
} from "../work-store.js";
import { newApp } from "./samples.js";

const HOUR = 3_600_000;
const start = Date.UTC(2026, 2, 14, 15);

/** What servers add up together. */
export function describeWork(work: () => WorkStore): void {
  const bins = (edges: readonly number[], counts: Readonly<Record<number, number>>) =>
    Array.from({ length: edges.length + 1 }, (_, i) => counts[i] ?? 0);
  const encoder = (at: number, more: Partial<EncoderWork> = {}): EncoderWork => ({
    at,
    kind: "video",
    codec: "hevc",
    container: "matroska",
    encoder: "libx264",
    starts: 3,
    failures: 1,
    waits: 1,
    waitedMs: 400,
    firstSegments: 2,
    outputMs: 600,
    firstSegmentMs: 1_600,
    segments: 10,
    mediaMs: 20_000,
    tookMs: 8_000,
    firstSegmentBins: bins(firstSegmentEdgesMs, { 0: 1, 16: 1 }),
    speedBins: bins(speedEdges, { 11: 4, 32: 6 }),
    ...more,
  });
  const twice = (at: number): EncoderWork => ({
    ...encoder(at),
    starts: 6,
    failures: 2,
    waits: 2,
    waitedMs: 800,
    firstSegments: 4,
    outputMs: 1_200,
    firstSegmentMs: 3_200,
    segments: 20,
    mediaMs: 40_000,
    tookMs: 16_000,
    firstSegmentBins: bins(firstSegmentEdgesMs, { 0: 2, 16: 2 }),
    speedBins: bins(speedEdges, { 11: 8, 32: 12 }),
  });
  const sessions = (at: number, more: Partial<SessionWork> = {}): SessionWork => ({
    at,
    delivery: "transcode",
    starts: 5,
    preloads: 2,
    startMs: 30,
    idle: 1,
    client: 2,
    shutdown: 3,
    unused: 4,
    ...more,
  });
  const batch = (appId: string, more: Partial<WorkBatch> = {}): WorkBatch => ({
    appId,
    writer: randomUUID(),
    seq: 1,
    encoders: [],
    sessions: [],
    ...more,
  });
  const all = (appId: string, intervalMs = WORK_SLOT_MS) =>
    work().read({ appId, from: 0, to: start + 1_000 * HOUR }, intervalMs);

  describe("the work of servers", () => {
    it("is kept as it was added, by slot and key, in the order of time", async () => {
      const appId = newApp();
      const encoders = [
        encoder(start),
        encoder(start, { kind: "audio", codec: "dts", encoder: "aac" }),
        encoder(start + WORK_SLOT_MS),
      ];
      const of = [sessions(start), sessions(start + WORK_SLOT_MS), sessions(start, { delivery: "copy" })];
      await work().add(batch(appId, { encoders, sessions: of }));
      const kept = await all(appId);
      expect(kept.encoders).toHaveLength(3);
      expect(kept.encoders).toEqual(expect.arrayContaining(encoders));
      expect(kept.encoders.map(({ at }) => at)).toEqual([start, start, start + WORK_SLOT_MS]);
      expect(kept.sessions).toHaveLength(3);
      expect(kept.sessions).toEqual(expect.arrayContaining(of));
      expect(kept.sessions.map(({ at }) => at)).toEqual([start, start, start + WORK_SLOT_MS]);
      expect(await all(newApp())).toEqual({ encoders: [], sessions: [] });
    });

    it("adds up over servers that add at once, in whatever order", async () => {
      const appId = newApp();
      const encoders = Array.from({ length: 20 }, (_, i) => encoder(start, { codec: `c${i}` }));
      const batches = Array.from({ length: 8 }, (_, i) =>
        batch(appId, { encoders: i % 2 === 0 ? encoders : encoders.toReversed(), sessions: [sessions(start)] }),
      );
      await Promise.all(batches.map((one) => work().add(one)));
      const kept = await all(appId);
      expect(kept.encoders).toHaveLength(20);
      expect(kept.encoders.every(({ starts, speedBins }) => starts === 24 && speedBins[32] === 48)).toBe(true);
      expect(kept.sessions).toMatchObject([{ starts: 40, preloads: 16, startMs: 240, idle: 8, client: 16 }]);
    });

    it("counts a batch once, however often it is sent, and the writer's next as well", async () => {
      const appId = newApp();
      const first = batch(appId, { encoders: [encoder(start)], sessions: [sessions(start)] });
      await work().add(first);
      await Promise.all([work().add(first), work().add(first)]);
      expect(await all(appId)).toEqual({ encoders: [encoder(start)], sessions: [sessions(start)] });
      await work().add({ ...first, seq: 2, sessions: [] });
      await work().add(first);
      expect(await all(appId)).toEqual({ encoders: [twice(start)], sessions: [sessions(start)] });
    });

    it("is read by interval, of the slots that begin in the selection", async () => {
      const appId = newApp();
      const times = [start, start + WORK_SLOT_MS, start + HOUR, start + 2 * HOUR];
      const added = { encoders: times.map((at) => encoder(at)), sessions: times.map((at) => sessions(at)) };
      await work().add(batch(appId, added));
      expect((await all(appId, HOUR)).encoders).toEqual([
        twice(start),
        encoder(start + HOUR),
        encoder(start + 2 * HOUR),
      ]);
      const some = await work().read({ appId, from: start + WORK_SLOT_MS, to: start + 2 * HOUR }, HOUR);
      expect(some.encoders).toEqual([encoder(start), encoder(start + HOUR)]);
      expect(some.sessions).toEqual([sessions(start), sessions(start + HOUR)]);
    });

    it("keeps every sum when it is thinned, by two servers too, and goes on adding up", async () => {
      const appId = newApp();
      const times = [start, start + WORK_SLOT_MS, start + HOUR + WORK_SLOT_MS, start + 2 * HOUR + WORK_SLOT_MS];
      const added = { encoders: times.map((at) => encoder(at)), sessions: times.map((at) => sessions(at)) };
      await work().add(batch(appId, added));
      const before = await all(appId, 24 * HOUR);
      const until = start + 2 * HOUR;
      await Promise.all([work().thin(until, HOUR), work().thin(until, HOUR)]);
      await work().thin(until, HOUR);
      expect(await all(appId, 24 * HOUR)).toEqual(before);
      const [last = start] = times.slice(-1);
      expect((await all(appId)).encoders).toEqual([twice(start), encoder(start + HOUR), encoder(last)]);
      await work().add(batch(appId, { encoders: [encoder(start + HOUR)] }));
      expect((await all(appId)).encoders[1]).toEqual(twice(start + HOUR));
    });
  });
}
