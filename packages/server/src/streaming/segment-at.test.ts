import { expect, it } from "vitest";
import { segmentAt } from "./segment-at.js";

it.each([
  [-1, 0],
  [0, 0],
  [1.99, 0],
  [2, 1],
  [7, 2],
  [100, 2],
])("%f s lies in segment %i", (position, index) => {
  expect(segmentAt({ version: "1", boundaries: [0, 2, 6, 9] }, position)).toBe(index);
});
