import { comparedMetrics, type RatioMoments, type VariantMoments } from "@playhead/store";
import { describe, expect, test } from "vitest";
import { compareVariants, difference, estimate } from "./compare-variants.js";

/** What viewers with these sums add up to. */
function momentsOf(viewers: readonly (readonly [x: number, y: number])[]): RatioMoments {
  const sum = (of: (x: number, y: number) => number) => viewers.reduce((total, [x, y]) => total + of(x, y), 0);
  return {
    viewers: viewers.length,
    affected: viewers.filter(([x]) => x > 0).length,
    x: sum((x) => x),
    y: sum((_, y) => y),
    xx: sum((x) => x * x),
    yy: sum((_, y) => y * y),
    xy: sum((x, y) => x * y),
  };
}

/** So many viewers of one view each, of whom so many failed. */
const failing = (failed: number, all: number) =>
  momentsOf(Array.from({ length: all }, (_, i) => [i < failed ? 1 : 0, 1] as const));

describe("an estimate", () => {
  test("of a mean has the standard error of the mean", () => {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, Σ(x−5)² = 32, s² = 32/7, se = √(32/7/8).
    const found = estimate(momentsOf([2, 4, 4, 4, 5, 5, 7, 9].map((x) => [x, 1])));
    expect(found?.value).toBe(5);
    expect(found?.error).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
  });

  test("of a rate has that of a proportion", () => {
    // √(p(1−p)/n) with Bessel's n/(n−1): 0.2·0.8/99.
    expect(estimate(failing(20, 100))).toEqual({ value: 0.2, error: expect.closeTo(Math.sqrt((0.2 * 0.8) / 99), 12) });
  });

  test("counts viewers, not their views: repeats of one viewer's lot make nothing surer", () => {
    const once = estimate(failing(20, 100));
    const tenViewsEach = estimate(momentsOf(Array.from({ length: 100 }, (_, i) => [i < 20 ? 10 : 0, 10] as const)));
    expect(tenViewsEach?.value).toBe(once?.value);
    expect(tenViewsEach?.error).toBeCloseTo(once?.error ?? 0, 12);
  });

  test("is none without a denominator, and has no error from one viewer", () => {
    expect(estimate(momentsOf([]))).toBeNull();
    expect(estimate(momentsOf([[3, 2]]))).toEqual({ value: 1.5, error: null });
  });
});

describe("a difference", () => {
  test("is called better or worse when its interval leaves out 0", () => {
    const found = difference("startFailureRate", failing(30, 1_000), failing(60, 1_000));
    // se = √(0.03·0.97/999 + 0.06·0.94/999) = 0.009249; −0.03 ± 0.018128.
    expect(found).toMatchObject({ difference: expect.closeTo(-0.03, 12), relative: -0.5, verdict: "better" });
    expect(found?.low).toBeCloseTo(-0.0481, 4);
    expect(found?.high).toBeCloseTo(-0.0119, 4);
    expect(difference("startFailureRate", failing(60, 1_000), failing(30, 1_000))?.verdict).toBe("worse");
    expect(difference("startFailureRate", failing(31, 1_000), failing(30, 1_000))?.verdict).toBe("unclear");
  });

  test("claims nothing of too few viewers, or of too few whom it happened to", () => {
    const few = difference("startFailureRate", failing(0, 99), failing(90, 1_000));
    expect(few).toMatchObject({ tooFew: true, verdict: "unclear" });
    expect(difference("startFailureRate", failing(0, 1_000), failing(9, 1_000))?.tooFew).toBe(true);
    expect(difference("startFailureRate", failing(0, 1_000), failing(20, 1_000))).toMatchObject({
      tooFew: false,
      verdict: "better",
    });
  });
});

describe("variants", () => {
  const variant = (experiment: string, name: string): VariantMoments => {
    const of = Object.fromEntries(comparedMetrics.map((metric) => [metric, failing(5, 100)]));
    // `of` has every metric: it was made from their list.
    return { experiment, variant: name, views: 100, viewers: 100, of: of as VariantMoments["of"] };
  };
  const found = [variant("abr", "a"), variant("abr", "b"), variant("ui", "blue"), variant("ui", "control")];

  test("stand beside the one asked for, else `control`, else the first", () => {
    const controls = (wanted?: string) => compareVariants(found, wanted).map(({ control }) => control);
    expect(controls()).toEqual(["a", "control"]);
    expect(controls("b")).toEqual(["b", "control"]);
  });

  test("have their difference, the control none", () => {
    const [abr] = compareVariants(found, undefined);
    expect(abr?.variants.map(({ metrics }) => metrics.mos?.against?.difference)).toEqual([undefined, 0]);
  });
});
