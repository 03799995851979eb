import { beforeEach, expect, it } from "vitest";
import { Runways } from "./runways.js";

let nowMs = 0;
let runways: Runways;
beforeEach(() => {
  nowMs = 0;
  runways = new Runways(() => nowMs);
});

it("is what was sent, less what has been played since", () => {
  expect(runways.of("ann")).toBeUndefined();
  runways.served("ann", 100, 102, true);
  runways.served("ann", 102, 104, true);
  expect(runways.of("ann")).toBe(4);
  nowMs = 3000;
  expect(runways.of("ann")).toBe(1);
  runways.served("ann", 104, 106, true);
  expect(runways.of("ann")).toBe(3);
});

it("begins anew after a seek, and where a viewer had run dry", () => {
  runways.served("ann", 0, 20, true);
  runways.served("ann", 600, 602, true);
  expect(runways.of("ann")).toBe(2);
  nowMs = 60_000;
  expect(runways.of("ann")).toBe(0);
  runways.served("ann", 602, 604, true);
  expect(runways.of("ann")).toBe(2);
});

it("counts the viewers that an encoder worked for in the last minute", () => {
  runways.served("ann", 0, 2, true);
  runways.served("bob", 0, 2, false);
  expect(runways.encodedFor).toBe(1);
  nowMs = 61_000;
  expect(runways.encodedFor).toBe(0);
  runways.served("bob", 2, 4, true);
  runways.forget("bob");
  expect(runways.encodedFor).toBe(0);
});
