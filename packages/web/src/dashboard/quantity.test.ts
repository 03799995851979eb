import { describe, expect, it } from "vitest";
import { bitrate, count, counted, decimal, milliseconds, type Quantity, say, share } from "./quantity.js";

const text = (quantity: Quantity) => say(quantity).replaceAll("\u00a0", " ");

describe("milliseconds", () => {
  it.each([
    [0, "0 ms"],
    [346.6, "347 ms"],
    [999.4, "999 ms"],
    [999.6, "1.00 s"],
    [1_304, "1.30 s"],
    [9_996, "10.0 s"],
    [12_449, "12.4 s"],
    [59_960, "1 min"],
    [125_000, "2 min 05 s"],
    [3_599_600, "1 h"],
    [3_720_000, "1 h 02 min"],
    [500 * 3_600_000, "500 h"],
  ])("%d are %s", (ms, said) => {
    expect(text(milliseconds(ms))).toBe(said);
  });

  it("that nobody knows are not zero", () => {
    expect(text(milliseconds(null))).toBe("–");
    expect(text(milliseconds(Number.NaN))).toBe("–");
  });
});

describe("share", () => {
  it.each([
    [0, "0 %"],
    [0.000_01, "< 0.01 %"],
    [0.003_47, "0.35 %"],
    [0.099_99, "10.0 %"],
    [0.1234, "12.3 %"],
    [1, "100 %"],
  ])("%d is %s", (ratio, said) => {
    expect(text(share(ratio))).toBe(said);
  });

  it("is said more finely where that is asked for", () => {
    expect([0.000_902, 0.1234, 0.000_000_1, 1].map((ratio) => text(share(ratio, 1)))).toEqual([
      "0.090 %",
      "12.34 %",
      "< 0.001 %",
      "100 %",
    ]);
  });
});

describe("bitrate", () => {
  it.each([
    [335_736, "336 kbit/s"],
    [999_600, "1.00 Mbit/s"],
    [3_148_745, "3.15 Mbit/s"],
    [25_040_000, "25.0 Mbit/s"],
  ])("%d bit/s is %s", (bps, said) => {
    expect(text(bitrate(bps))).toBe(said);
  });
});

describe("counts", () => {
  it("are grouped, and agree with their noun", () => {
    expect(text(count(1_234_567))).toBe("1,234,567");
    expect(counted(1, "stall")).toBe("1\u00a0stall");
    expect(counted(0, "stall")).toBe("0\u00a0stalls");
    expect(text(decimal(0.1115, 2, "per min"))).toBe("0.11 per min");
  });
});
