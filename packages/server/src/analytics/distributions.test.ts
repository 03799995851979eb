import { expect, test } from "vitest";
import { withoutTooFew } from "./distributions.js";

const of = (count: number) => ({ count, mean: 1, p50: 1, p75: 2, p90: 3, p95: 4, p99: 5 });

test.each([
  [1, ["p50", "p75", "p90", "p95", "p99"]],
  [2, ["p75", "p90", "p95", "p99"]],
  [4, ["p90", "p95", "p99"]],
  [10, ["p95", "p99"]],
  [20, ["p99"]],
  [100, []],
])("%i views speak for no more than they can", (count, tooFew) => {
  const found = withoutTooFew(of(count));
  expect(found.tooFew).toEqual(tooFew);
  expect([found.p50, found.p99]).toEqual([tooFew.includes("p50") ? null : 1, tooFew.includes("p99") ? null : 5]);
});
