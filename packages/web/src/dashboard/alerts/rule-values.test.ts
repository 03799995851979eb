import type { AlertRule, AlertRuleInput } from "@playhead/protocol";
import { expect, it } from "vitest";
import { fieldIn, inputOf, newRule, valuesOf } from "./rule-values.js";

const input: AlertRuleInput = {
  name: "Starts fail",
  metric: "startFailureRate",
  filter: "cdn:eq:edge-b",
  condition: { kind: "threshold", op: "above", value: 0.07 },
  windowMs: 900_000,
  minViews: 20,
  webhookUrl: "https://hooks.example/a",
  enabled: true,
};
const stored: AlertRule = {
  ...input,
  filter: "cdn:eq:edge-b",
  windowMs: 900_000,
  minViews: 20,
  enabled: true,
  id: "1",
  createdAt: 0,
  updatedAt: 0,
  state: "ok",
  stateSince: 0,
  finding: null,
};

it("shows a rule in the units of people, and makes the same rule of it again", () => {
  const values = valuesOf(stored);
  expect(values).toMatchObject({ value: "7", windowMinutes: "15", minViews: "20", filter: "cdn:eq:edge-b" });
  expect(inputOf(values, true)).toEqual(input);
});

it("takes seconds for ms, and a metric that is not on the list as it is", () => {
  const threshold = (metric: string, value: string) => inputOf({ ...newRule, metric, value }, true).condition;
  expect(threshold("startupMs.p95", "2.5")).toMatchObject({ value: 2_500 });
  expect(threshold("watchMs.p50", "2500")).toMatchObject({ value: 2_500 });
});

it("keeps a deviation and its days", () => {
  const deviation = { kind: "deviation", op: "below", percent: 30, days: 14 } as const;
  const values = valuesOf({ ...stored, condition: deviation });
  expect(inputOf(values, false)).toMatchObject({ condition: deviation, enabled: false });
});

it.each([
  ['metric is "x", but must be one of …', "metric"],
  ["body/windowMs must be >= 60000", "windowMinutes"],
  ["body/condition/days must be <= 28", "days"],
  ["webhookUrl must begin with http", "webhookUrl"],
  ["The server can't be reached.", undefined],
])("finds the field of %s", (message, field) => {
  expect(fieldIn(message)).toBe(field);
});
