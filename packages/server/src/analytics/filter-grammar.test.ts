import { describe, expect, test } from "vitest";
import { parseDimension, parseFilters } from "./filter-grammar.js";

describe("a filter", () => {
  test("is a list of conditions", () => {
    expect(parseFilters("browser:eq:Firefox,codec:in:hevc|av1,os:ne:Windows")).toEqual([
      { dimension: "browser", op: "eq", values: ["Firefox"] },
      { dimension: "codec", op: "in", values: ["hevc", "av1"] },
      { dimension: "os", op: "ne", values: ["Windows"] },
    ]);
  });

  test("is none when it is empty or absent", () => {
    expect(parseFilters("")).toEqual([]);
    expect(parseFilters(undefined)).toEqual([]);
  });

  test("takes any value: colons as they are, separators with a backslash", () => {
    expect(parseFilters(String.raw`mediaId:eq:a:b,codec:in:avc1.640028\,mp4a.40.2|x\|y,variant:eq:a\\b|c`)).toEqual([
      { dimension: "mediaId", op: "eq", values: ["a:b"] },
      { dimension: "codec", op: "in", values: ["avc1.640028,mp4a.40.2", "x|y"] },
      { dimension: "variant", op: "eq", values: [String.raw`a\b|c`] },
    ]);
  });

  test.each([
    ["browser", /conditions such as browser:eq:Firefox/],
    ["browser:eq", /conditions such as/],
    [",", /conditions such as/],
    ["colour:eq:red", /filter is "colour", but must be one of browser, os, deviceType/],
    ["browser:like:F", /must use one of eq, ne, in/],
    [`browser:eq:${"x".repeat(257)}`, /at most 100 values of 256 characters/],
    [`browser:in:${"x|".repeat(101)}`, /at most 100 values/],
    ["browser:eq:x,".repeat(21), /more than 20 conditions/],
    ["browser:eq:\0", /NUL/],
  ])("%j is refused with what is right", (text, message) => {
    expect(() => parseFilters(text)).toThrow(message);
  });
});

test("a dimension that is none is answered with those that are", () => {
  expect(() => parseDimension("by", "constructor")).toThrow(
    /^by is "constructor", but must be one of browser, .*errorFingerprint, or custom\.<a name of yours>\.$/,
  );
});
