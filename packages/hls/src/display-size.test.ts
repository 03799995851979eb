import { describe, expect, it } from "vitest";
import { displaySize, encodedSize } from "./display-size.js";

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

describe("encodedSize", () => {
  it.each([
    ["stays", shape(1280, 720), [1280, 720]],
    ["is never scaled up", shape(320, 180), [320, 180]],
    ["of 4K is 1080p", shape(3840, 2160), [1920, 1080]],
    ["of a wide film is as wide as the rung", shape(3840, 1600), [1920, 800]],
    ["of an upright 4K is upright", shape(3840, 2160, 1, 1, 90), [1080, 1920]],
    ["of an old square film is as high as the rung", shape(2880, 2160), [1440, 1080]],
  ])("%s", (_, stream, [width, height]) => {
    expect(encodedSize(stream)).toEqual({ width, height });
  });
});
