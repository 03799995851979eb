import { describe, expect, it } from "vitest";
import { constantFrameRate, timescaleOf } from "./frame-rate.js";

const steady = (num: number, den: number) => ({ frameRate: { num, den }, variableFrameRate: false });
const varying = (num: number, den: number) => ({ frameRate: { num, den }, variableFrameRate: true });

describe("constantFrameRate", () => {
  it.each([
    ["film of television", steady(24_000, 1001), { num: 24_000, den: 1001 }],
    ["film of cinema", steady(24, 1), { num: 24, den: 1 }],
    ["an average that is off by its last frame", steady(359_281, 14_985), { num: 24_000, den: 1001 }],
    ["a rate in thousandths", steady(29_970, 1000), { num: 30_000, den: 1001 }],
    ["a rate that is no standard", steady(25, 2), { num: 25, den: 2 }],
    ["a steady 15 fps", steady(15, 1), { num: 15, den: 1 }],
    ["an awkward fraction", steady(1_234_567, 98_765), { num: 25, den: 2 }],
    ["120 fps, halved", steady(120, 1), { num: 60, den: 1 }],
    ["119.88 fps, halved", steady(120_000, 1001), { num: 60_000, den: 1001 }],
    ["240 fps, quartered", steady(240, 1), { num: 60, den: 1 }],
    ["a phone's 29.87 fps on average", varying(2987, 100), { num: 30_000, den: 1001 }],
    ["a varying 41 fps", varying(41, 1), { num: 50, den: 1 }],
    ["a slide show", varying(5, 1), { num: 5, den: 1 }],
  ])("of %s", (_, stream, rate) => {
    expect(constantFrameRate(stream)).toEqual(rate);
  });

  it("is 30 when the file does not tell", () => {
    expect(constantFrameRate({ frameRate: null, variableFrameRate: true })).toEqual({ num: 30, den: 1 });
    expect(constantFrameRate(steady(0, 0))).toEqual({ num: 30, den: 1 });
  });
});

describe("timescaleOf", () => {
  it.each([
    [24_000, 1001],
    [24, 1],
    [25, 1],
    [60, 1],
    [25, 2],
    [30_000, 1001],
    [7, 1],
  ])("holds each frame of %i/%i fps in whole ticks, and fine ones", (num, den) => {
    const timescale = timescaleOf({ num, den });
    expect((timescale * den) % num).toBe(0);
    expect(timescale).toBeGreaterThanOrEqual(10_000);
  });
});

it.each([
  [576, 25, { num: 50, den: 1 }, "each field of SD becomes a picture"],
  [1080, 25, { num: 25, den: 1 }, "HD keeps its frames"],
  [576, 50, { num: 50, den: 1 }, "fields that are counted already are not counted twice"],
])("an interlaced film of %d lines at %d fps is encoded at %o: %s", (height, num, rate) => {
  const film = { frameRate: { num, den: 1 }, variableFrameRate: false, interlaced: true, height };
  expect(constantFrameRate(film)).toEqual(rate);
  expect(constantFrameRate({ ...film, interlaced: false })).toEqual({ num, den: 1 });
});
