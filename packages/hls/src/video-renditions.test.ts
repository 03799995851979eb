import { describe, expect, it } from "vitest";
import { linesOf } from "./display-size.js";
import type { MediaInfo, VideoStream } from "./media-info.js";
import { videoRenditions } from "./video-renditions.js";

const codecString = "avc1.640028";
const video = (over: Partial<VideoStream> = {}): VideoStream => ({
  index: 0,
  codec: "h264",
  codecString,
  bitrateBps: 5_000_000,
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
  ...over,
});

function ladder(over: Partial<VideoStream> = {}, supported: readonly string[] = [codecString]) {
  const stream = video(over);
  const info: MediaInfo = {
    container: "matroska",
    durationMs: 60_000,
    startTimeMs: 0,
    sizeBytes: 40_000_000,
    bitrateBps: 5_200_000,
    video: [stream],
    audio: [],
    subtitles: [],
    chapters: [],
    keyframes: [0, 5, 14, 21, 30, 44, 52],
    packageable: true,
  };
  return videoRenditions(info, stream, new Set(supported));
}
const names = (rungs: ReturnType<typeof ladder>) =>
  rungs.map((rung) => (rung.mode === "copy" ? "original" : linesOf(rung)));
const averages = (rungs: ReturnType<typeof ladder>) => rungs.map((rung) => rung.averageBandwidthBps ?? Number.NaN);

describe("the ladder", () => {
  it.each<[string, Partial<VideoStream>, readonly string[], readonly (string | number)[]]>([
    ["has the copy above smaller rungs", {}, [codecString], ["original", 720, 480, 360, 240]],
    ["goes up to the source where it is converted", {}, [], [1080, 720, 480, 360, 240]],
    [
      "begins at 1080p where a larger one is converted",
      { width: 3840, height: 2160 },
      [],
      [1080, 2160, 1440, 720, 480, 360, 240],
    ],
    ["ends at 2160p", { width: 7680, height: 4320 }, [], [1080, 2160, 1440, 720, 480, 360, 240]],
    ["counts a wide film by its width", { height: 800 }, [], [1080, 720, 480, 360, 240]],
    ["counts an upright film by its width", { rotation: 90 }, [], [1080, 720, 480, 360, 240]],
    ["has an odd source's own size", { width: 1066, height: 800 }, [], [800, 720, 480, 360, 240]],
    ["has no rung nearly as large as the source", { width: 656, height: 492 }, [], [492, 360, 240]],
    ["has only the source's size below 240 lines", { width: 320, height: 180 }, [], [180]],
    [
      "has only the copy below 240 lines",
      { width: 320, height: 180, bitrateBps: 200_000 },
      [codecString],
      ["original"],
    ],
    [
      "has a cheaper rung of the size of a dear copy",
      { bitrateBps: 25_000_000 },
      [codecString],
      ["original", 1080, 720, 480, 360, 240],
    ],
  ])("%s", (_, over, supported, expected) => {
    expect(names(ladder(over, supported))).toEqual(expected);
  });

  it("takes as many bits as size and frame rate are worth", () => {
    const kbps = (over: Partial<VideoStream>) =>
      averages(ladder({ bitrateBps: 50_000_000, ...over }, [])).map((bps) => Math.round(bps / 1000));
    expect(kbps({})).toEqual([4500, 2449, 1334, 866, 471]);
    expect(kbps({ frameRate: { num: 60, den: 1 } })).toEqual([7115, 3873, 2109, 1369, 744]);
    expect(kbps({ width: 3840, height: 2160 })).toEqual([4500, 12_728, 6928, 2449, 1334, 866, 471]);
  });

  it("takes no more than its source holds, counted in H.264, and less for smaller pictures", () => {
    const poor = averages(ladder({ bitrateBps: 1_000_000, codecString: "avc1.4d0028" }, []));
    expect(poor[0]).toBe(1_000_000);
    expect(poor[1]).toBeLessThan(600_000);
    const hevc = averages(ladder({ bitrateBps: 1_000_000, codec: "hevc" }, []));
    expect(hevc[0]).toBe(1_700_000);
    const mpeg2 = averages(ladder({ bitrateBps: 6_000_000, codec: "mpeg2video" }, []));
    expect(mpeg2[0]).toBe(3_000_000);
  });

  it.each([200_000, 1_000_000, 5_000_000, 9_000_000, 80_000_000])(
    "of a copy of %i bit/s falls from rung to rung in every rate that a player may sort by",
    (bitrateBps) => {
      for (const over of [{}, { height: 800 }, { width: 1066, height: 800 }, { codec: "hevc" }]) {
        const rungs = ladder({ bitrateBps, ...over });
        expect(rungs.length).toBeGreaterThan(4);
        for (const rates of [averages(rungs), rungs.map(({ bandwidthBps }) => bandwidthBps)])
          expect(rates).toEqual([...new Set(rates)].toSorted((a, b) => b - a));
      }
    },
  );

  it("is of one timeline: converted rungs share every boundary, and no two have the same address or bytes", () => {
    const rungs = ladder({ frameRate: { num: 24_000, den: 1001 } }, []);
    for (const rung of rungs) expect(rung.plan.boundaries).toEqual(rungs[0]?.plan.boundaries);
    expect(new Set(rungs.map(({ id }) => id)).size).toBe(rungs.length);
    expect(new Set(rungs.map(({ plan }) => plan.version)).size).toBe(rungs.length);
  });

  it("names a codec level that each rung keeps to", () => {
    expect(ladder({ width: 3840, height: 2160 }, []).map(({ codecString: codec }) => codec)).toEqual([
      "avc1.640028",
      "avc1.640033",
      "avc1.640032",
      "avc1.64001f",
      "avc1.64001e",
      "avc1.64001e",
      "avc1.640015",
    ]);
  });
});
