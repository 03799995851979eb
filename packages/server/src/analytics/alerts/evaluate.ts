import type { AlertCondition, AlertFinding, AlertState } from "@playhead/protocol";
import type { StoredAlertRule, ViewSelection, ViewStore } from "@playhead/store";
import { parseFilters } from "../filter-grammar.js";
import { measureAll } from "../measure.js";
import { type AlertMetric, parseAlertMetric } from "./alert-metric.js";

const DAY_MS = 86_400_000;
/** Fewer past days are no habit. */
export const MIN_PAST_DAYS = 3;

/** Views and the metric's value, of one stretch of time. */
export interface Stretch {
  readonly views: number;
  readonly value: number | null;
}

/** What a rule's condition says of now, and of the same stretch of past days where it asks for them. Pure. */
export function judge(
  { condition, minViews }: { readonly condition: AlertCondition; readonly minViews: number },
  now: Stretch,
  past: readonly Stretch[],
): Omit<AlertFinding, "at"> {
  const { views, value } = now;
  const usual = condition.kind === "deviation" ? usualOf(past, minViews) : null;
  const limit = limitOf(condition, usual);
  if (views < minViews || value === null || limit === null) {
    return { verdict: "too_few", value, limit, usual, views };
  }
  const breached = condition.op === "above" ? value > limit : value < limit;
  return { verdict: breached ? "breached" : "ok", value, limit, usual, views };
}

function limitOf(condition: AlertCondition, usual: number | null): number | null {
  if (condition.kind === "threshold") return condition.value;
  const share = condition.percent / 100;
  return usual === null ? null : usual * (condition.op === "above" ? 1 + share : Math.max(0, 1 - share));
}

/** The median: one bad day of the past is no habit either. */
function usualOf(past: readonly Stretch[], minViews: number): number | null {
  const values = past.flatMap(({ views, value }) => (views >= minViews && value !== null ? [value] : []));
  if (values.length < MIN_PAST_DAYS) return null;
  values.sort((a, b) => a - b);
  const middle = values.length / 2;
  const [below, above] = [values[Math.ceil(middle) - 1], values[Math.floor(middle)]];
  return below === undefined || above === undefined ? null : (below + above) / 2;
}

/** Too few views say nothing: what was so remains so. */
export function stateAfter(state: AlertState, { verdict }: Pick<AlertFinding, "verdict">): AlertState {
  if (verdict === "too_few") return state;
  return verdict === "breached" ? "firing" : "ok";
}

/** Looks at a rule: at the views of its window up to `now`, and of the same window on past days. */
export async function evaluate(views: ViewStore, rule: StoredAlertRule, now: number): Promise<AlertFinding> {
  const { condition, windowMs } = rule;
  const metric = parseAlertMetric(rule.metric);
  const filters = parseFilters(rule.filter);
  const upTo = (to: number) => measured(views, { appId: rule.appId, from: to - windowMs, to, filters }, metric);
  const days = condition.kind === "deviation" ? condition.days : 0;
  const past: Stretch[] = [];
  // One after the other: an alert is in no hurry, and dashboards are.
  for (let day = 1; day <= days; day++) past.push(await upTo(now - day * DAY_MS));
  return { at: now, ...judge(rule, await upTo(now), past) };
}

async function measured(views: ViewStore, selection: ViewSelection, metric: AlertMetric): Promise<Stretch> {
  const found = await measureAll(views, selection, metric.fields);
  return { views: found.views, value: metric.valueOf(found) };
}
