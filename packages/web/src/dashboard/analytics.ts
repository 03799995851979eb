import type {
  BreakdownReply,
  EncoderReply,
  ErrorsReply,
  ExperimentsReply,
  HistogramReply,
  OverviewReply,
  StartReply,
  TimeseriesReply,
  ViewReply,
  ViewsReply,
} from "@playhead/protocol";
import { request } from "../api/request.js";
import type { Dimension } from "./dimensions.js";
import { apiQuery, apiQueryBefore, type DashboardState, intervalOf } from "./url-state.js";

type Selection = Pick<DashboardState, "range" | "filters">;

const ROOT = "/api/v1/analytics";

/** Totals that cost the database most: left out where they are not shown. */
export type Costly = "viewers" | "startup";

function without(query: URLSearchParams, costly: readonly Costly[]): URLSearchParams {
  if (costly.length > 0) query.set("without", costly.join(","));
  return query;
}

export function loadOverview(
  selection: Selection,
  signal: AbortSignal,
  costly: readonly Costly[] = [],
): Promise<OverviewReply> {
  return request(`${ROOT}/overview?${without(apiQuery(selection), costly)}`, { signal });
}

/** The stretch of the same length before: what the figures are held against. */
export function loadOverviewBefore(selection: Selection, signal: AbortSignal): Promise<OverviewReply> {
  return request(`${ROOT}/overview?${without(apiQueryBefore(selection, Date.now()), ["viewers"])}`, { signal });
}

/** Without viewers; startup times if the chart is of them. @param by tells the values with the most views apart. */
export function loadTimeseries(
  selection: Selection,
  signal: AbortSignal,
  { by, startup = false }: { readonly by?: Dimension; readonly startup?: boolean } = {},
): Promise<TimeseriesReply> {
  const query = without(apiQuery(selection), startup ? ["viewers"] : ["viewers", "startup"]);
  if (by !== undefined) query.set("by", by);
  const interval = intervalOf(selection.range);
  if (interval !== undefined) query.set("interval", interval);
  return request(`${ROOT}/timeseries?${query}`, { signal });
}

export function loadHistogram(selection: Selection, signal: AbortSignal): Promise<HistogramReply> {
  return request(`${ROOT}/histogram?${apiQuery(selection)}`, { signal });
}

export function loadBreakdown(selection: Selection, by: Dimension, signal: AbortSignal): Promise<BreakdownReply> {
  const query = without(apiQuery(selection), ["viewers"]);
  query.set("by", by);
  query.set("limit", "12");
  return request(`${ROOT}/breakdown?${query}`, { signal });
}

/** Rows by a dimension, with the distributions that `metrics` names, and startup times if they are shown. */
export function loadRows(
  selection: Selection,
  by: Dimension,
  metrics: readonly string[],
  limit: number,
  startup: boolean,
  signal: AbortSignal,
): Promise<BreakdownReply> {
  const query = without(apiQuery(selection), startup ? ["viewers"] : ["viewers", "startup"]);
  query.set("by", by);
  query.set("limit", String(limit));
  if (metrics.length > 0) query.set("metric", metrics.join(","));
  return request(`${ROOT}/breakdown?${query}`, { signal });
}

/** By up to three dimensions together; those of the most views. */
export function loadCombinations(
  selection: Selection,
  by: readonly Dimension[],
  limit: number,
  signal: AbortSignal,
): Promise<BreakdownReply> {
  const query = without(apiQuery(selection), ["viewers", "startup"]);
  query.set("by", by.join(","));
  query.set("limit", String(limit));
  return request(`${ROOT}/breakdown?${query}`, { signal });
}

export function loadStart(selection: Selection, signal: AbortSignal): Promise<StartReply> {
  return request(`${ROOT}/start?${apiQuery(selection)}`, { signal });
}

/** What the server did, whoever watched: no condition of views applies. */
export function loadEncoder({ range }: Pick<Selection, "range">, signal: AbortSignal): Promise<EncoderReply> {
  const query = apiQuery({ range, filters: [] });
  const interval = intervalOf(range);
  if (interval !== undefined) query.set("interval", interval);
  return request(`${ROOT}/encoder?${query}`, { signal });
}

export function loadErrors(selection: Selection, signal: AbortSignal): Promise<ErrorsReply> {
  return request(`${ROOT}/errors?${apiQuery(selection)}`, { signal });
}

export function loadExperiments(selection: Selection, signal: AbortSignal): Promise<ExperimentsReply> {
  return request(`${ROOT}/experiments?${apiQuery(selection)}`, { signal });
}

export interface Page {
  readonly limit: number;
  readonly cursor?: string;
}

export function loadViews(selection: Selection, page: Page, signal: AbortSignal): Promise<ViewsReply> {
  const query = apiQuery(selection);
  query.set("limit", String(page.limit));
  if (page.cursor !== undefined) query.set("cursor", page.cursor);
  return request(`${ROOT}/views?${query}`, { signal });
}

/** Whether anything was ever measured here. */
export async function loadAnyViews(signal: AbortSignal): Promise<boolean> {
  const reply = await request<ViewsReply>(`${ROOT}/views?from=0&limit=1`, { signal });
  return reply.views.length > 0;
}

export function loadView(id: string, signal: AbortSignal): Promise<ViewReply> {
  return request(`${ROOT}/views/${encodeURIComponent(id)}`, { signal });
}
