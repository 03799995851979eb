import { describe, expect, it } from "vitest";
import { createBandwidthEstimate } from "./bandwidth-estimate.js";
import { createEncoderPace } from "./encoder-pace.js";
import { automaticName, qualityOf, renditionIn, rungName } from "./rungs.js";
import { serverTimeMs } from "./server-time.js";

describe("the bandwidth estimate", () => {
  const at = (bps: number, seconds: number): [number, number] => [seconds * 1000, (bps * seconds) / 8];

  it("is unknown at first, then what was measured, whatever small answers say", () => {
    const estimate = createBandwidthEstimate();
    estimate.sample(1, 1000);
    expect(estimate.bps).toBeUndefined();
    estimate.sample(...at(5e6, 1));
    expect(estimate.bps).toBeCloseTo(5e6, -1);
  });

  it("falls with one slow segment, and rises with a few fast ones", () => {
    const estimate = createBandwidthEstimate();
    for (let i = 0; i < 20; i++) estimate.sample(...at(100e6, 0.05));
    estimate.sample(...at(1e6, 6));
    expect(estimate.bps).toBeLessThan(4e6);
    estimate.sample(...at(1e6, 4));
    expect(estimate.bps).toBeLessThan(2e6);
    estimate.sample(...at(100e6, 0.05));
    expect(estimate.bps).toBeLessThan(6e6);
    for (let i = 0; i < 5; i++) estimate.sample(...at(100e6, 0.05));
    expect(estimate.bps).toBeGreaterThan(8e6);
  });
});

describe("the encoder's pace", () => {
  it("makes a level too dear when segments come slower than they play, and those above it, for a while", () => {
    const pace = createEncoderPace();
    for (let i = 0; i < 3; i++) pace.segment(2, 2_500, 2, i);
    expect([1, 2, 3].map((level) => pace.isTooDear(level, 10))).toEqual([false, true, true]);
    expect(pace.isTooDear(2, 120_000)).toBe(false);
  });

  it("bears a slow start, and one of another level between", () => {
    const pace = createEncoderPace();
    for (const [level, waitMs] of [
      [2, 3_000],
      [2, 800],
      [2, 700],
      [1, 9_000],
      [2, 9_000],
    ] as const)
      pace.segment(level, waitMs, 2, 0);
    expect(pace.isTooDear(2, 0)).toBe(false);
  });
});

it("reads the server's own time from its answer", () => {
  const answer = (value: string | null) => ({ getResponseHeader: () => value });
  expect(serverTimeMs(answer("wait;dur=1200, read;dur=30.5"))).toBe(1230.5);
  expect(serverTimeMs(answer("cache;desc=hit, WAIT; dur=5"))).toBe(5);
  expect(serverTimeMs(answer(null))).toBe(0);
  expect(serverTimeMs({ headers: new Headers({ "server-timing": "wait;dur=7" }) })).toBe(7);
  expect(serverTimeMs(undefined)).toBe(0);
});

it("names rungs as viewers know them", () => {
  const rung = {
    rendition: "v0-h264-534",
    lines: 720,
    width: 1280,
    height: 534,
    bitrateBps: 1_850_000,
    original: false,
  };
  expect(rungName(rung)).toBe("720p, 1.9 Mbit/s");
  expect(rungName({ ...rung, lines: 1080, bitrateBps: 5_200_000, original: true })).toBe(
    "Original (1080p, 5.2 Mbit/s)",
  );
  expect([automaticName(undefined), automaticName(rung)]).toEqual(["Automatic", "Automatic (720p)"]);
  expect([qualityOf(rung), qualityOf({ ...rung, original: true })]).toEqual([720, "original"]);
  expect(renditionIn("http://h/api/v1/hls/id/v0-copy/index.m3u8?x=1")).toBe("v0-copy");
});
