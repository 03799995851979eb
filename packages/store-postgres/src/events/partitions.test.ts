import { describe, expect, it } from "vitest";
import { monthOf, partitionName, startOf } from "./partitions.js";

describe("months", () => {
  it("begin at midnight UTC of their first day", () => {
    const march = monthOf(Date.UTC(2026, 2, 14, 15, 9, 26)) ?? 0;
    expect(startOf(march)).toBe(Date.UTC(2026, 2, 1));
    expect(startOf(march + 1)).toBe(Date.UTC(2026, 3, 1));
    expect(partitionName(march)).toBe("telemetry_events_2026_03");
  });

  it("turn with the year", () => {
    const december = monthOf(Date.UTC(2026, 11, 31, 23, 59, 59, 999)) ?? 0;
    expect(partitionName(december)).toBe("telemetry_events_2026_12");
    expect(monthOf(Date.UTC(2027, 0))).toBe(december + 1);
    expect(partitionName(december + 1)).toBe("telemetry_events_2027_01");
  });

  it("have no partition of their own where no clock should be", () => {
    expect([0, -1, Date.UTC(2019, 11, 31, 23, 59), Date.UTC(2100, 0), Number.MAX_SAFE_INTEGER].map(monthOf)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });
});
