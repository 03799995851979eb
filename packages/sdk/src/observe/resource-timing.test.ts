import { expect, it } from "vitest";
import { parseWait } from "./resource-timing.js";

it.each([
  ["wait;dur=12.6", 13],
  ['db;dur=4, wait;desc="encoder";dur="30", cache', 30],
  ["WAIT ; DUR = 5", 5],
  ["waiting;dur=3", undefined],
  ["wait", undefined],
  ["wait;dur=x", undefined],
  ["", undefined],
  [null, undefined],
])("%j waits %j ms", (header, ms) => {
  expect(parseWait(header)).toBe(ms);
});
