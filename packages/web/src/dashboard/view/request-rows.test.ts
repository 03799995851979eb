import { describe, expect, it } from "vitest";
import { requestNear, requestRows, requestsAt, transferRate } from "./request-rows.js";

function bar(from: number, to: number, waitMs = 0, bytes?: number) {
  const event = { id: `${from}`, seq: from, type: "request", ts: to, source: "sdk", receivedAt: to, bytes };
  return { from, to, waitMs, failed: false, unfinished: false, event };
}

const rowsOf = (...bars: readonly ReturnType<typeof bar>[]) => requestRows(bars).placed.map(({ row }) => row);

describe("the rows of requests", () => {
  it("put requests that overlap apart, and use a row again when it is free", () => {
    expect(rowsOf(bar(0, 100), bar(50, 150), bar(100, 200), bar(160, 170))).toEqual([0, 1, 0, 1]);
  });

  it("are never more than fit", () => {
    const many = Array.from({ length: 9 }, (_, i) => bar(i, 1_000));
    expect(requestRows(many).rows).toBe(6);
    expect(requestRows([]).rows).toBe(1);
  });

  it("find what is open at a time, and what lies under the pointer", () => {
    const { placed } = requestRows([bar(0, 100), bar(50, 150), bar(400, 401)]);
    expect(requestsAt(placed, 75).map(({ from }) => from)).toEqual([0, 50]);
    expect(requestNear(placed, 395, 0, 10)?.from).toBe(400);
    expect(requestNear(placed, 395, 0, 2)).toBeUndefined();
    expect(requestNear(placed, 75, 1, 0)?.from).toBe(50);
  });

  it("tell the speed of the way alone", () => {
    expect(transferRate(bar(0, 300, 200, 12_500))).toBe(1_000_000);
    expect(transferRate(bar(0, 300, 200))).toBeUndefined();
    expect(transferRate(bar(0, 200, 200, 500))).toBeUndefined();
  });
});
