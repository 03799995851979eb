import { questions } from "./dimensions.js";
import { readFilters, writeFilters } from "./filter.js";
import { isMetricId } from "./metrics.js";
/** Spans up to now, with the interval that gives each around sixty points. */
export const spans = {
  "1h": { name: "1 hour", ms: 3_600_000, interval: "1m" },
  "24h": { name: "24 hours", ms: 86_400_000, interval: "30m" },
  "7d": { name: "7 days", ms: 7 * 86_400_000, interval: "3h" },
  "30d": { name: "30 days", ms: 30 * 86_400_000, interval: "12h" },
  "90d": { name: "90 days", ms: 90 * 86_400_000, interval: "1d" },
};
export const spanNames = Object.keys(spans).filter(isSpan);
const defaultSpan = "24h";
const defaultMetric = "views";
export function readState(query) {
  const params = new URLSearchParams(query);
  const metric = params.get("metric") ?? "";
  const choice = (id) => {
    const choices = questions.find((question) => question.id === id)?.choices ?? [];
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
export function writeState(state) {
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
export function mergeState(query, state) {
  const params = new URLSearchParams(query);
  for (const name of ownNames) params.delete(name);
  for (const [name, value] of writeState(state)) params.set(name, value);
  return params;
}
/** The part of the state that all pages have in common: range, conditions, comparison. */
export function writeShared({ range, filters, compare }) {
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
export function between(state, from, to) {
  return { ...state, range: { kind: "between", from, to, span: state.range.span } };
}
/** The query of the analytics routes for this state. */
export function apiQuery(state) {
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
export function apiQueryBefore(state, now) {
  const { range, filters } = state;
  const to = range.kind === "between" ? range.from : now - spans[range.span].ms;
  const length = range.kind === "between" ? range.to - range.from : spans[range.span].ms;
  return apiQuery({ range: { kind: "between", from: Math.max(0, to - length), to, span: range.span }, filters });
}
/** The interval of a chart over the range, in the server's words; undefined leaves it to the server. */
export function intervalOf(range) {
  return range.kind === "span" ? spans[range.span].interval : undefined;
}
function readRange(params) {
  const from = timeOf(params.get("from"));
  const to = timeOf(params.get("to"));
  const asked = params.get("range") ?? "";
  const span = isSpan(asked) ? asked : defaultSpan;
  return from !== undefined && to !== undefined && from < to
    ? { kind: "between", from, to, span }
    : { kind: "span", span };
}
function timeOf(text) {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
function isSpan(name) {
  return Object.hasOwn(spans, name);
}
//# sourceMappingURL=url-state.js.map
