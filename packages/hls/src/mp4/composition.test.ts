import { describe, expect, it } from "vitest";
import { decodeTimesOf } from "./composition.js";

/** What a player shows: decode time + offset − the edit list's media time. */
const shown = (times: ReturnType<typeof decodeTimesOf>, delay: number) =>
  times.decodeTimes.map((time, i) => time + (times.compositionOffsets[i] ?? Number.NaN) - delay);

describe("decodeTimesOf", () => {
  it("presents B-frames when the source does, and starts at the segment's time", () => {
    const presentation = [0, 4, 2, 1, 3, 8, 6, 5, 7];
    const times = decodeTimesOf(presentation, 0, 9, 2);
    expect(times.decodeTimes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(shown(times, 2)).toEqual(presentation);
    expect(Math.min(...times.compositionOffsets)).toBeGreaterThanOrEqual(0);
  });

  it("joins an open GOP without overlap: leading pictures don't pull the segment before its start", () => {
    const presentation = [100, 98, 99, 103, 101, 102];
    const times = decodeTimesOf(presentation, 100, 106, 3);
    expect(times.decodeTimes).toEqual([100, 101, 102, 103, 104, 105]);
    expect(shown(times, 3)).toEqual(presentation);
    expect(Math.min(...times.compositionOffsets)).toBeGreaterThanOrEqual(0);
  });

  it("keeps offsets from being negative where the delay is too small for the stream", () => {
    const presentation = [0, 50, 10, 5, 7, 60];
    const times = decodeTimesOf(presentation, 0, 70, 1);
    expect(shown(times, 1)).toEqual(presentation);
    expect(Math.min(...times.compositionOffsets)).toBeGreaterThanOrEqual(0);
    expect(times.decodeTimes).toEqual(times.decodeTimes.toSorted((a, b) => a - b));
  });

  it("starts at the plan's zero even where the first picture comes later", () => {
    expect(decodeTimesOf([21, 63], 0, 105, 0).decodeTimes[0]).toBe(0);
  });
});
