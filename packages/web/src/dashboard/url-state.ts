import { type Dimension, type QuestionId, questions } from "./dimensions.js";
import { type Filter, readFilters, writeFilters } from "./filter.js";
import { isMetricId, type MetricId } from "./metrics.js";

/** Spans up to now, with the interval that gives each around sixty points. */
export const spans = {
  "1h": { name: "1 hour", ms: 3_600_000, interval: "1m" },
  "24h": { name: "24 hours", ms: 86_400_000, interval: "30m" },
  "7d": { name: "7 days", ms: 7 * 86_400_000, interval: "3h" },
  "30d": { name: "30 days", ms: 30 * 86_400_000, interval: "12h" },
  "90d": { name: "90 days", ms: 90 * 86_400_000, interval: "1d" },
} as const;
export type Span = keyof typeof spans;
export const spanNames = Object.keys(spans).filter(isSpan);

/** Up to now, or between two times (Unix ms) that were zoomed into from a span. */
export type Range =
  | { readonly kind: "span"; readonly span: Span }
  | { readonly kind: "between"; readonly from: number; readonly to: number; readonly span: Span };

/** What the dashboard shows, all of it in the address: a link to it shows the same. */
export interface DashboardState {
  readonly range: Range;
  readonly filters: readonly Filter[];
  /** Whether figures are held against the stretch of the same length before. */
  readonly compare: boolean;
  /** What the chart over time shows. */
  readonly metric: MetricId;
  /** The dimension chosen in each breakdown. */
  readonly by: Readonly<Record<QuestionId, Dimension>>;
}

const defaultSpan: Span = "24h";
const defaultMetric: MetricId = "views";

export function readState(query: string): DashboardState {
  const params = new URLSearchParams(query);
  const metric = params.get("metric") ?? "";
  const choice = (id: QuestionId): Dimension => {
    const choices: readonly Dimension[] = questions.find((question) => question.id === id)?.choices ?? [];
    const asked = params.get(id);
    return choices.find((dimension) => dimension === asked) ?? choices[0] ?? "mediaId";
  };
  return {
    range: readRange(params),
    filters: readFilters(params.get("filter") ?? ""),
    compare: params.get("compare") !== "off",
    metric: isMetricId(metric) ? metric : defaultMetric,
    by: { what: choice("what"), how: choice("how"), where: choice("where"), end: choice("end") },
  };
}

/** What is as it would be anyway is left out, so that the plain address stays plain. */
export function writeState(state: DashboardState): URLSearchParams {
  const { metric, by } = state;
  const params = writeShared(state);
  if (metric !== defaultMetric) params.set("metric", metric);
  for (const { id, choices } of questions) {
    if (by[id] !== choices[0]) params.set(id, by[id]);
  }
  return params;
}

const ownNames = ["from", "to", "range", "filter", "compare", "metric", ...questions.map(({ id }) => id)];

/** The address's query with this state in it; what a page keeps there beside it stays. */
export function mergeState(query: string, state: DashboardState): URLSearchParams {
  const params = new URLSearchParams(query);
  for (const name of ownNames) params.delete(name);
  for (const [name, value] of writeState(state)) params.set(name, value);
  return params;
}

/** The part of the state that all pages have in common: range, conditions, comparison. */
export function writeShared({ range, filters, compare }: DashboardState): URLSearchParams {
  const params = new URLSearchParams();
  if (range.kind === "between") {
    params.set("from", String(range.from));
    params.set("to", String(range.to));
  }
  if (range.span !== defaultSpan) params.set("range", range.span);
  if (filters.length > 0) params.set("filter", writeFilters(filters));
  if (!compare) params.set("compare", "off");
  return params;
}

/** The same, looked at closer: from and to in Unix ms. */
export function between(state: DashboardState, from: number, to: number): DashboardState {
  return { ...state, range: { kind: "between", from, to, span: state.range.span } };
}

/** The query of the analytics routes for this state. */
export function apiQuery(state: Pick<DashboardState, "range" | "filters">): URLSearchParams {
  const params = new URLSearchParams();
  const { range, filters } = state;
  if (range.kind === "between") {
    params.set("from", String(range.from));
    params.set("to", String(range.to));
  } else params.set("from", `-${range.span}`);
  if (filters.length > 0) params.set("filter", writeFilters(filters));
  return params;
}

/** The same question about the stretch of the same length before. */
export function apiQueryBefore(state: Pick<DashboardState, "range" | "filters">, now: number): URLSearchParams {
  const { range, filters } = state;
  const to = range.kind === "between" ? range.from : now - spans[range.span].ms;
  const length = range.kind === "between" ? range.to - range.from : spans[range.span].ms;
  return apiQuery({ range: { kind: "between", from: Math.max(0, to - length), to, span: range.span }, filters });
}

/** The interval of a chart over the range, in the server's words; undefined leaves it to the server. */
export function intervalOf(range: Range): string | undefined {
  return range.kind === "span" ? spans[range.span].interval : undefined;
}

function readRange(params: URLSearchParams): Range {
  const from = timeOf(params.get("from"));
  const to = timeOf(params.get("to"));
  const asked = params.get("range") ?? "";
  const span = isSpan(asked) ? asked : defaultSpan;
  return from !== undefined && to !== undefined && from < to
    ? { kind: "between", from, to, span }
    : { kind: "span", span };
}

function timeOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function isSpan(name: string): name is Span {
  return Object.hasOwn(spans, name);
}
