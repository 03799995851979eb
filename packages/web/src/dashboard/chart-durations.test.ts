import { describe, expect, it } from "vitest";
import { durationScale, durationTick } from "./chart-durations.js";

describe("an axis of times", () => {
  it.each([
    [0.5, {}],
    [29_000, {}],
    [45_000, { interval: 15_000, max: 45_000 }],
    [130_000, { interval: 60_000, max: 180_000 }],
    [2_000_000, { interval: 600_000, max: 2_400_000 }],
    [5 * 3_600_000, { interval: 7_200_000, max: 6 * 3_600_000 }],
  ])("up to %d ms has steps that a clock has", (most, scale) => {
    expect(durationScale(most)).toEqual(scale);
  });

  it.each([
    [500, "500 ms"],
    [1_500, "1.5 s"],
    [20_000, "20 s"],
    [90_000, "1.5 min"],
    [600_000, "10 min"],
    [5_400_000, "1.5 h"],
    [7_200_000, "2 h"],
  ])("names %d ms in one unit", (ms, text) => {
    expect(durationTick(ms).replaceAll("\u00a0", " ")).toBe(text);
  });
});
