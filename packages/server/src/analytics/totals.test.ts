import { noTotals } from "@playhead/store";
import { expect, test } from "vitest";
import { timeseriesPoints } from "./timeseries.js";
import { withRatios } from "./totals.js";

test("ratios are sums over sums", () => {
  expect(
    withRatios({
      ...noTotals,
      attempts: 10,
      started: 8,
      startFailures: 1,
      playbackFailures: 2,
      exitsBeforeStart: 1,
      watchMs: 600_000,
      rebufferMs: 6_000,
      rebufferCount: 5,
      seekCount: 4,
      seekMs: 2_000,
      droppedFrames: 1,
      decodedFrames: 99,
    }),
  ).toMatchObject({
    rebufferRatio: 0.01,
    rebufferFrequencyPerMinute: 0.5,
    startFailureRate: 0.1,
    playbackFailureRate: 0.25,
    exitBeforeStartRate: 0.1,
    seekLatencyMs: 500,
    droppedFrameRatio: 0.01,
  });
});

test("a ratio of nothing is not zero", () => {
  expect(withRatios(noTotals)).toMatchObject({ rebufferRatio: null, startFailureRate: null, droppedFrameRatio: null });
});

test("a timeseries has a point for each interval that touches its range", () => {
  const points = timeseriesPoints(
    [{ group: { at: 120_000 }, measured: { ...withRatios(noTotals), views: 3 } }],
    { from: 70_000, to: 180_001 },
    60_000,
  );
  expect(points.map(({ at, views }) => [at, views])).toEqual([
    [60_000, 0],
    [120_000, 3],
    [180_000, 0],
  ]);
});
