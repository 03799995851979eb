import { describe, expect, it } from "vitest";
import { h264Level } from "./h264-level.js";

describe("h264Level", () => {
  it.each([
    [192, 32, 24, 500_000, "1.3", "avc1.64000d"],
    [640, 360, 30, 1_000_000, "3.0", "avc1.64001e"],
    [1280, 720, 30, 4_000_000, "3.1", "avc1.64001f"],
    [1280, 720, 60, 8_000_000, "3.2", "avc1.640020"],
    [1920, 1080, 24, 7_000_000, "4.0", "avc1.640028"],
    [1920, 1080, 30, 60_000_000, "4.1", "avc1.640029"],
    [1920, 1080, 60, 17_000_000, "4.2", "avc1.64002a"],
    [3840, 2160, 30, 40_000_000, "5.1", "avc1.640033"],
    [20_000, 20_000, 60, 1e9, "6.2", "avc1.64003e"],
  ])(
    "of %i×%i at %i fps and %i bit/s is the lowest that holds it",
    (width, height, fps, bitrate, level, codecString) => {
      expect(h264Level(width, height, fps, bitrate)).toEqual({ level, codecString });
    },
  );

  it("counts the longest side: a ribbon needs more than its area says", () => {
    expect(h264Level(1920, 64, 24, 500_000).level).toBe("3.1");
  });
});
