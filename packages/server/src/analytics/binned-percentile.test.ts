import { firstSegmentEdgesMs } from "@playhead/store";
import { expect, it } from "vitest";
import { binnedPercentile } from "./binned-percentile.js";

const edges = [1, 10, 100];

it("lies within the bin that holds it, evenly by ratio", () => {
  expect(binnedPercentile([0, 2, 0, 0], edges, 0.5)).toBeCloseTo(Math.sqrt(10));
  expect(binnedPercentile([0, 1, 1, 0], edges, 0.5)).toBeCloseTo(10);
  expect(binnedPercentile([0, 1, 3, 0], edges, 0.75)).toBeCloseTo(10 ** (1 + 2 / 3));
});

it("is the edge where the bin has but one, and null where nothing was counted", () => {
  expect(binnedPercentile([4, 0, 0, 0], edges, 0.5)).toBe(1);
  expect(binnedPercentile([0, 0, 0, 4], edges, 0.95)).toBe(100);
  expect(binnedPercentile([0, 0, 0, 0], edges, 0.5)).toBeNull();
});

it("is within 19 % of the true one, whatever the values", () => {
  const values = Array.from({ length: 1_000 }, (_, i) => 60 + ((i * 7919) % 1_000) ** 1.3);
  const bins = Array.from({ length: firstSegmentEdgesMs.length + 1 }, () => 0);
  for (const value of values) {
    const bin = firstSegmentEdgesMs.filter((edge) => edge <= value).length;
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const sorted = values.toSorted((a, b) => a - b);
  for (const share of [0.5, 0.75, 0.95]) {
    const found = binnedPercentile(bins, firstSegmentEdgesMs, share) ?? 0;
    expect(Math.abs(found / (sorted[share * 1_000] ?? 1) - 1)).toBeLessThan(0.19);
  }
});
