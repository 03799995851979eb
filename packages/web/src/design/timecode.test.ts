import { describe, expect, it } from "vitest";
import { duration, timecode } from "./timecode.js";

describe("timecode", () => {
  it("shows hours only when there are any", () => {
    expect(timecode(754_000)).toBe("12:34");
    expect(timecode(3_723_000)).toBe("1:02:03");
    expect(timecode(36_000_000)).toBe("10:00:00");
  });

  it("never runs ahead of the picture", () => {
    expect(timecode(59_999)).toBe("0:59");
  });

  it("shows the start for what is no time", () => {
    for (const ms of [-5, Number.NaN, Number.POSITIVE_INFINITY]) expect(timecode(ms)).toBe("0:00");
  });
});

describe("duration", () => {
  it("is said in the two largest units that matter", () => {
    expect(duration(34_200)).toBe("34 s");
    expect(duration(12 * 60_000)).toBe("12 min");
    expect(duration(102 * 60_000)).toBe("1 h 42 min");
    expect(duration(120 * 60_000)).toBe("2 h");
  });

  it("rounds up to a whole hour without saying 60 minutes", () => {
    expect(duration(59.6 * 60_000)).toBe("1 h");
  });
});
