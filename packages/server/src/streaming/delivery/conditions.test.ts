import { expect, it } from "vitest";
import { isSameVersion, isUnchanged } from "./conditions.js";

const modified = new Date("2026-01-02T03:04:05Z");
const later = "Fri, 02 Jan 2026 03:04:06 GMT";
const same = "Fri, 02 Jan 2026 03:04:05 GMT";
const earlier = "Fri, 02 Jan 2026 03:04:04 GMT";

it.each([
  ['"a"', '"a"', true],
  ['W/"a"', '"a"', true],
  ['"a"', 'W/"a"', true],
  ['"b", "a"', '"a"', true],
  ["*", '"a"', true],
  ['"b"', '"a"', false],
  ["", '"a"', false],
])("If-None-Match: %s of %s: %s", (header, etag, unchanged) => {
  expect(isUnchanged(header, etag)).toBe(unchanged);
});

it("asks for the date only where no tag was sent", () => {
  expect([later, same, earlier].map((since) => isUnchanged(undefined, '"a"', since, modified))).toEqual([
    true,
    true,
    false,
  ]);
  expect(isUnchanged('"b"', '"a"', later, modified)).toBe(false);
  expect(isUnchanged(undefined, '"a"', "no date", modified)).toBe(false);
});

it("puts ranges together only where the bytes are the same, to the last one", () => {
  expect(isSameVersion(undefined, 'W/"a"')).toBe(true);
  expect(isSameVersion('"a"', '"a"')).toBe(true);
  expect(isSameVersion('"b"', '"a"')).toBe(false);
  expect(isSameVersion('W/"a"', 'W/"a"')).toBe(false);
  expect(isSameVersion(same, '"a"', modified)).toBe(true);
  expect(isSameVersion(later, '"a"', modified)).toBe(false);
  expect(isSameVersion(same, '"a"')).toBe(false);
});
