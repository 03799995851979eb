import { rm } from "node:fs/promises";
import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type {
  BreakdownReply,
  ErrorsReply,
  ExperimentsReply,
  HistogramReply,
  Measured,
  OverviewReply,
  StartReply,
  TimeseriesReply,
  Totals,
  ViewsReply,
} from "@playhead/protocol";
import { type DistributedField, distributedFields, type StoredView, type ViewDimension } from "@playhead/store";
import { openPostgresStore, type PostgresStore } from "@playhead/store-postgres";
import { type FastifyBaseLogger, fastify } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../e2e/temporary-folder.js";
import { analyticsRoutes } from "../../packages/server/src/analytics/routes.js";
import { createSessionizer, type Sessionizer } from "../../packages/server/src/analytics/sessionizer.js";
import { replyWithError } from "../../packages/server/src/error-reply.js";
import type { App } from "../../packages/server/src/http.js";
import { differences, distributionOf, groupsOf, totalsOf, valueOf, valuesOf } from "./answers.js";
import { foldedOf, loadEvents } from "./load.js";
import { planTraffic } from "./plan.js";
import { type Truth, truthOf } from "./truth.js";

const DAY = 86_400_000;
const until = Date.UTC(2026, 10, 25, 12);
const traffic = planTraffic({ seed: 7, views: 2_000, days: 30, until });
const plans = [...traffic.plans()];
const truths = plans.map(truthOf);

const log: FastifyBaseLogger = pino({ level: "silent" });
let dataDir: string;
let store: PostgresStore;
let sessionizer: Sessionizer;
let app: App;

/** One database with one month of views, written as events and folded by the server's own sessionizer. */
beforeAll(async () => {
  dataDir = await temporaryFolder("traffic");
  store = await openPostgresStore({ databaseUrl: null, dataDir, log });
  await loadEvents(store, plans);
  sessionizer = createSessionizer({ store, log });
  app = fastify({ loggerInstance: log }).withTypeProvider();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler(replyWithError);
  analyticsRoutes(app, { store, sessionizer, now: () => until });
});
afterAll(async () => {
  await app.close();
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function get<T>(route: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
  const response = await app.inject({
    url: `/api/v1/analytics/${route}`,
    query: { from: String(traffic.from), to: String(until), ...query },
  });
  if (response.statusCode !== 200) throw new Error(response.body);
  return response.json<T>();
}

const inRange = (from: number, to: number) => truths.filter((view) => view.startedAt >= from && view.startedAt < to);

/** Every distribution but the mean opinion's, whose truth is its own model's. */
const isKnown = (field: DistributedField): field is Exclude<DistributedField, "mos"> => field !== "mos";
const fields = distributedFields.filter(isKnown);
const measuredOf = (views: readonly Truth[]): Measured => ({
  ...totalsOf(views),
  distributions: Object.fromEntries(fields.map((field) => [field, distributionOf(valuesOf(views, field))])),
});

test("each view is folded to what truly happened in it", async () => {
  let cursor: string | undefined;
  const found = new Map<string, unknown>();
  do {
    const page: ViewsReply = await get("views", { limit: "1000", ...(cursor === undefined ? {} : { cursor }) });
    for (const view of page.views)
      found.set(view.viewId, { errorCode: null, errorMessage: null, errorFingerprint: null, ...view });
    cursor = page.next;
  } while (cursor !== undefined);
  expect(found.size).toBe(truths.length);
  const shown = truths.map(({ appId: _appId, ...truth }) => truth);
  expect(shown.flatMap((truth) => differences(found.get(truth.viewId), truth, truth.viewId))).toEqual([]);
});

test("views that are loaded without their events are the same views", async () => {
  for (const plan of plans.slice(0, 100)) {
    const closed: Partial<StoredView> = plan.outcome.kind === "lost" ? { exit: "left", successScore: 100 } : {};
    expect(
      differences(await store.views.get("default", plan.viewId), { ...foldedOf(plan), ...closed }, plan.viewId),
    ).toEqual([]);
  }
});

test("the overview has the totals, every distribution, and the stretch before", async () => {
  const from = until - 10 * DAY;
  const reply: OverviewReply = await get("overview", {
    from: String(from),
    metric: fields.join(),
    compare: "previous",
  });
  expect(differences(reply, measuredOf(inRange(from, until)), "overview")).toEqual([]);
  expect(differences(reply.previous, measuredOf(inRange(from - 10 * DAY, from)), "previous")).toEqual([]);
  const all = measuredOf(truths);
  expect(all.distributions?.startupMs?.tooFew).toEqual([]);
});

test.each<[filter: string, holds: (view: Truth) => boolean]>([
  ["browser:eq:Firefox", ({ browser }) => browser === "Firefox"],
  [
    "browser:ne:Firefox,country:in:DE|SE",
    ({ browser, country }) => browser !== "Firefox" && (country === "DE" || country === "SE"),
  ],
  ["country:ne:DE", ({ country }) => country !== "DE"],
  [
    "custom.plan:eq:paid,delivery:eq:transcode",
    (view) => valueOf(view, "custom.plan") === "paid" && view.delivery === "transcode",
  ],
  [String.raw`codec:eq:avc1.640028\,ac-3`, ({ codec }) => codec === "avc1.640028,ac-3"],
  ["stallCause:in:encoder|network", ({ stallCause }) => stallCause === "encoder" || stallCause === "network"],
  ["startCause:eq:encoder", ({ startCause }) => startCause === "encoder"],
  ["encoder:eq:nobody's", () => false],
])("filter %s selects the same views", async (filter, holds) => {
  expect(differences(await get<OverviewReply>("overview", { filter }), totalsOf(truths.filter(holds)), filter)).toEqual(
    [],
  );
});

test("a timeseries has each interval's totals, as a whole and by value", async () => {
  const reply: TimeseriesReply = await get("timeseries", { interval: "1d", by: "deviceType,os", limit: "4" });
  for (const { at, ...point } of reply.points) {
    // The first interval begins before the range.
    expect(differences(point, totalsOf(inRange(Math.max(at, traffic.from), at + DAY)), `day ${at}`)).toEqual([]);
  }
  expect(reply.points).toHaveLength(31);
  const groups = groupsOf(truths, ["deviceType", "os"]);
  const most = [...groups.values()].map(({ length }) => length).toSorted((a, b) => b - a);
  expect(reply.series?.map(({ points }) => points.reduce((sum, { views }) => sum + views, 0))).toEqual(
    most.slice(0, 4),
  );
  for (const { values, points } of reply.series ?? []) {
    const views = groups.get(JSON.stringify(values)) ?? [];
    for (const { at, ...point } of points) {
      expect(
        differences(
          point,
          totalsOf(views.filter(({ startedAt }) => startedAt >= at && startedAt < at + DAY)),
          `${values.join()} ${at}`,
        ),
      ).toEqual([]);
    }
  }
});

test.each<readonly ViewDimension[]>([
  ["browser"],
  ["country"],
  ["cdn", "delivery"],
  ["codec", "container", "browser"],
  ["experiment", "variant", "custom.plan"],
  ["encoder", "startCause", "stallCause"],
  ["exit", "playerName", "playerVersion"],
  ["mediaId"],
  ["errorFingerprint", "errorCode", "source"],
])("a breakdown by %s, %s, %s has each group's totals and distributions", async (...by) => {
  const dimensions = by.filter((name) => name !== undefined);
  const from = until - 15 * DAY;
  const reply: BreakdownReply = await get("breakdown", {
    from: String(from),
    by: dimensions.join(),
    limit: "1000",
    metric: fields.join(),
    compare: "previous",
  });
  const groups = groupsOf(inRange(from, until), dimensions);
  const before = groupsOf(inRange(traffic.from, from), dimensions);
  expect(reply.rows.map(({ views }) => views)).toEqual(
    [...groups.values()].map(({ length }) => length).toSorted((a, b) => b - a),
  );
  for (const row of reply.rows) {
    const key = JSON.stringify(row.values);
    expect(differences(row, measuredOf(groups.get(key) ?? []), key)).toEqual([]);
    const earlier = before.get(key);
    expect(differences(row.previous, earlier === undefined ? null : measuredOf(earlier), `before, ${key}`)).toEqual([]);
  }
});

test("the startup histogram counts every start once, and knows where the time went", async () => {
  const histogram: HistogramReply = await get("histogram");
  const start: StartReply = await get("start");
  const within = (from: number, to: number | null) =>
    truths.filter(({ startupMs }) => startupMs !== null && startupMs >= from && (to === null || startupMs < to));
  for (const { fromMs, toMs, views } of histogram.bins) expect(views).toBe(within(fromMs, toMs).length);
  for (const { fromMs, toMs, ...bin } of start.bins) {
    const views = within(fromMs, toMs);
    const divided = views.flatMap(({ startServerMs, startNetworkMs, startPlayerMs }) =>
      startServerMs === null ? [] : [[startServerMs, startNetworkMs ?? 0, startPlayerMs ?? 0] as const],
    );
    const sum = (part: 0 | 1 | 2) => divided.reduce((total, parts) => total + parts[part], 0);
    const mostly = (part: 0 | 1 | 2) => divided.filter((parts) => parts.indexOf(Math.max(...parts)) === part).length;
    expect(bin).toEqual({
      views: views.length,
      divided: divided.length,
      serverMs: sum(0),
      networkMs: sum(1),
      playerMs: sum(2),
      mostlyServer: mostly(0),
      mostlyNetwork: mostly(1),
      mostlyPlayer: mostly(2),
    });
  }
  expect(
    differences(start.distributions.startNetworkMs, distributionOf(valuesOf(truths, "startNetworkMs")), "network"),
  ).toEqual([]);
  const slow = groupsOf(truths, ["startCause"]);
  for (const { cause, views } of start.slow) expect(views).toBe(slow.get(JSON.stringify([cause]))?.length);
  expect(start.slow).toHaveLength(slow.size - 1);
});

test("an export has every view of a selection, or every row of a breakdown", async () => {
  const lines = async (query: Readonly<Record<string, string>>) => {
    const url = { url: "/api/v1/analytics/export", query: { from: String(traffic.from), to: String(until), ...query } };
    const { headers, body } = await app.inject(url);
    return { headers, lines: body.trimEnd().split(/\r?\n/) };
  };
  const firefox = truths.filter(({ browser }) => browser === "Firefox");
  const csv = await lines({ filter: "browser:eq:Firefox" });
  expect(csv.headers).toMatchObject({
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="playhead-views-2026-10-26-2026-11-25.csv"',
  });
  expect(csv.lines).toHaveLength(1 + firefox.length);
  const ids = new Set(csv.lines.slice(1).map((line) => line.split(",")[0]));
  expect(ids).toEqual(new Set(firefox.map(({ viewId }) => viewId)));

  const all = await lines({ format: "ndjson" });
  const newest: readonly ViewsReply["views"][number][] = all.lines.map((line) => JSON.parse(line));
  expect(newest).toHaveLength(truths.length);
  expect(newest.slice(0, 20)).toEqual((await get<ViewsReply>("views", { limit: "20" })).views);

  const groups = await lines({ by: "browser,os", metric: "startupMs" });
  expect(groups.lines[0]).toMatch(/^browser,os,views,attempts,.*,startupMs\.count,startupMs\.mean,startupMs\.p50/);
  expect(groups.lines).toHaveLength(1 + groupsOf(truths, ["browser", "os"]).size);
  const rows = (await lines({ by: "browser", format: "ndjson" })).lines.map((line) => JSON.parse(line));
  const wanted = [...groupsOf(truths, ["browser"])].map(([, views]) => ({
    browser: views[0]?.browser,
    ...totalsOf(views),
  }));
  for (const row of rows)
    expect(
      differences(
        row,
        wanted.find(({ browser }) => browser === row.browser),
        "row",
      ),
    ).toEqual([]);
});

test("each error is one group, whatever its numbers, with its first and last view", async () => {
  const from = until - 20 * DAY;
  const { groups }: ErrorsReply = await get("errors", { from: String(from) });
  const wanted = groupsOf(
    inRange(from, until).filter(({ errorCode }) => errorCode !== null),
    ["errorFingerprint"],
  );
  // As many as the player has wordings, not as many as there are failures.
  expect(groups.length).toBe(wanted.size);
  expect(groups.length).toBeLessThan(12);
  for (const group of groups) {
    const views = wanted.get(JSON.stringify([group.fingerprint])) ?? [];
    const ever = truths.filter(({ errorFingerprint }) => errorFingerprint === group.fingerprint);
    const { startFailures, playbackFailures, businessFailures, viewers } = totalsOf(views);
    const times = (of: readonly Truth[]) => of.map(({ startedAt }) => startedAt).toSorted((a, b) => a - b);
    expect(group).toMatchObject({
      views: views.length,
      ...{ startFailures, playbackFailures, businessFailures, viewers },
      firstSeen: times(views)[0],
      lastSeen: times(views).at(-1),
      firstSeenEver: times(ever)[0],
    });
    const newest = views.toSorted((a, b) => b.startedAt - a.startedAt).slice(0, 5);
    expect(group.sampleViews).toEqual(newest.map(({ viewId }) => viewId));
  }
});

describe("experiments", () => {
  test("have the totals' values, and the interval of ratios over viewers", async () => {
    const { experiments }: ExperimentsReply = await get("experiments");
    expect(experiments.map(({ experiment, control }) => [experiment, control])).toEqual([["start-rung", "control"]]);
    for (const { variant, metrics, views, viewers } of experiments[0]?.variants ?? []) {
      const mine = truths.filter((view) => view.variant === variant);
      const totals = totalsOf(mine);
      expect([views, viewers]).toEqual([mine.length, byViewer(mine).length]);
      const rates = [
        "startFailureRate",
        "rebufferRatio",
        "seedScore",
        "droppedFrameRatio",
      ] as const satisfies (keyof Totals)[];
      for (const name of rates) expect(differences(metrics[name]?.value, totals[name], name)).toEqual([]);
      const started = valuesOf(mine, "startupMs");
      const mean = started.reduce((sum, ms) => sum + ms, 0) / started.length;
      // Σ over viewers of (Σ startup − mean · starts)², the long way.
      const sums = byViewer(mine).flatMap((of) => {
        const ms = valuesOf(of, "startupMs");
        return ms.length === 0 ? [] : [ms.reduce((sum, one) => sum + one, 0) - mean * ms.length];
      });
      const squares = sums.reduce((sum, one) => sum + one * one, 0);
      const error = Math.sqrt((sums.length / (sums.length - 1)) * squares) / started.length;
      expect(differences(metrics.startupMs?.value, mean, "mean")).toEqual([]);
      expect(metrics.startupMs?.high).toBeCloseTo(mean + 1.959964 * error, 4);
    }
  });
});

function byViewer(views: readonly Truth[]): readonly (readonly Truth[])[] {
  const known = groupsOf(
    views.filter(({ viewerId }) => viewerId !== null),
    ["viewerId"],
  );
  return [...known.values(), ...views.filter(({ viewerId }) => viewerId === null).map((view) => [view])];
}
