import { describe, expect, it } from "vitest";
import { backoffMs, parseRetryAfter } from "./backoff.js";

describe("waiting before the next try", () => {
  it("spreads over twice the time with each failure, up to a minute", () => {
    expect([1, 2, 3, 6, 50].map((attempt) => backoffMs(attempt, undefined, () => 1))).toEqual([
      2_000, 4_000, 8_000, 60_000, 60_000,
    ]);
    expect(backoffMs(5, undefined, () => 0)).toBe(0);
  });

  it("is at least what the server asks for", () => {
    expect(backoffMs(1, 7_000, () => 0)).toBe(7_000);
    expect(backoffMs(1, 7_000, () => 1)).toBe(9_000);
  });

  it("is never more than an hour", () => {
    expect(backoffMs(1, 1e12, () => 1)).toBe(3_600_000);
  });
});

describe("Retry-After", () => {
  it.each([
    ["3", 3_000],
    [" 0 ", 0],
    ["Wed, 21 Oct 2026 07:28:10 GMT", 10_000],
    ["Wed, 21 Oct 2020 07:28:00 GMT", 0],
    ["soon", undefined],
    ["", undefined],
    [null, undefined],
  ])("%j is %j ms", (header, ms) => {
    expect(parseRetryAfter(header, Date.parse("2026-10-21T07:28:00Z"))).toBe(ms);
  });
});
