import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseRfc3339 } from "./rfc3339.js";

// The same cases in every run.
fc.configureGlobal({ seed: 8484 });

test("reads nanoseconds, offsets and small letters", () => {
  const ms = Date.UTC(2025, 11, 15, 22, 16, 43, 411);
  expect(parseRfc3339("2025-12-15T22:16:43.411Z")).toEqual({ ms, exact: true });
  expect(parseRfc3339("2025-12-15T22:16:43.411000000Z")).toEqual({ ms, exact: true });
  expect(parseRfc3339("2025-12-15T22:16:43.411987654Z")).toEqual({ ms, exact: false });
  expect(parseRfc3339("2025-12-16T00:46:43.411+02:30")).toEqual({ ms, exact: true });
  expect(parseRfc3339("2025-12-15t14:16:43.411-08:00")).toEqual({ ms, exact: true });
  expect(parseRfc3339("2025-12-15T22:16:43z")?.ms).toBe(ms - 411);
  expect(parseRfc3339("2025-12-15T22:16:43.4Z")?.ms).toBe(ms - 11);
});

test("counts a leap second as the second after it", () => {
  expect(parseRfc3339("2016-12-31T23:59:60Z")?.ms).toBe(Date.UTC(2017, 0, 1));
});

test.each([
  "",
  "2025-12-15",
  "2025-12-15T22:16:43",
  "2025-02-30T00:00:00Z",
  "2025-13-01T00:00:00Z",
  "2025-00-01T00:00:00Z",
  "2025-01-01T24:00:00Z",
  "2025-01-01T00:00:61Z",
  "2025-01-01T00:00:00+24:00",
  "2025-01-01T00:00:00 GMT",
  "1765837003411",
])("refuses %j", (text) => {
  expect(parseRfc3339(text)).toBeUndefined();
});

test("agrees with Date for every instant", () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-31") }), (date) => {
      expect(parseRfc3339(date.toISOString())).toEqual({ ms: date.getTime(), exact: true });
    }),
  );
});
