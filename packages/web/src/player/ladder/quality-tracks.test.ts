import { expect, it } from "vitest";
import { qualityTracks } from "./quality-tracks.js";

const rung = (rendition: string, lines: number, original = false) => ({
  rendition,
  lines,
  width: 1,
  height: lines,
  bitrateBps: lines * 1000,
  original,
});
const rungs = [rung("v0-copy", 1080, true), rung("v0-h264-720", 720), rung("v0-h264-480", 480)];

it("shows what is chosen, and what is on the screen where nothing is", () => {
  const plan = { delivery: "copy", rungs, firstRung: "v0-h264-720" } as const;
  expect(qualityTracks(plan, undefined, "v0-h264-720")).toMatchObject({
    level: -1,
    shown: 1,
    automatic: "Automatic (720p)",
  });
  expect(qualityTracks(plan, "original", "v0-h264-480")).toMatchObject({ level: 0, shown: 2 });
  expect(qualityTracks(plan, 900, "v0-h264-720").level).toBe(1);
});

it("offers the ladder of a file, which is its own original, and nothing before the server answered", () => {
  const file = qualityTracks({ delivery: "direct", rungs }, undefined, undefined);
  expect(file).toMatchObject({ level: -1, shown: 0, automatic: "Automatic (Original)" });
  expect(file.levels).toHaveLength(3);
  expect(qualityTracks(undefined, 720, undefined)).toMatchObject({ levels: [], automatic: "Automatic" });
});
