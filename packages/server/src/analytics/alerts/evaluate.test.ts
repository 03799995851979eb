import type { AlertCondition } from "@playhead/protocol";
import { noTotals } from "@playhead/store";
import { describe, expect, test } from "vitest";
import { withRatios } from "../totals.js";
import { parseAlertMetric } from "./alert-metric.js";
import { judge, type Stretch, stateAfter } from "./evaluate.js";

const of = (value: number | null, views = 100): Stretch => ({ value, views });
const above: AlertCondition = { kind: "threshold", op: "above", value: 0.05 };
const below: AlertCondition = { kind: "threshold", op: "below", value: 3 };
const rises: AlertCondition = { kind: "deviation", op: "above", percent: 50, days: 7 };
const falls: AlertCondition = { kind: "deviation", op: "below", percent: 50, days: 7 };

describe("a condition", () => {
  test.each<[string, AlertCondition, Stretch, readonly Stretch[], object]>([
    ["above a threshold", above, of(0.06), [], { verdict: "breached", limit: 0.05, usual: null }],
    ["on a threshold", above, of(0.05), [], { verdict: "ok" }],
    ["below a threshold", below, of(2.9), [], { verdict: "breached", limit: 3 }],
    ["of too few views", above, of(1, 49), [], { verdict: "too_few", value: 1, views: 49 }],
    ["of an unknown value", above, of(null), [], { verdict: "too_few", value: null }],
    ["above what is usual", rises, of(16), [of(10), of(9), of(11)], { verdict: "breached", usual: 10, limit: 15 }],
    ["as usual", rises, of(15), [of(10), of(9), of(11)], { verdict: "ok" }],
    [
      "below what is usual",
      falls,
      of(4.9),
      [of(10), of(8), of(12), of(10)],
      { verdict: "breached", usual: 10, limit: 5 },
    ],
    ["of one bad day among the past", rises, of(16), [of(10), of(10), of(900)], { verdict: "breached", usual: 10 }],
    ["of an even number of days", rises, of(1), [of(2), of(4), of(6), of(8)], { usual: 5, verdict: "ok" }],
    ["of too few past days", rises, of(99), [of(10), of(9), of(1, 3), of(null)], { verdict: "too_few", usual: null }],
    ["where nothing is usual", rises, of(1), [of(0), of(0), of(0)], { verdict: "breached", usual: 0, limit: 0 }],
  ])("%s", (_, condition, now, past, found) => {
    expect(judge({ condition, minViews: 50 }, now, past)).toMatchObject(found);
  });

  test("keeps its state while too few views speak", () => {
    expect(stateAfter("firing", { verdict: "too_few" })).toBe("firing");
    expect(stateAfter("ok", { verdict: "too_few" })).toBe("ok");
    expect(stateAfter("ok", { verdict: "breached" })).toBe("firing");
    expect(stateAfter("firing", { verdict: "ok" })).toBe("ok");
  });
});

describe("an alert's metric", () => {
  test("is a total, or a statistic of a distribution", () => {
    const measured = withRatios({ ...noTotals, attempts: 10, startFailures: 2 });
    expect(parseAlertMetric("startFailureRate").valueOf(measured)).toBe(0.2);
    const p95 = parseAlertMetric("startupMs.p95");
    expect(p95.fields).toEqual(["startupMs"]);
    expect(p95.valueOf(measured)).toBeNull();
    const startupMs = { count: 100, mean: 1, p50: 2, p75: 3, p90: 4, p95: 5, p99: null, tooFew: ["p99"] };
    expect(p95.valueOf({ ...measured, distributions: { startupMs } })).toBe(5);
  });

  test.each(["mood", "startupMs", "startupMs.p42", "startupMs.p95.x", "constructor", ""])("is not %j", (name) => {
    expect(() => parseAlertMetric(name)).toThrow(/must be one of views, attempts.*startupMs\.p95/s);
  });
});
