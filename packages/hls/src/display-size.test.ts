import { describe, expect, it } from "vitest";
import { displaySize, fittedSize, linesOf } from "./display-size.js";

const shape = (width: number, height: number, num = 1, den = 1, rotation = 0) => ({
  width,
  height,
  sampleAspectRatio: { num, den },
  rotation,
});

describe("displaySize", () => {
  it.each([
    ["square pixels", shape(1920, 1080), [1920, 1080]],
    ["a PAL DVD in 16:9", shape(720, 576, 64, 45), [1024, 576]],
    ["HDV", shape(1440, 1080, 4, 3), [1920, 1080]],
    ["a phone held upright", shape(1920, 1080, 1, 1, 90), [1080, 1920]],
    ["wide pixels, turned", shape(96, 64, 4, 3, 270), [64, 128]],
    ["odd sides", shape(321, 241), [320, 240]],
    ["a broken aspect", shape(640, 360, 0, 1), [640, 360]],
    ["a single pixel", shape(1, 1), [2, 2]],
  ])("of %s", (_, stream, [width, height]) => {
    expect(displaySize(stream)).toEqual({ width, height });
  });
});

describe("fittedSize", () => {
  it.each([
    ["is never scaled up", shape(320, 180), 1080, [320, 180]],
    ["of 4K in 1080p", shape(3840, 2160), 1080, [1920, 1080]],
    ["of a wide film is as wide as the rung", shape(3840, 1600), 1080, [1920, 800]],
    ["of an upright 4K is upright", shape(3840, 2160, 1, 1, 90), 1080, [1080, 1920]],
    ["of an old square film is as high as the rung", shape(2880, 2160), 1080, [1440, 1080]],
    ["has even sides", shape(1920, 1080), 480, [854, 480]],
    ["of a PAL DVD in 16:9", shape(720, 576, 64, 45), 360, [640, 360]],
  ])("%s", (_, stream, lines, [width, height]) => {
    expect(fittedSize(stream, lines)).toEqual({ width, height });
  });
});

it("names every rung of every shape by the lines of its 16:9 frame", () => {
  for (const stream of [shape(3840, 2160), shape(3840, 1600), shape(3840, 2160, 1, 1, 90), shape(2880, 2160)]) {
    for (const lines of [2160, 1440, 1080, 720, 480, 360, 240]) expect(linesOf(fittedSize(stream, lines))).toBe(lines);
  }
  expect([linesOf(shape(1920, 1088)), linesOf(shape(1066, 800))]).toEqual([1080, 800]);
});
