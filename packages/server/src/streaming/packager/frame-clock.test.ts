import { describe, expect, it } from "vitest";
import { frameLengthOf, frameTicks } from "./frame-clock.js";

const frames = (count: number, frame: number, rate: number, from = 0) =>
  Array.from({ length: count }, (_, i) => from + (i * frame) / rate);
const toMs = (times: readonly number[]) => times.map((time) => Math.round(time * 1000) / 1000);

describe("frameLengthOf", () => {
  it.each([
    [1024, 48_000],
    [1024, 44_100],
    [2048, 48_000],
    [1536, 48_000],
    [960, 48_000],
    [1152, 44_100],
  ])("hears the beat of %i samples at %i Hz through times in ms", (frame, rate) => {
    expect(frameLengthOf(toMs(frames(64, frame, rate)), rate)).toBe(frame);
  });

  it("claims none where packets are of different lengths", () => {
    expect(frameLengthOf([0, 0.02, 0.025, 0.06, 0.1003], 48_000)).toBeUndefined();
  });
});

describe("frameTicks", () => {
  it("puts packets with times in ms back onto the samples", () => {
    const times = toMs(frames(500, 1024, 44_100));
    expect(frameTicks(times, 44_100, 1024, 0)).toEqual(Array.from({ length: 500 }, (_, i) => i * 1024));
  });

  it("gives the same times wherever a segment begins", () => {
    const times = toMs(frames(500, 1024, 48_000, 0.007));
    const whole = frameTicks(times, 48_000, 1024, times[0] ?? 0);
    for (const cut of [1, 77, 300])
      expect(frameTicks(times.slice(cut), 48_000, 1024, times[0] ?? 0)).toEqual(whole.slice(cut));
  });

  it("keeps a real gap, and the beat after it", () => {
    const times = [...toMs(frames(10, 1024, 48_000)), ...toMs(frames(10, 1024, 48_000, 5))];
    const ticks = frameTicks(times, 48_000, 1024, 0);
    expect(ticks.slice(8, 12)).toEqual([8192, 9216, 240_000, 241_024]);
  });
});
