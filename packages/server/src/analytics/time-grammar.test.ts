import { describe, expect, test } from "vitest";
import { parseInterval, parseRange, parseTime } from "./time-grammar.js";

const now = Date.UTC(2026, 0, 31, 12);
const HOUR = 3_600_000;

describe("a time", () => {
  test.each([
    ["1769860800000", 1_769_860_800_000],
    ["0", 0],
    ["now", now],
    ["-24h", now - 24 * HOUR],
    ["-90s", now - 90_000],
    ["-7d", now - 168 * HOUR],
    ["2026-01-31T12:00:00Z", now],
    ["2026-01-31T13:00:00.5+01:00", now + 500],
    ["2026-01-31", now - 12 * HOUR],
  ])("%s", (text, ms) => {
    expect(parseTime("from", text, now)).toBe(ms);
  });

  test.each([
    "",
    "yesterday",
    "NaN",
    "-5",
    "24h",
    "-24",
    "1e12",
    "2026-13-01",
    "2026-01-31T12:00",
    "-1000000d",
    "9".repeat(17),
  ])("%j is none, and the answer says what is", (text) => {
    expect(() => parseTime("from", text, now)).toThrow(/^from is ".*", but must be Unix milliseconds, .* -24h/);
  });
});

describe("a range", () => {
  test("is the last 24 hours, and holds what begins now", () => {
    const { from, to } = parseRange({}, now);
    expect(to).toBeGreaterThan(now);
    expect(to - from).toBe(24 * HOUR);
  });

  test("without a start is the 24 hours before its end", () => {
    expect(parseRange({ to: "-48h" }, now)).toEqual({ from: now - 72 * HOUR, to: now - 48 * HOUR });
  });

  test("must not be empty", () => {
    expect(() => parseRange({ from: "-1h", to: "-1h" }, now)).toThrow("from must be before to.");
  });
});

describe("an interval", () => {
  const day = { from: now - 24 * HOUR, to: now };

  test.each([
    ["1h", HOUR],
    ["15m", HOUR / 4],
    [undefined, HOUR / 4],
  ])("%s", (text, ms) => {
    expect(parseInterval(text, day)).toBe(ms);
  });

  test("is found for any range, and gives no more points than a chart can show", () => {
    for (const rangeMs of [1, 60_000, HOUR, 30 * 24 * HOUR, 3650 * 24 * HOUR]) {
      const intervalMs = parseInterval(undefined, { from: now - rangeMs, to: now });
      expect(rangeMs / intervalMs).toBeLessThanOrEqual(120);
    }
  });

  test.each(["0s", "x", "-1h", "500ms"])("%s is none", (text) => {
    expect(() => parseInterval(text, day)).toThrow(/but must be a duration from 1s to 366d/);
  });

  test("that would make too many points is refused", () => {
    expect(() => parseInterval("1s", day)).toThrow(/at most 2000 points/);
  });
});
