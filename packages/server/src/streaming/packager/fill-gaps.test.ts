import { describe, expect, it } from "vitest";
import { fillGaps, type GapLimits } from "./fill-gaps.js";

const limits = (over: Partial<GapLimits>): GapLimits => ({
  frame: 10,
  origin: 0,
  start: 0,
  end: 50,
  previousEnd: undefined,
  nextStart: 50,
  canFill: true,
  presentationEnd: 1000,
  ...over,
});
const shown = (ticks: readonly number[], over: Partial<GapLimits> = {}) =>
  fillGaps(ticks, limits(over))
    .map(({ at, duration, packet }) => `${packet === null ? "-" : "x"}${at}+${duration}`)
    .join(" ");

describe("fillGaps", () => {
  it("leaves sound without holes alone", () => {
    expect(shown([0, 10, 20, 30, 40])).toBe("x0+10 x10+10 x20+10 x30+10 x40+10");
  });
  it("gives a hole shorter than a frame to the frame before it", () => {
    expect(shown([0, 10, 23, 33], { nextStart: 47 })).toBe("x0+10 x10+13 x23+10 x33+14");
  });
  it("puts silence before sound that starts late", () => {
    expect(shown([30, 40], { origin: 30 })).toBe("-0+10 -10+10 -20+10 x30+10 x40+10");
  });
  it("fills a whole segment where there is no sound", () => {
    expect(shown([], { nextStart: 430 })).toBe("-0+10 -10+10 -20+10 -30+10 -40+10");
    expect(shown([], { start: 100, end: 150, previousEnd: 40, nextStart: undefined })).toBe(
      "-100+10 -110+10 -120+10 -130+10 -140+10",
    );
  });
  it("fills a hole in the middle, and joins what follows", () => {
    expect(shown([0, 35], { nextStart: 45 })).toBe("x0+10 -10+10 -20+15 x35+10");
  });
  it("goes on after the sound's end up to the presentation's, and not beyond", () => {
    expect(shown([0, 10], { nextStart: undefined, presentationEnd: 45 })).toBe("x0+10 x10+10 -20+10 -30+10");
  });
  it("does not repeat what the segment before holds", () => {
    expect(shown([57, 67], { start: 51, end: 77, previousEnd: 57, nextStart: 77 })).toBe("x57+10 x67+10");
  });
  it("leaves holes where no silence is known", () => {
    expect(shown([30, 40], { canFill: false })).toBe("x30+10 x40+10");
  });
});
