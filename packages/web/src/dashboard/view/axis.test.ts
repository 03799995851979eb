import { describe, expect, it } from "vitest";
import { axisOf, axisTime, shifted, spanned, zoomed } from "./axis.js";

describe("the axis", () => {
  it("has round times, a handful of them", () => {
    expect(axisOf({ from: 0, to: 12_465 })).toEqual({
      stepMs: 2_000,
      ticks: [0, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000],
    });
    expect(axisOf({ from: 310, to: 700 }).ticks).toEqual([350, 400, 450, 500, 550, 600, 650, 700]);
    expect(axisOf({ from: 0, to: 90 * 3_600_000 }).ticks.length).toBeLessThan(10);
  });

  it("says times as finely as its step", () => {
    expect(axisTime(12_000)).toBe("0:12");
    expect(axisTime(3_723_000)).toBe("1:02:03");
    expect(axisTime(350, 50)).toBe("0:00.35");
    expect(axisTime(12_465, 1)).toBe("0:12.465");
    expect(axisTime(-120, 1)).toBe("−0:00.120");
  });

  it("carries a fraction that rounds up into the seconds", () => {
    expect(axisTime(59_999, 10)).toBe("1:00.00");
  });
});

describe("the window", () => {
  it("keeps what is looked at in its place when it is zoomed", () => {
    expect(zoomed({ from: 0, to: 1_000 }, 0.5, 250, 1_000)).toEqual({ from: 125, to: 625 });
  });

  it("never leaves the view, nor grows beyond it", () => {
    expect(zoomed({ from: 500, to: 1_000 }, 4, 900, 1_000)).toEqual({ from: 0, to: 1_000 });
    expect(shifted({ from: 600, to: 900 }, 500, 1_000)).toEqual({ from: 700, to: 1_000 });
    expect(shifted({ from: 600, to: 900 }, -900, 1_000)).toEqual({ from: 0, to: 300 });
  });

  it("is no narrower than what can be seen", () => {
    expect(zoomed({ from: 0, to: 60 }, 0.1, 0, 1_000)).toEqual({ from: 0, to: 50 });
  });

  it("can be drawn from either end", () => {
    expect(spanned(800, 200, 1_000)).toEqual({ from: 200, to: 800 });
    expect(spanned(-100, 400, 1_000)).toEqual({ from: 0, to: 400 });
  });
});
