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
import { parseDimension } from "./filter-grammar.js";
import { liveRoute } from "./live-route.js";
import { createLiveViews } from "./live-views.js";
import { AnalyticsQuery, parseLimit, parseSelection } from "./query.js";
import type { Sessionizer } from "./sessionizer.js";
import { startupBins, startupEdgesMs } from "./startup-histogram.js";
import { parseInterval } from "./time-grammar.js";
import { timeseriesPoints } from "./timeseries.js";
import { withRatios } from "./totals.js";
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

  const schema = <const T extends Type.TSchema>(reply: T) => ({
    querystring: AnalyticsQuery,
    response: { 200: reply, "4xx": ErrorReply, "5xx": ErrorReply },
  });

  app.get(`${ROOT}/overview`, { schema: schema(OverviewReply) }, async ({ query }) => {
    const selection = parseSelection(query, now());
    const [totals, present] = await Promise.all([store.views.totals(selection), live.read()]);
    const { from, to } = selection;
    return { from, to, ...withRatios(totals), concurrent: present.concurrent };
  });

  app.get(`${ROOT}/timeseries`, { schema: schema(TimeseriesReply) }, async ({ query }) => {
    const selection = parseSelection(query, now());
    const intervalMs = parseInterval(query.interval, selection);
    const found = await store.views.timeseries(selection, intervalMs);
    const { from, to } = selection;
    return { from, to, intervalMs, points: timeseriesPoints(found, selection, intervalMs) };
  });

  app.get(`${ROOT}/breakdown`, { schema: schema(BreakdownReply) }, async ({ query }) => {
    const selection = parseSelection(query, now());
    const by = parseDimension("by", query.by ?? "");
    const limit = parseLimit(query.limit, { fallback: 20, max: 1_000 });
    const rows = await store.views.breakdown(selection, by, limit);
    const { from, to } = selection;
    return { from, to, by, rows: rows.map(({ value, ...totals }) => ({ value, ...withRatios(totals) })) };
  });

  app.get(`${ROOT}/histogram`, { schema: schema(HistogramReply) }, async ({ query }) => {
    const metric = query.metric ?? "startup";
    if (metric !== "startup") {
      throw new AppError("bad_request", { message: `metric is "${metric.slice(0, 64)}", but must be startup.` });
    }
    const selection = parseSelection(query, now());
    const counts = await store.views.startupHistogram(selection, startupEdgesMs);
    return { from: selection.from, to: selection.to, metric, bins: startupBins(counts) };
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
