import type { AlertRule, AlertRuleInput } from "@playhead/protocol";
import { choiceOf } from "./alert-metrics.js";

/** What stands in the form, as text; numbers in the units that people use. */
export interface RuleValues {
  readonly name: string;
  readonly metric: string;
  readonly kind: "threshold" | "deviation";
  readonly op: "above" | "below";
  /** Threshold, in the metric's unit. */
  readonly value: string;
  /** Deviation. */
  readonly percent: string;
  readonly days: string;
  readonly windowMinutes: string;
  readonly minViews: string;
  readonly filter: string;
  readonly webhookUrl: string;
}
export type RuleField = keyof RuleValues;

export const newRule: RuleValues = {
  name: "",
  metric: "startFailureRate",
  kind: "threshold",
  op: "above",
  value: "5",
  percent: "50",
  days: "7",
  windowMinutes: "60",
  minViews: "50",
  filter: "",
  webhookUrl: "",
};

/** Without the noise of binary fractions: 0.07 × 100 is 7. */
const tidy = (value: number) => Number(value.toPrecision(12));

export function valuesOf(rule: AlertRule): RuleValues {
  const { name, metric, condition, windowMs, minViews, filter, webhookUrl = "" } = rule;
  const { factor } = choiceOf(metric).unit;
  return {
    ...newRule,
    name,
    metric,
    kind: condition.kind,
    op: condition.op,
    ...(condition.kind === "threshold"
      ? { value: String(tidy(condition.value / factor)) }
      : { percent: String(condition.percent), days: String(condition.days) }),
    windowMinutes: String(tidy(windowMs / 60_000)),
    minViews: String(minViews),
    filter,
    webhookUrl,
  };
}

/** The body that makes or changes a rule. */
export function inputOf(values: RuleValues, enabled: boolean): AlertRuleInput {
  const { name, metric, kind, op, value, percent, days, windowMinutes, minViews, filter, webhookUrl } = values;
  return {
    name: name.trim(),
    metric,
    condition:
      kind === "threshold"
        ? { kind, op, value: tidy(Number(value) * choiceOf(metric).unit.factor) }
        : { kind, op, percent: Number(percent), days: Number(days) },
    windowMs: Math.round(Number(windowMinutes) * 60_000),
    minViews: Number(minViews),
    filter: filter.trim(),
    webhookUrl: webhookUrl.trim(),
    enabled,
  };
}

const fields: Readonly<Record<string, RuleField>> = {
  name: "name",
  metric: "metric",
  filter: "filter",
  windowMs: "windowMinutes",
  minViews: "minViews",
  webhookUrl: "webhookUrl",
};
/** Within `condition`. */
const conditionFields: Readonly<Record<string, RuleField>> = {
  value: "value",
  percent: "percent",
  days: "days",
  op: "op",
};

/** Which field the server's words are about; they begin with its name, or tell where in the body it is. */
export function fieldIn(message: string): RuleField | undefined {
  const [first = "", second = ""] = message.replace(/^body\//, "").match(/[A-Za-z]+/g) ?? [];
  return first === "condition" ? conditionFields[second] : fields[first];
}
