import { expect, test } from "vitest";
import { parseResolution } from "./resolution.js";

test.each([
  ["720p", { height: 720 }],
  ["1080p60", { height: 1080 }],
  ["1280x720", { width: 1280, height: 720 }],
  ["1280×720", { width: 1280, height: 720 }],
  [
    { width: 640, height: 360 },
    { width: 640, height: 360 },
  ],
])("reads %j", (value, size) => {
  expect(parseResolution(value)).toEqual(size);
});

test.each(["auto", "HD", "", "x720", "99999x99999", 720, null, { width: 1 }, { width: -1, height: 2 }, [1, 2]])(
  "finds no size in %j",
  (value) => {
    expect(parseResolution(value)).toBeUndefined();
  },
);
