import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type {
  BreakdownReply,
  ErrorsReply,
  ExperimentsReply,
  OverviewReply,
  StartReply,
  TimeseriesReply,
  ViewReply,
  ViewsReply,
} from "@playhead/protocol";
import { errorFingerprint } from "@playhead/qoe";
import { openPostgresStore } from "@playhead/store-postgres";
import { type FastifyBaseLogger, fastify } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replyWithError } from "../error-reply.js";
import type { App } from "../http.js";
import { openRealStore, type RealStore, viewEvents } from "./real-store.js";
import { analyticsRoutes } from "./routes.js";
import { createSessionizer, type Sessionizer } from "./sessionizer.js";

const log: FastifyBaseLogger = pino({ level: "silent" });
const HOUR = 3_600_000;
/** Three views, hours ago; nothing in the tests depends on when they run. */
const start = Math.floor(Date.now() / HOUR) * HOUR - 5 * HOUR;

let real: RealStore;
let sessionizer: Sessionizer;
let app: App;

beforeAll(async () => {
  real = await openRealStore(openPostgresStore);
  const { store } = real;
  sessionizer = createSessionizer({ store, log });
  app = fastify({ loggerInstance: log }).withTypeProvider();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler(replyWithError);
  analyticsRoutes(app, { store, sessionizer });
  const firefox = { viewerId: "anna", mediaId: "film", device: { browser: "Firefox", os: "Linux" } };
  await store.events.append([
    ...viewEvents(
      "watched",
      start,
      [
        [0, "play_request"],
        [1, "first_frame", { startupMs: 1_000 }],
        [11, "rebuffer_start"],
        [14, "rebuffer_end"],
        [20, "seek_start"],
        [21, "seek_end"],
        [61, "end", { reason: "ended" }],
      ],
      {
        ...firefox,
        experiment: { name: "abr", variant: "a" },
        stream: { codec: "avc1.640028,mp4a.40.2", delivery: "copy" },
      },
    ),
    ...viewEvents(
      "failed",
      start + 2 * HOUR,
      [
        [0, "play_request"],
        [2, "error", { code: "manifest", message: "gone", fatal: true }],
      ],
      { viewerId: "ben", device: { browser: "Chromium" }, experiment: { name: "abr", variant: "b" } },
    ),
    ...viewEvents(
      "left",
      start + 2 * HOUR + 60_000,
      [
        [0, "play_request"],
        [4, "end", { reason: "left" }],
      ],
      firefox,
    ),
  ]);
  sessionizer.notify();
  await sessionizer.idle();
});
afterAll(async () => {
  await app.close();
  await sessionizer.stop();
  await real.close();
});

async function get<T>(url: string): Promise<T> {
  const response = await app.inject(`/api/v1/analytics${url}`);
  if (response.statusCode !== 200) throw new Error(response.body);
  return response.json<T>();
}

async function refusal(url: string): Promise<{ status: number; code: string; message: string }> {
  const response = await app.inject(`/api/v1/analytics${url}`);
  const { error } = response.json<{ error: { code: string; message: string } }>();
  return { status: response.statusCode, ...error };
}

test("overview sums the range and divides sums by sums", async () => {
  expect(await get<OverviewReply>("/overview")).toMatchObject({
    views: 3,
    attempts: 3,
    started: 1,
    viewers: 2,
    startupP50Ms: 1_000,
    watchMs: 60_000,
    rebufferRatio: 0.05,
    rebufferFrequencyPerMinute: 1,
    startFailureRate: 1 / 3,
    playbackFailureRate: 0,
    exitBeforeStartRate: 1 / 3,
    seekLatencyMs: 1_000,
    concurrent: 0,
  });
});

test("overview of a range in which nothing began is empty, not an error", async () => {
  expect(await get<OverviewReply>("/overview?from=2020-01-01&to=2020-01-02T00:00:00Z")).toMatchObject({
    from: Date.UTC(2020, 0, 1),
    to: Date.UTC(2020, 0, 2),
    views: 0,
    rebufferRatio: null,
    startupP95Ms: null,
  });
});

test("filters hold for every route", async () => {
  expect(await get<OverviewReply>("/overview?filter=browser:eq:Chromium")).toMatchObject({
    views: 1,
    startFailures: 1,
  });
  expect(await get<OverviewReply>("/overview?filter=browser:ne:Chromium,exit:in:ended|left")).toMatchObject({
    views: 1,
  });
  const codec = encodeURIComponent(String.raw`codec:eq:avc1.640028\,mp4a.40.2`);
  expect(await get<OverviewReply>(`/overview?filter=${codec}`)).toMatchObject({ views: 1, started: 1 });
});

test("timeseries has every interval, with what began in it", async () => {
  const reply = await get<TimeseriesReply>(`/timeseries?from=${start}&to=${start + 4 * HOUR}&interval=1h`);
  expect(reply.intervalMs).toBe(HOUR);
  expect(reply.points.map(({ at, views }) => [at - start, views])).toEqual([
    [0, 1],
    [HOUR, 0],
    [2 * HOUR, 2],
    [3 * HOUR, 0],
  ]);
  expect(reply.points[2]).toMatchObject({ startFailureRate: 0.5, rebufferRatio: null });
});

test("breakdown has the views of each value, most first", async () => {
  const { rows } = await get<BreakdownReply>("/breakdown?by=browser");
  expect(rows.map(({ value, views }) => [value, views])).toEqual([
    ["Firefox", 2],
    ["Chromium", 1],
  ]);
  expect((await get<BreakdownReply>("/breakdown?by=browser&limit=1")).rows).toHaveLength(1);
});

test("breakdown takes up to three dimensions, distributions, and the stretch before", async () => {
  const range = `from=${start + 2 * HOUR}&to=${start + 4 * HOUR}`;
  const { rows } = await get<BreakdownReply>(
    `/breakdown?by=browser,os&metric=startupMs,views&compare=previous&${range}`,
  );
  expect(rows.map(({ values, views, previous }) => [values, views, previous?.views])).toEqual([
    [["Chromium", null], 1, undefined],
    [["Firefox", "Linux"], 1, 1],
  ]);
  expect(rows[1]?.previous?.distributions?.startupMs).toEqual({
    count: 1,
    mean: 1_000,
    p50: null,
    p75: null,
    p90: null,
    p95: null,
    p99: null,
    tooFew: ["p50", "p75", "p90", "p95", "p99"],
  });
  expect(rows[0]?.previous).toBeNull();
});

test("overview and timeseries are held against the stretch before", async () => {
  const range = `from=${start + 2 * HOUR}&to=${start + 4 * HOUR}&compare=previous`;
  expect(await get<OverviewReply>(`/overview?${range}`)).toMatchObject({
    views: 2,
    previous: { from: start, to: start + 2 * HOUR, views: 1, startupP50Ms: 1_000 },
  });
  const series = await get<TimeseriesReply>(`/timeseries?${range}&interval=1h&by=browser`);
  expect(series.previous?.points.map(({ views }) => views)).toEqual([1, 0]);
  expect(series.series?.map(({ values, points }) => [values, points.map(({ views }) => views)])).toEqual([
    [["Chromium"], [1, 0]],
    [["Firefox"], [1, 0]],
  ]);
});

test("histogram counts startup times", async () => {
  const { bins } = await get<{ bins: { fromMs: number; toMs: number | null; views: number }[] }>("/histogram");
  expect(bins.filter(({ views }) => views > 0)).toEqual([{ fromMs: 1_000, toMs: 1_500, views: 1 }]);
  expect(bins[0]?.fromMs).toBe(0);
  expect(bins.at(-1)?.toMs).toBeNull();
});

test("start tells where the time went, also when nobody knows", async () => {
  const reply = await get<StartReply>("/start");
  expect(reply).toMatchObject({ started: 1, divided: 0, slow: [{ cause: "unknown", views: 1 }] });
  expect(reply.distributions.startupMs).toMatchObject({ count: 1, mean: 1_000, p50: null });
  expect(reply.bins.filter(({ views }) => views > 0)).toMatchObject([{ fromMs: 1_000, toMs: 1_500, divided: 0 }]);
});

test("errors are grouped by fingerprint, which is a filter", async () => {
  const { groups } = await get<ErrorsReply>("/errors");
  expect(groups).toEqual([
    {
      fingerprint: errorFingerprint("manifest", "gone"),
      errorCode: "manifest",
      errorMessage: "gone",
      views: 1,
      viewers: 1,
      startFailures: 1,
      playbackFailures: 0,
      businessFailures: 0,
      firstSeen: start + 2 * HOUR,
      lastSeen: start + 2 * HOUR,
      firstSeenEver: start + 2 * HOUR,
      sampleViews: ["failed"],
    },
  ]);
  const { views } = await get<ViewsReply>(`/views?filter=errorFingerprint:eq:${groups[0]?.fingerprint}`);
  expect(views.map(({ viewId }) => viewId)).toEqual(["failed"]);
});

test("experiments set variants side by side and claim nothing of a view each", async () => {
  const { experiments, better } = await get<ExperimentsReply>("/experiments");
  expect(better.startupMs).toBe("lower");
  expect(experiments).toMatchObject([
    {
      experiment: "abr",
      control: "a",
      variants: [
        { variant: "a", views: 1 },
        { variant: "b", views: 1 },
      ],
    },
  ]);
  const [a, b] = experiments[0]?.variants ?? [];
  expect(a?.metrics.startupMs).toEqual({ value: 1_000, low: null, high: null, viewers: 1, against: null });
  expect(b?.metrics.startupMs).toBeNull();
  expect(b?.metrics.startFailureRate?.against).toEqual({
    difference: 1,
    low: null,
    high: null,
    relative: null,
    tooFew: true,
    verdict: "unclear",
  });
  const asked = await get<ExperimentsReply>("/experiments?control=b&filter=experiment:eq:abr");
  expect(asked.experiments[0]?.control).toBe("b");
});

test("views are listed newest first, page by page", async () => {
  const first = await get<ViewsReply>("/views?limit=2");
  expect(first.views.map(({ viewId }) => viewId)).toEqual(["left", "failed"]);
  expect(first.views[1]).toMatchObject({
    errorCode: "manifest",
    exit: "start_failure",
    startupMs: null,
    seedScore: 100,
  });
  const second = await get<ViewsReply>(`/views?limit=2&cursor=${first.next}`);
  expect(second.views.map(({ viewId }) => viewId)).toEqual(["watched"]);
  expect(second.next).toBeUndefined();
  expect(second.views[0]).toMatchObject({
    viewerId: "anna",
    mediaId: "film",
    startedAt: start,
    startupMs: 1_000,
    watchMs: 60_000,
    playingMs: 56_000,
    rebufferCount: 1,
    rebufferMs: 3_000,
    seekCount: 1,
    averageBitrateBps: null,
    switches: 0,
    droppedFrames: 0,
    exit: "ended",
    seedScore: 75,
    delivery: "copy",
  });
  expect(second.views[0]).not.toHaveProperty("errorCode");
  expect(second.views[0]).not.toHaveProperty("appId");
});

test("one view has its fields, its row and its events in order", async () => {
  const view = await get<ViewReply>("/views/watched");
  expect(view).toMatchObject({ viewId: "watched", startupMs: 1_000, view: { viewId: "watched", startupMs: 1_000 } });
  expect(view.explanations).toMatchObject({
    start: null,
    stalls: [{ at: start + 11_000, durationMs: 3_000, cause: "unknown", request: null }],
  });
  expect(view.events.map(({ type }) => type)).toEqual([
    "play_request",
    "first_frame",
    "rebuffer_start",
    "rebuffer_end",
    "seek_start",
    "seek_end",
    "end",
  ]);
  expect(view.events[1]).toMatchObject({
    startupMs: 1_000,
    source: "sdk",
    receivedAt: start + 1_000,
    ts: start + 1_000,
  });
});

test("views stand at the short address too", async () => {
  expect((await app.inject("/api/v1/views")).json<ViewsReply>().views).toHaveLength(3);
  expect((await app.inject("/api/v1/views/failed")).json<ViewReply>().errorCode).toBe("manifest");
});

describe("a wrong question is answered with the right ones", () => {
  test.each([
    ["/overview?form=-1h", /There is no parameter "form"; there are from, to, interval, by, filter/],
    ["/overview?from=yesterday", /such as -24h/],
    ["/overview?from=now&to=-1h", /from must be before to/],
    ["/overview?filter=colour:eq:red", /must be one of browser, os/],
    ["/timeseries?interval=soon", /such as 1m, 1h or 1d/],
    ["/timeseries?interval=1s", /at most 2000 points/],
    ["/breakdown", /by is "", but must be one of browser, os/],
    ["/breakdown?by=colour", /must be one of browser, os/],
    ["/breakdown?by=browser,os,codec,exit", /by has 4 dimensions, but takes at most 3/],
    ["/overview?metric=mood", /metric is "mood", but must be of startupMs, /],
    ["/overview?compare=never", /compare is "never", but must be previous/],
    ["/overview?without=views", /without is "views", but must be of viewers, startup/],
    ["/histogram?metric=mood", /must be startup/],
    ["/views?limit=0", /whole number from 1 to 1000/],
    ["/views?limit=NaN", /whole number from 1 to 1000/],
    ["/views?cursor=nonsense", /cursor must be/],
    ["/overview?from=-1h&from=-2h", /from/],
  ])("%s", async (url, message) => {
    const { status, code, message: said } = await refusal(url);
    expect([status, code]).toEqual([400, "bad_request"]);
    expect(said).toMatch(message);
  });

  test.each(["/views/nobody", "/views/%00", `/views/${"x".repeat(100)}`])("%s is no view", async (url) => {
    expect(await refusal(url)).toMatchObject({ status: 404, code: "view_not_found" });
  });
});
