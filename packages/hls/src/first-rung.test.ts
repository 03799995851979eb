import { describe, expect, it } from "vitest";
import { decide } from "./decide.js";
import { linesOf } from "./display-size.js";
import { firstRung, type ViewerMeans } from "./first-rung.js";
import type { MediaInfo, VideoStream } from "./media-info.js";

const codecString = "avc1.640028";
const stream = {
  index: 0,
  codec: "h264",
  codecString,
  bitrateBps: 10_000_000,
  startTimeMs: 0,
  durationMs: 60_000,
  language: null,
  title: null,
  isDefault: true,
  width: 1920,
  height: 1080,
  frameRate: { num: 24, den: 1 },
  variableFrameRate: false,
  bitDepth: 8,
  pixelFormat: "yuv420p",
  rotation: 0,
  sampleAspectRatio: { num: 1, den: 1 },
  interlaced: false,
  hdr: null,
  reorderDepth: 2,
} as const satisfies VideoStream;
const film = (over: Partial<VideoStream> = {}, container = "matroska"): MediaInfo => ({
  container,
  durationMs: 60_000,
  startTimeMs: 0,
  sizeBytes: 75_000_000,
  bitrateBps: 10_000_000,
  video: [{ ...stream, ...over }],
  audio: [],
  subtitles: [],
  chapters: [],
  keyframes: [0, 5, 14, 21, 30, 44, 52],
  packageable: true,
});

function first(means: ViewerMeans, info = film(), supported: readonly string[] = [codecString]) {
  const rung = firstRung(decide(info, new Set(supported), { prefer: "hls" }), means);
  return rung?.mode === "copy" ? "original" : rung && linesOf(rung);
}
const converted = (means: ViewerMeans, over: Partial<VideoStream> = {}) => first(means, film(over), []);

describe("playback begins", () => {
  it("with the original near the server, and where that is known to be affordable", () => {
    expect(first({ isNear: true })).toBe("original");
    expect(first({ bandwidthBps: 13_000_000 })).toBe("original");
  });

  it("with what the network carries, measured or, far away and unmeasured, presumed", () => {
    expect(first({ bandwidthBps: 8_000_000, isNear: true })).toBe(1080);
    expect(first({ bandwidthBps: 4_000_000 })).toBe(720);
    expect(first({ bandwidthBps: 100_000 })).toBe(240);
    expect(first({})).toBe(1080);
    expect(first({}, film({ bitrateBps: 5_000_000 }))).toBe("original");
  });

  it("with no larger a converted picture than the screen shows", () => {
    expect(converted({ isNear: true, screen: { width: 1280, height: 720 } })).toBe(720);
    expect(converted({ isNear: true, screen: { width: 1170, height: 2532 } })).toBe(720);
    expect(converted({ isNear: true, screen: { width: 1000, height: 600 } })).toBe(720);
    expect(converted({ isNear: true, screen: { width: 5120, height: 2880 } })).toBe(1080);
  });

  it("with 1080p where more would have to be converted", () => {
    expect(converted({ isNear: true, screen: { width: 3840, height: 2160 } }, { width: 3840, height: 2160 })).toBe(
      1080,
    );
  });

  it("with a copy that is larger than the screen: it costs the server least", () => {
    expect(first({ isNear: true, screen: { width: 640, height: 360 } })).toBe("original");
  });

  it("with what the viewer chose, or the nearest below it", () => {
    expect(first({ quality: 480, isNear: true })).toBe(480);
    expect(first({ quality: 600 })).toBe(480);
    expect(first({ quality: 100 })).toBe(240);
    expect(first({ quality: "original", bandwidthBps: 1 })).toBe("original");
    expect(converted({ quality: "original", bandwidthBps: 1 })).toBe(1080);
    expect(converted({ quality: 2160 }, { width: 3840, height: 2160 })).toBe(2160);
  });

  it("with the converted 1080p where that is beside the original, and with the original where it is the only one", () => {
    expect(first({ quality: 1080 })).toBe(1080);
    expect(first({ quality: 1080 }, film({ bitrateBps: 4_000_000 }))).toBe("original");
  });
});

describe("a file that the browser plays", () => {
  const delivery = (means: ViewerMeans) => decide(film({}, "mp4"), new Set([codecString]), { means }).delivery;

  it("is played as it is, unless the network can't carry it or the viewer wants less", () => {
    expect(delivery({})).toBe("direct");
    expect(delivery({ bandwidthBps: 20_000_000, screen: { width: 640, height: 360 } })).toBe("direct");
    expect(delivery({ bandwidthBps: 1, quality: "original" })).toBe("direct");
    expect(delivery({ bandwidthBps: 1, quality: 1080 })).toBe("direct");
    expect(delivery({ bandwidthBps: 5_000_000 })).toBe("copy");
    expect(delivery({ quality: 720 })).toBe("copy");
  });
});
