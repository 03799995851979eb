import {
  BreakdownReply,
  DEFAULT_APP_ID,
  ErrorReply,
  HistogramReply,
  OverviewReply,
  TimeseriesReply,
  ViewReply,
  ViewsReply,
} from "@playhead/protocol";
import { InvalidCursorError, type TelemetryStore, type ViewPage, type ViewSelection } from "@playhead/store";
import Type from "typebox";
import { AppError } from "../errors.js";
import type { App } from "../http.js";
import { errorsRoute } from "./errors-route.js";
import { experimentsRoute } from "./experiments-route.js";
import { explanationsOf } from "./explanations.js";
import { exportRoute } from "./export-route.js";
import { parseDimensions } from "./filter-grammar.js";
import { liveRoute } from "./live-route.js";
import { createLiveViews } from "./live-views.js";
import { keyText, measure, measureAll, previous } from "./measure.js";
import { parseMetrics } from "./metric-grammar.js";
import { analyticsSchema, parseCompare, parseLimit, parseSelection, parseWithout, rangeOf } from "./query.js";
import type { Sessionizer } from "./sessionizer.js";
import { startRoute } from "./start-route.js";
import { boundedBins, startupEdgesMs } from "./startup-histogram.js";
import { parseInterval } from "./time-grammar.js";
import { timeseriesByValues, timeseriesPoints } from "./timeseries.js";
import { viewRow } from "./view-row.js";

export interface AnalyticsDeps {
  readonly store: TelemetryStore;
  readonly sessionizer: Sessionizer;
  readonly now?: () => number;
}

const ROOT = "/api/v1/analytics";
const ViewParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });

/** What the dashboards read: folded views, and one view's events. One query grammar for all (`query.ts`). */
export function analyticsRoutes(app: App, { store, sessionizer, now = Date.now }: AnalyticsDeps): void {
  const live = createLiveViews({ store, sessionizer, log: app.log, now });
  liveRoute(app, live);

  const schema = analyticsSchema;
  errorsRoute(app, store.views, now);
  experimentsRoute(app, store.views, now);
  exportRoute(app, store.views, now);
  startRoute(app, store.views, now);

  app.get(`${ROOT}/overview`, { schema: schema(OverviewReply) }, async ({ query }) => {
    const selection = parseSelection(query, now());
    const fields = parseMetrics(query.metric);
    const without = parseWithout(query.without);
    const before = parseCompare(query.compare) ? previous(selection) : undefined;
    const [measured, earlier, present] = await Promise.all([
      measureAll(store.views, selection, fields, without),
      before && measureAll(store.views, before, fields, without),
      live.read(),
    ]);
    return {
      ...rangeOf(selection),
      ...measured,
      ...(before && earlier && { previous: { ...rangeOf(before), ...earlier } }),
      concurrent: present.concurrent,
    };
  });

  app.get(`${ROOT}/timeseries`, { schema: schema(TimeseriesReply) }, async ({ query }) => {
    const selection = parseSelection(query, now());
    const intervalMs = parseInterval(query.interval, selection);
    const fields = parseMetrics(query.metric);
    const by = query.by === undefined ? undefined : parseDimensions(query.by);
    const limit = parseLimit(query.limit, { fallback: 8, max: 50 });
    const before = parseCompare(query.compare) ? previous(selection) : undefined;
    const without = parseWithout(query.without);
    const series = (of: ViewSelection) => measure(store.views, of, { intervalMs, without }, fields);
    const [found, byValue, earlier] = await Promise.all([
      series(selection),
      by && measure(store.views, selection, { intervalMs, by, limit, without }, fields),
      before && series(before),
    ]);
    return {
      ...rangeOf(selection),
      intervalMs,
      points: timeseriesPoints(found, selection, intervalMs),
      ...(byValue && { series: timeseriesByValues(byValue, selection, intervalMs) }),
      ...(before &&
        earlier && { previous: { ...rangeOf(before), points: timeseriesPoints(earlier, before, intervalMs) } }),
    };
  });

  app.get(`${ROOT}/breakdown`, { schema: schema(BreakdownReply) }, async ({ query }) => {
    const selection = parseSelection(query, now());
    const by = parseDimensions(query.by ?? "");
    const fields = parseMetrics(query.metric);
    const limit = parseLimit(query.limit, { fallback: 20, max: 1_000 });
    const without = parseWithout(query.without);
    const compared = parseCompare(query.compare);
    const [rows, earlier] = await Promise.all([
      measure(store.views, selection, { by, limit, without }, fields),
      // What is shown now may have been rare before, so the stretch before is not cut to its own most viewed.
      compared ? measure(store.views, previous(selection), { by, limit: 10_000, without }, fields) : [],
    ]);
    const before = new Map(earlier.map(({ group, measured }) => [keyText(group), measured]));
    return {
      ...rangeOf(selection),
      by: by.join(","),
      rows: rows.map(({ group, measured }) => {
        const values = [...(group.values ?? [])];
        const then = before.get(keyText(group)) ?? null;
        return { value: values[0] ?? null, values, ...measured, ...(compared && { previous: then }) };
      }),
    };
  });

  app.get(`${ROOT}/histogram`, { schema: schema(HistogramReply) }, async ({ query }) => {
    const metric = query.metric ?? "startup";
    if (metric !== "startup") {
      throw new AppError("bad_request", { message: `metric is "${metric.slice(0, 64)}", but must be startup.` });
    }
    const selection = parseSelection(query, now());
    const counts = await store.views.startupHistogram(selection, startupEdgesMs);
    return {
      from: selection.from,
      to: selection.to,
      metric,
      bins: boundedBins(counts).map(({ fromMs, toMs, views }) => ({ fromMs, toMs, views })),
    };
  });

  // Views are asked for at either address.
  for (const root of [ROOT, "/api/v1"]) {
    app.get(`${root}/views`, { schema: schema(ViewsReply) }, async ({ query }) => {
      const selection = parseSelection(query, now());
      const limit = parseLimit(query.limit, { fallback: 50, max: 1_000 });
      const page = await pageOf(store, selection, limit, query.cursor);
      return { views: page.views.map(viewRow), ...(page.next === undefined ? {} : { next: page.next }) };
    });

    app.get(
      `${root}/views/:id`,
      {
        schema: {
          params: ViewParams,
          response: { 200: ViewReply, "4xx": ErrorReply, "5xx": ErrorReply },
        },
      },
      async ({ params }) => {
        const [stored, events] = await Promise.all([
          store.views.get(DEFAULT_APP_ID, params.id),
          store.events.ofView(DEFAULT_APP_ID, params.id),
        ]);
        if (stored === undefined) throw new AppError("view_not_found");
        const view = viewRow(stored);
        return {
          ...view,
          view,
          explanations: explanationsOf(events),
          events: events.map(({ event, source, receivedAt }) => ({ ...event, source, receivedAt })),
        };
      },
    );
  }
}

async function pageOf(
  store: TelemetryStore,
  selection: ViewSelection,
  limit: number,
  cursor: string | undefined,
): Promise<ViewPage> {
  try {
    return await store.views.list(selection, { limit, ...(cursor === undefined ? {} : { cursor }) });
  } catch (error) {
    if (!(error instanceof InvalidCursorError)) throw error;
    throw new AppError("bad_request", { message: "cursor must be the `next` of the page before.", cause: error });
  }
}
