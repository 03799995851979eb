import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type { EncoderReply } from "@playhead/protocol";
import { type EncoderWork, firstSegmentEdgesMs, type SessionWork, speedEdges } from "@playhead/store";
import { openPostgresStore } from "@playhead/store-postgres";
import { type FastifyBaseLogger, fastify } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replyWithError } from "../error-reply.js";
import type { App } from "../http.js";
import { encoderRoute } from "./encoder-route.js";
import { openRealStore, type RealStore } from "./real-store.js";

const log: FastifyBaseLogger = pino({ level: "silent" });
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;
/** The route's clock stands here, in the middle of a slot. */
const now = Date.UTC(2026, 4, 5, 12, 2);
const start = Date.UTC(2026, 4, 5, 8);
const present = {
  sessions: 3,
  runs: 2,
  paused: 1,
  video: { limit: 2, inUse: 1, waiting: 0 },
  audio: { limit: 8, inUse: 1, waiting: 0 },
};

const bins = (edges: readonly number[], counts: readonly (readonly [value: number, count: number])[]) =>
  [0, ...edges].map((low, i) => {
    const high = edges[i] ?? Number.POSITIVE_INFINITY;
    return counts.reduce((sum, [value, count]) => sum + (value >= low && value < high ? count : 0), 0);
  });
const encoder = (at: number, more: Partial<EncoderWork>): EncoderWork => ({
  at,
  kind: "video",
  codec: "hevc",
  container: "matroska",
  encoder: "libx264",
  starts: 0,
  failures: 0,
  waits: 0,
  waitedMs: 0,
  firstSegments: 0,
  outputMs: 0,
  firstSegmentMs: 0,
  segments: 0,
  mediaMs: 0,
  tookMs: 0,
  firstSegmentBins: bins(firstSegmentEdgesMs, []),
  speedBins: bins(speedEdges, []),
  ...more,
});
const session = (at: number, more: Partial<SessionWork>): SessionWork => ({
  at,
  delivery: "transcode",
  starts: 0,
  preloads: 0,
  startMs: 0,
  idle: 0,
  client: 0,
  shutdown: 0,
  unused: 0,
  ...more,
});

let real: RealStore;
let app: App;

beforeAll(async () => {
  real = await openRealStore(openPostgresStore);
  const { work } = real.store;
  app = fastify({ loggerInstance: log }).withTypeProvider();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler(replyWithError);
  encoderRoute(app, { work, present: () => present, now: () => now });
  const many = encoder(start, {
    starts: 40,
    failures: 4,
    waits: 2,
    waitedMs: 3_000,
    firstSegments: 36,
    outputMs: 7_200,
    firstSegmentMs: 36_000,
    segments: 40,
    mediaMs: 80_000,
    tookMs: 40_000,
    firstSegmentBins: bins(firstSegmentEdgesMs, [
      [800, 30],
      [5_000, 6],
    ]),
    speedBins: bins(speedEdges, [
      [0.9, 4],
      [1, 6],
      [3, 30],
    ]),
  });
  await work.add({
    appId: "default",
    writer: "one",
    seq: 1,
    encoders: [
      many,
      encoder(start + 2 * HOUR, { container: "avi", codec: "mpeg4", starts: 2, failures: 1, firstSegments: 1 }),
      encoder(start + 2 * HOUR, { kind: "audio", codec: "mp3", container: "avi", encoder: "aac", starts: 3 }),
    ],
    sessions: [
      session(start, { starts: 8, preloads: 3, startMs: 40, client: 5, unused: 1 }),
      session(start + 2 * HOUR, { starts: 2, startMs: 20, idle: 2 }),
      session(start + 2 * HOUR, { delivery: "copy", idle: 1, shutdown: 1 }),
      // Of another day, and of before the slot that holds the beginning of a day's range.
      session(now - DAY - 2 * MINUTE - 1, { starts: 100 }),
      session(now - 30 * DAY, { starts: 7 }),
    ],
  });
});
afterAll(async () => {
  await app.close();
  await real.close();
});

const ask = async (query: string) => (await app.inject(`/api/v1/analytics/encoder?${query}`)).json<EncoderReply>();

describe("what the encoders did", () => {
  test("adds up sessions, with the rate of those that timed out", async () => {
    const { totals } = await ask("");
    expect(totals.sessions).toEqual({
      started: 10,
      preloaded: 3,
      startMs: 6,
      ended: 10,
      timedOut: 3,
      closed: 5,
      shutDown: 1,
      unused: 1,
      timeoutRate: 0.3,
    });
  });

  test("adds up pictures and sound apart, and tells how fast they were", async () => {
    const { totals } = await ask("");
    expect(totals.video).toMatchObject({
      starts: 42,
      failures: 5,
      failureRate: 5 / 42,
      waits: 2,
      waitMs: 1_500,
      outputMs: 7_200 / 37,
      segments: 40,
      segmentMs: 1_000,
      speed: 2,
      slowRate: 0.1,
    });
    expect(totals.audio).toMatchObject({ starts: 3, failures: 0, failureRate: 0, speed: null, slowRate: null });
    // In the bin from 800 to 951 ms, in that from 4.5 to 5.4 s; and three times as fast as it plays.
    const { firstSegmentP50Ms, firstSegmentP95Ms, speedP50, speedP5 } = totals.video;
    expect(firstSegmentP50Ms).toBeGreaterThanOrEqual(800);
    expect(firstSegmentP50Ms).toBeLessThan(952);
    expect(firstSegmentP95Ms).toBeGreaterThan(4_500);
    expect(firstSegmentP95Ms).toBeLessThan(5_400);
    expect(speedP50).toBeGreaterThan(2.8);
    expect(speedP50).toBeLessThan(3.4);
    expect(speedP5).toBeLessThan(1);
  });

  test("tells them by what was converted and by what; a percentile that too few speak for is null", async () => {
    const { rows } = await ask("");
    expect(
      rows.map(({ kind, codec, container, encoder, starts, failures, failureRate }) => ({
        of: [kind, codec, container, encoder].join(" "),
        rate: [starts, failures, failureRate],
      })),
    ).toEqual([
      { of: "video hevc matroska libx264", rate: [40, 4, 0.1] },
      { of: "audio mp3 avi aac", rate: [3, 0, 0] },
      { of: "video mpeg4 avi libx264", rate: [2, 1, 0.5] },
    ]);
    expect(rows[0]).toMatchObject({ slowRate: 0.1, speed: 2 });
    expect(rows[0]?.firstSegmentP95Ms).not.toBeNull();
    expect(rows[2]).toMatchObject({
      firstSegments: 1,
      firstSegmentP50Ms: null,
      firstSegmentP95Ms: null,
      speedP5: null,
    });
  });

  test("tells them over time, with a point for each interval", async () => {
    const { from, to, intervalMs, points } = await ask(`from=${start}&to=${start + 3 * HOUR}&interval=1h`);
    expect({ from, to, intervalMs }).toEqual({ from: start, to: start + 3 * HOUR, intervalMs: HOUR });
    expect(points.map(({ at, sessions, video }) => [at, sessions.ended, sessions.timeoutRate, video.starts])).toEqual([
      [start, 6, 0, 40],
      [start + HOUR, 0, null, 0],
      [start + 2 * HOUR, 4, 0.75, 2],
    ]);
  });

  test("gives no finer interval than what is kept, and takes whole slots", async () => {
    const fine = await ask("from=-1h&interval=1m");
    expect(fine).toMatchObject({ from: Date.UTC(2026, 4, 5, 11), intervalMs: 5 * MINUTE });
    expect(fine.points).toHaveLength(13);
    expect(await ask("from=-20d&interval=15m")).toMatchObject({ from: now - 20 * DAY - 2 * MINUTE, intervalMs: HOUR });
    expect(await ask("from=-200d&interval=3h")).toMatchObject({
      from: Date.UTC(2026, 4, 5) - 200 * DAY,
      intervalMs: DAY,
    });
    expect((await ask("from=-30d")).totals.sessions.started).toBe(117);
  });

  test("says what this server does now, and nothing of what is not there", async () => {
    const nothing = await ask("from=2020-01-01&to=2020-01-02");
    expect(nothing.now).toEqual(present);
    expect(nothing.rows).toEqual([]);
    expect(nothing.totals.sessions).toMatchObject({ started: 0, ended: 0, timeoutRate: null, startMs: null });
    expect(nothing.totals.video).toMatchObject({ starts: 0, failureRate: null, firstSegmentP50Ms: null, speed: null });
  });

  test("refuses what is no time, and asks views nothing: their filters change nothing", async () => {
    expect((await app.inject("/api/v1/analytics/encoder?from=soon")).statusCode).toBe(400);
    expect((await app.inject("/api/v1/analytics/encoder?codecs=hevc")).statusCode).toBe(400);
    expect((await ask("filter=browser:eq:Firefox")).totals.video.starts).toBe(42);
  });
});
