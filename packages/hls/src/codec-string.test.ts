import { describe, expect, it } from "vitest";
import { type CodecFacts, codecStringFromFacts } from "./codec-string.js";

const cases: readonly (readonly [CodecFacts, string | null])[] = [
  [{ codec: "h264", profile: "High", level: 40 }, "avc1.640028"],
  [{ codec: "h264", profile: "Constrained Baseline", level: 30 }, "avc1.42401e"],
  [{ codec: "h264", profile: "High 10", level: 51 }, "avc1.6e0033"],
  [{ codec: "h264", profile: "High", level: -99 }, null],
  [{ codec: "h264", profile: "unknown", level: 40 }, null],
  [{ codec: "hevc", profile: "Main", level: 120 }, "hvc1.1.6.L120.90"],
  [{ codec: "hevc", profile: "Main 10", level: 153 }, "hvc1.2.4.L153.90"],
  [{ codec: "vp9", profile: "Profile 0", level: -99, width: 1920, height: 1080, fps: 24 }, "vp09.00.40.08"],
  [{ codec: "vp9", profile: "Profile 2", bitDepth: 10, width: 3840, height: 2160, fps: 60 }, "vp09.02.51.10"],
  [{ codec: "vp9", profile: "Profile 0" }, null],
  [{ codec: "av1", profile: "Main", level: 8, bitDepth: 10 }, "av01.0.08M.10"],
  [{ codec: "av1", profile: "Main", level: -99 }, null],
  [{ codec: "aac", profile: "LC" }, "mp4a.40.2"],
  [{ codec: "aac", profile: "HE-AAC" }, "mp4a.40.5"],
  [{ codec: "aac", profile: "HE-AACv2" }, "mp4a.40.29"],
  [{ codec: "mp3" }, "mp3"],
  [{ codec: "ac3" }, "ac-3"],
  [{ codec: "eac3" }, "ec-3"],
  [{ codec: "opus" }, "opus"],
  [{ codec: "dts", profile: "DTS-HD MA" }, null],
  [{ codec: "mpeg4", profile: "Simple Profile", level: 1 }, null],
];

describe("codecStringFromFacts", () => {
  it.each(cases)("%o is %s", (facts, expected) => {
    expect(codecStringFromFacts(facts)).toBe(expected);
  });
});
