import type { MediaInfo, VideoStream } from "@playhead/hls";
import { describe, expect, it } from "vitest";
import { planSheets, type SheetPlan, sheetsVtt } from "./sheet-plan.js";

const video = (shape: Partial<VideoStream>): VideoStream => ({
  index: 0,
  codec: "h264",
  codecString: null,
  bitrateBps: null,
  startTimeMs: null,
  durationMs: null,
  variableFrameRate: false,
  bitDepth: 8,
  pixelFormat: "yuv420p",
  reorderDepth: 0,
  isDefault: true,
  title: null,
  language: null,
  width: 1920,
  height: 1080,
  frameRate: { num: 24, den: 1 },
  rotation: 0,
  sampleAspectRatio: { num: 1, den: 1 },
  hdr: null,
  interlaced: false,
  ...shape,
});
const film = (durationS: number, shape: Partial<VideoStream> = {}): MediaInfo => ({
  container: "mkv",
  durationMs: durationS * 1000,
  startTimeMs: 0,
  sizeBytes: 0,
  bitrateBps: null,
  keyframes: null,
  packageable: true,
  video: [video(shape)],
  audio: [],
  subtitles: [],
  chapters: [],
});
function planned(durationS: number, shape?: Partial<VideoStream>): SheetPlan {
  const plan = planSheets(film(durationS, shape));
  if (plan === undefined) throw new Error("No plan");
  return plan;
}
const count = ({ sheets }: SheetPlan) => sheets.reduce((sum, { pictures }) => sum + pictures, 0);

describe("the plan of the sheets", () => {
  it("has a picture each 10 s of a usual film, more often in a short one, less often in a very long one", () => {
    expect(planned(5400)).toMatchObject({ intervalS: 10, width: 160, height: 90 });
    expect(planned(60).intervalS).toBe(2);
    expect(planned(400).intervalS).toBe(4);
    expect(planned(24 * 3600).sheets.length).toBeLessThanOrEqual(40);
  });

  it("covers the whole film once, the last sheet no larger than needed", () => {
    const plan = planned(61);
    expect(count(plan)).toBe(31);
    expect(plan.sheets.map(({ startS, columns, rows }) => [startS, columns, rows])).toEqual([
      [0, 5, 5],
      [50, 5, 2],
    ]);
  });

  it("keeps the shape in which the film is shown", () => {
    expect(planned(60, { rotation: 90 })).toMatchObject({ width: 90, height: 160 });
    expect(planned(60, { width: 720, height: 576, sampleAspectRatio: { num: 64, den: 45 } })).toMatchObject({
      width: 160,
      height: 90,
    });
  });

  it("is none where there is nothing to look at", () => {
    expect(planSheets({ ...film(60), video: [] })).toBeUndefined();
    expect(planSheets(film(1))).toBeUndefined();
  });
});

describe("the WebVTT of the sheets", () => {
  const cues = sheetsVtt(planned(61), (sheet) => `/${sheet}.jpg?v=x`)
    .trim()
    .split("\n\n");

  it("gives each picture its time and its rectangle", () => {
    expect(cues[0]).toBe("WEBVTT");
    expect(cues[1]).toBe("00:00:00.000 --> 00:00:02.000\n/0.jpg?v=x#xywh=0,0,160,90");
    expect(cues[7]).toBe("00:00:12.000 --> 00:00:14.000\n/0.jpg?v=x#xywh=160,90,160,90");
    expect(cues[26]).toBe("00:00:50.000 --> 00:00:52.000\n/1.jpg?v=x#xywh=0,0,160,90");
  });

  it("ends with the film", () => {
    expect(cues.at(-1)).toBe("00:01:00.000 --> 00:01:01.000\n/1.jpg?v=x#xywh=0,90,160,90");
  });
});
