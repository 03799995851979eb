import { expect, it } from "vitest";
import { channelsName, codecName, sizeName, trackFacts } from "./names.js";

it("names codecs as people do, and keeps the name of those it does not know", () => {
  expect(codecName("eac3")).toBe("Dolby Digital Plus");
  expect(codecName("pcm_s16le")).toBe("PCM");
  expect(codecName("cinepak")).toBe("CINEPAK");
});

it("rounds sizes to two digits or whole units", () => {
  expect([512, 34_200_000, 8_400_000_000, 999_600].map(sizeName)).toEqual(["512 B", "34 MB", "8.4 GB", "1.0 MB"]);
});

it("names layouts, and counts the channels of those without a name", () => {
  expect([2, 6, 3].map(channelsName)).toEqual(["stereo", "5.1", "3 channels"]);
});

it("says of a track what is known", () => {
  expect(trackFacts({ kind: "video", index: 0, codec: "h264", width: 640, height: 360, fps: 23.976023 })).toBe(
    "640 × 360, 23.976 fps",
  );
  expect(trackFacts({ kind: "subtitle", index: 0, codec: "ass" })).toBe("");
});
