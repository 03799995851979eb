import { describe, expect, it } from "vitest";
import { fullMoment, moment, tickMoment } from "./moment.js";

const now = Date.UTC(2026, 10, 3, 14, 2, 5);

describe("moment", () => {
  it("says no more than is needed", () => {
    expect(moment(now - 3_600_000, now, "UTC")).toBe("13:02");
    expect(moment(now - 15 * 3_600_000, now, "UTC")).toBe("yesterday 23:02");
    expect(moment(Date.UTC(2026, 5, 9, 8, 5), now, "UTC")).toBe("9 Jun 08:05");
    expect(moment(Date.UTC(2024, 5, 9, 8, 5), now, "UTC")).toBe("9 Jun 2024");
  });

  it("goes by the viewer's own days", () => {
    expect(moment(now - 15 * 3_600_000, now, "Asia/Tokyo")).toBe("08:02");
  });
});

describe("other forms", () => {
  it("are as exact as asked for", () => {
    expect(fullMoment(now, "UTC")).toBe("Tue 3 Nov 2026, 14:02:05");
    expect(tickMoment(now, 86_400_000, "UTC")).toBe("3 Nov");
    expect(tickMoment(now, 60_000, "UTC")).toBe("3 Nov 14:02");
  });
});
