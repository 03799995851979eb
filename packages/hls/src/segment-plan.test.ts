import { describe, expect, it } from "vitest";
import {
  AAC_FRAME,
  AAC_RATE,
  audioCopyPlan,
  audioTranscodePlan,
  copyPlan,
  earlyKeyframes,
  evenPlan,
  frameGrid,
  segmentFrames,
  transcodePlan,
} from "./segment-plan.js";

const every = (step: number, to: number, from = 0) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

describe("copyPlan", () => {
  it("begins with a short segment, and goes on with ones of 2 s or more", () => {
    expect(copyPlan(every(0.5, 20), 0, 20).boundaries).toEqual([0, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 20]);
  });

  it("has a segment for each GOP of 2 s, though the container rounds times", () => {
    expect(copyPlan([0, 2, 3.999, 5.999, 7.998], 0, 10).boundaries).toEqual([0, 2, 3.999, 5.999, 7.998, 10]);
  });

  it("cuts at keyframes only, however irregular", () => {
    const { boundaries } = copyPlan([0, 0.7, 1.9, 7.5, 8, 8.3, 15, 16.2, 26.5], 0, 30);
    expect(boundaries).toEqual([0, 1.9, 7.5, 15, 26.5, 30]);
  });

  it.each([5, -0.5])("counts from the presentation's start, which is at %d s in the file", (start) => {
    expect(copyPlan(every(2, 10 + start, start), start, 10).boundaries).toEqual([0, 2, 4, 6, 8, 10]);
  });

  it("leaves out keyframes before the start, and at or after the end", () => {
    expect(copyPlan([-3, 0, 4, 10, 12], 0, 10).boundaries).toEqual([0, 4, 10]);
  });

  it("begins at 0 though the first keyframe comes later", () => {
    expect(copyPlan([0.021, 2.021, 4.021], 0, 8).boundaries).toEqual([0, 2.021, 4.021, 8]);
  });

  it("gives a tiny rest to the segment before", () => {
    expect(copyPlan([0, 4, 8], 0, 8.2).boundaries).toEqual([0, 4, 8.2]);
    expect(copyPlan([0, 4, 8], 0, 8.6).boundaries).toEqual([0, 4, 8, 8.6]);
  });

  it("is one segment for a second, and for one GOP", () => {
    expect(copyPlan([0], 0, 1).boundaries).toEqual([0, 1]);
    expect(copyPlan([0], 0, 29).boundaries).toEqual([0, 29]);
    expect(copyPlan([0], 0, 0.04).boundaries).toEqual([0, 0.04]);
  });
});

describe("evenPlan", () => {
  it("cuts every 4 s, and ends with the sound", () => {
    expect(evenPlan(10).boundaries).toEqual([0, 4, 8, 10]);
    expect(evenPlan(8.2).boundaries).toEqual([0, 4, 8.2]);
    expect(evenPlan(0.3).boundaries).toEqual([0, 0.3]);
  });
});

const ntsc = { num: 24_000, den: 1001 };
const pal = { num: 25, den: 1 };

describe("frameGrid", () => {
  const span = (startS: number | null, endS: number | null, durationS: number) => ({ startS, endS, durationS });

  it("has the source's frames, whatever its rate", () => {
    const frames = 172_800;
    expect(frameGrid(ntsc, span(0, (frames * 1001) / 24_000, (frames * 1001) / 24_000)).frames).toBe(frames);
    expect(frameGrid({ num: 60_000, den: 1001 }, span(0, 300.3, 300.3)).frames).toBe(18_000);
  });

  it("has about 2 s of frames a segment", () => {
    expect(frameGrid(ntsc, span(0, 10, 10)).gopFrames).toBe(48);
    expect(frameGrid({ num: 60_000, den: 1001 }, span(0, 10, 10)).gopFrames).toBe(120);
    expect(frameGrid({ num: 1, den: 5 }, span(0, 60, 60)).gopFrames).toBe(1);
  });

  it("keeps the time between the presentation's start and the first picture, up to a frame", () => {
    expect(frameGrid(ntsc, span(0.021, 12.033, 12.033))).toMatchObject({ phaseS: 0.021, frames: 288 });
    expect(frameGrid(pal, span(2.51, 10, 10)).phaseS).toBeCloseTo(0.03, 9);
  });

  it.each([0.0005, 0.04, 0.0405, 0.0396, 2.4])("takes a start at %d s for a frame of the grid from 0", (startS) => {
    expect(frameGrid(pal, span(startS, 10, 10)).phaseS).toBe(0);
  });

  it("ends with the picture, but holds it where sound goes on for long", () => {
    expect(frameGrid(pal, span(0, 9.8, 10)).frames).toBe(245);
    expect(frameGrid(pal, span(0, 5, 10)).frames).toBe(250);
    expect(frameGrid(pal, span(null, null, 10)).frames).toBe(250);
  });

  it("has a frame, however short the film", () => {
    expect(frameGrid(pal, span(0, 0.001, 0.001)).frames).toBe(1);
  });
});

describe("transcodePlan", () => {
  it("begins with quarters and halves of a GOP, goes on with full ones, and ends after the last frame", () => {
    const { boundaries } = transcodePlan(pal, { phaseS: 0, frames: 251, gopFrames: 50 }, "x");
    expect(boundaries).toEqual([0, 0.52, 1, 1.52, 2, 3, 4, 5, 7, 9, 10.04]);
  });

  it("never has a segment that an encoder of 1.3 times real time finishes too late", () => {
    const { boundaries } = transcodePlan(ntsc, { phaseS: 0, frames: 2400, gopFrames: 48 }, "x");
    const [, first = 0] = boundaries;
    for (const [i, start] of boundaries.entries()) {
      const end = boundaries[i + 1];
      // Playback begins when the first is there, and reaches a segment's start after as long as that lies in.
      if (end !== undefined && i > 0) expect((end - first) / 1.3).toBeLessThanOrEqual(start + 1e-9);
    }
  });

  it("has no empty segment at the end", () => {
    expect(transcodePlan(pal, { phaseS: 0, frames: 100, gopFrames: 50 }, "x").boundaries).toEqual([
      0, 0.52, 1, 1.52, 2, 3, 4,
    ]);
    expect(transcodePlan(pal, { phaseS: 0, frames: 13, gopFrames: 50 }, "x").boundaries).toEqual([0, 0.52]);
  });

  it("does not quarter the GOPs of a slide show", () => {
    const slow = { num: 1, den: 1 };
    expect(transcodePlan(slow, { phaseS: 0, frames: 7, gopFrames: 2 }, "x").boundaries).toEqual([0, 2, 4, 6, 7]);
  });

  it("does not drift in ten hours", () => {
    const frames = 863_136;
    const { boundaries } = transcodePlan(ntsc, { phaseS: 0.021, frames, gopFrames: 48 }, "x");
    // Two and a half GOPs in the first seven segments, one in each that follows.
    expect(boundaries[17_000]).toBe(0.021 + ((17_000 - 4.5) * 48 * 1001) / 24_000);
    expect(boundaries.at(-1)).toBe(0.021 + (frames * 1001) / 24_000);
  });

  it("names in its version what changes boundaries or bytes", () => {
    const grid = { phaseS: 0, frames: 100, gopFrames: 50 };
    const versions = [transcodePlan(pal, grid, "a"), transcodePlan(pal, grid, "b"), transcodePlan(ntsc, grid, "a")];
    expect(new Set(versions.map(({ version }) => version)).size).toBe(3);
    for (const { version } of versions) expect(version).toMatch(/^[\w.-]+$/);
  });
});

describe("segments beside a copy", () => {
  it("begin wherever the copy's do, and leave no scrap before one", () => {
    const cuts = [31, 90, 170, 400, 497];
    const frames = segmentFrames({ frames: 700, gopFrames: 50 }, cuts);
    expect(frames).toEqual(expect.arrayContaining(cuts));
    expect(frames).toEqual([...new Set(frames)].toSorted((a, b) => a - b));
    const lengths = frames.slice(1).map((frame, i) => frame - (frames[i] ?? 0));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(50);
    expect(Math.min(...lengths.slice(0, -1))).toBeGreaterThanOrEqual(6);
    expect([frames[0], frames.at(-1)]).toEqual([0, 700]);
  });

  it("need a keyframe forced where less than a full GOP lies before it", () => {
    expect(earlyKeyframes(0, [0, 50, 75, 125, 130, 180], 50)).toEqual([75, 130]);
    expect(earlyKeyframes(2, [0, 50, 75, 125, 130, 180], 50)).toEqual([130]);
  });
});

describe("plans of sound", () => {
  const base = { version: "1-keyframes", boundaries: [0, 1.9, 7.5, 10] };

  it("copied, follow the picture to the end of the presentation", () => {
    expect(audioCopyPlan({ ...base, boundaries: [0, 2, 4, 5.04] }, 5.06).boundaries).toEqual([0, 2, 4, 5.06]);
    expect(audioCopyPlan(base, 9.9).boundaries).toEqual([0, 1.9, 7.5, 9.9]);
  });

  it("encoded, follow it in whole frames of AAC", () => {
    const { plan, frameBoundaries } = audioTranscodePlan(base, 10, "aac");
    expect(frameBoundaries).toEqual([0, 90, 352, 469]);
    expect(plan.boundaries).toEqual(frameBoundaries.map((frame) => (frame * AAC_FRAME) / AAC_RATE));
  });

  it("encoded, take a boundary that is a whole frame but for floating point as that frame", () => {
    const exact = (93 * AAC_FRAME) / AAC_RATE;
    const { frameBoundaries } = audioTranscodePlan({ ...base, boundaries: [0, exact + 1e-12, 10] }, 10, "aac");
    expect(frameBoundaries).toEqual([0, 93, 469]);
  });

  it("encoded, have no segment without a frame", () => {
    const { frameBoundaries } = audioTranscodePlan({ ...base, boundaries: [0, 10.0054, 10.022] }, 10.022, "aac");
    expect(frameBoundaries).toEqual([0, 470]);
  });

  it("encoded, differ in version with the boundaries that they follow", () => {
    const other = { ...base, version: "1-gop48" };
    expect(audioTranscodePlan(base, 10, "aac").plan.version).not.toBe(
      audioTranscodePlan(other, 10, "aac").plan.version,
    );
  });
});
