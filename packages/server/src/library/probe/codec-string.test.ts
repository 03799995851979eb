import { expect, it } from "vitest";
import { codecStringOf } from "./codec-string.js";

it.each([
  [{ codec_name: "h264", profile: "High", level: 40 }, "avc1.640028"],
  [{ codec_name: "h264", profile: "Constrained Baseline", level: 30 }, "avc1.42e01e"],
  [{ codec_name: "h264", profile: "Main", level: 9 }, "avc1.4d4009"],
  [{ codec_name: "aac", profile: "LC" }, "mp4a.40.2"],
  [{ codec_name: "aac", profile: "HE-AACv2" }, "mp4a.40.29"],
  [{ codec_name: "eac3" }, "ec-3"],
  [{ codec_name: "mpeg4", profile: "Simple Profile" }, null],
  [{ codec_name: "h264", profile: "Unknown", level: 40 }, null],
  [{}, null],
])("tells %j as %s", (stream, expected) => {
  expect(codecStringOf({ index: 0, ...stream })).toBe(expected);
});
