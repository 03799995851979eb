import { describe, expect, test } from "vitest";
import { qualityScore, smoothnessScore, startupScore, successScore } from "./component-scores.js";
import { type SeedScoreInput, seedScore } from "./seed-score.js";

const nothing: SeedScoreInput = { initialBufferS: 0, rebuffersS: [], switches: 0, bitrateSamples: [] };

describe("seed score", () => {
  const cases: readonly [name: string, input: Partial<SeedScoreInput>, score: number][] = [
    ["nothing recorded", {}, 100],
    ["stalls of 1 s and 2 s", { rebuffersS: [1, 2] }, 65],
    ["initial buffering of 5 s", { initialBufferS: 5 }, 85],
    ["initial buffering of 2 s costs nothing", { initialBufferS: 2 }, 100],
    ["each switch costs 2", { switches: 3 }, 94],
    ["never below 0", { rebuffersS: [60, 60] }, 0],
    ["never above 100", { bitrateSamples: [{ durationS: 10, bitrateBps: 8_000_000 }] }, 100],
    ["5 more above 5 Mbit/s", { switches: 10, bitrateSamples: [{ durationS: 10, bitrateBps: 5_000_001 }] }, 85],
    ["2 more at 5 Mbit/s", { switches: 10, bitrateSamples: [{ durationS: 10, bitrateBps: 5_000_000 }] }, 82],
    ["none at 2 Mbit/s", { switches: 10, bitrateSamples: [{ durationS: 10, bitrateBps: 2_000_000 }] }, 80],
    [
      "the average is weighted by time and rounded down",
      {
        switches: 10,
        bitrateSamples: [
          { durationS: 1, bitrateBps: 2_000_003 },
          { durationS: 3, bitrateBps: 2_000_000 },
        ],
      },
      80,
    ],
    [
      "samples without duration are no average",
      { switches: 1, bitrateSamples: [{ durationS: 0, bitrateBps: 9e6 }] },
      98,
    ],
  ];
  test.each(cases)("%s", (_, input, score) => {
    expect(seedScore({ ...nothing, ...input })).toBe(score);
  });
});

describe("component scores", () => {
  test("startup: 100 at once, 50 at 8 s, none without a start", () => {
    expect([startupScore(0), startupScore(8000), startupScore(2000), startupScore(null)]).toEqual([100, 50, 80, null]);
  });

  test("smoothness: the mean of how often and how long", () => {
    expect(smoothnessScore({ rebufferCount: 0, rebufferMs: 0, watchMs: 60_000 })).toBe(100);
    // 100/√2 = 70.711 and 100·e^(−1) = 36.788.
    expect(smoothnessScore({ rebufferCount: 2, rebufferMs: 6000, watchMs: 60_000 })).toBeCloseTo(53.749, 3);
    expect(smoothnessScore({ rebufferCount: 0, rebufferMs: 0, watchMs: 0 })).toBeNull();
  });

  test("quality: by how much the picture was blown up, worst and mean", () => {
    const player = { playerWidth: 1920, playerHeight: 1080 };
    expect(qualityScore([{ durationS: 10, width: 1920, height: 1080, ...player }])).toBe(100);
    expect(qualityScore([{ durationS: 10, width: 3840, height: 2160, ...player }])).toBe(100);
    // Blown up by 1 throughout: 100·e^(−0.33).
    expect(qualityScore([{ durationS: 10, width: 960, height: 540, ...player }])).toBeCloseTo(71.892, 3);
    // A tall picture fills the height: 1080/540, not 1920/304.
    expect(qualityScore([{ durationS: 10, width: 304, height: 540, ...player }])).toBeCloseTo(71.892, 3);
    // Worst 1, mean 0.5: 100·e^(−0.33·(0.15 + 0.425)).
    expect(
      qualityScore([
        { durationS: 5, width: 960, height: 540, ...player },
        { durationS: 5, width: 1920, height: 1080, ...player },
      ]),
    ).toBeCloseTo(82.717, 3);
    expect(qualityScore([])).toBeNull();
  });

  test("success: played, left before the start, failed, or too soon to say", () => {
    expect(successScore({ exit: "ended", startupMs: 1, waitedMs: 1 })).toBe(100);
    expect(successScore({ exit: "open", startupMs: 1, waitedMs: 1 })).toBe(100);
    expect(successScore({ exit: "before_start", startupMs: null, waitedMs: 1000 })).toBe(50);
    expect(successScore({ exit: "before_start", startupMs: null, waitedMs: 999 })).toBeNull();
    expect(successScore({ exit: "start_failure", startupMs: null, waitedMs: 5000 })).toBe(0);
    expect(successScore({ exit: "playback_failure", startupMs: 1, waitedMs: 1 })).toBe(0);
    expect(successScore({ exit: "open", startupMs: null, waitedMs: 5000 })).toBeNull();
  });
});
