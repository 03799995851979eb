import { RejectedEventError } from "@playhead/store";
import { describe, expect, it } from "vitest";
import { BinaryCopy } from "./binary-copy.js";

const HEADER = "5047434f50590aff0d0a000000000000000000";
const TRAILER = "ffff";

function written(write: (copy: BinaryCopy) => void): string {
  const copy = new BinaryCopy();
  write(copy);
  const hex = copy.finish().toString("hex");
  expect(hex.startsWith(HEADER)).toBe(true);
  expect(hex.endsWith(TRAILER)).toBe(true);
  return hex.slice(HEADER.length, -TRAILER.length);
}

describe("BinaryCopy", () => {
  it("frames no rows at all as signature, flags and trailer", () => {
    expect(written(() => undefined)).toBe("");
  });

  it("starts a row with its number of fields", () => {
    expect(written((copy) => copy.startRow(37))).toBe("0025");
  });

  it.each<[string, (copy: BinaryCopy) => void, string]>([
    ["NULL", (copy) => copy.putNull(), "ffffffff"],
    ["an empty text", (copy) => copy.putText(""), "00000000"],
    ["a text, its length in bytes", (copy) => copy.putText("é🎬"), "00000006c3a9f09f8eac"],
    ["JSONB behind its version", (copy) => copy.putJsonb("{}"), "00000003017b7d"],
    ["an int4", (copy) => copy.putInt4(-2), "00000004fffffffe"],
    ["an int8", (copy) => copy.putInt8(1_765_837_003_411), "000000080000019b24165a93"],
    ["a negative int8", (copy) => copy.putInt8(-1), "00000008ffffffffffffffff"],
    ["the smallest exact int8", (copy) => copy.putInt8(Number.MIN_SAFE_INTEGER), "00000008ffe0000000000001"],
    ["a float8", (copy) => copy.putFloat8(0.1), "000000083fb999999999999a"],
    ["a boolean", (copy) => copy.putBoolean(true), "0000000101"],
  ])("writes %s", (_, write, hex) => {
    expect(written(write)).toBe(hex);
  });

  it("writes int8 as BigInt does", () => {
    const values = [
      0,
      1,
      2 ** 31,
      2 ** 32 - 1,
      2 ** 32,
      -(2 ** 31),
      -(2 ** 32),
      -(2 ** 32) - 1,
      Number.MAX_SAFE_INTEGER,
    ];
    for (const value of values) {
      const expected = Buffer.alloc(8);
      expected.writeBigInt64BE(BigInt(value));
      expect(written((copy) => copy.putInt8(value))).toBe(`00000008${expected.toString("hex")}`);
    }
  });

  it("grows past its first size and keeps what it holds", () => {
    const copy = new BinaryCopy(1);
    const text = "日".repeat(1_000);
    for (let i = 0; i < 50; i++) copy.putText(text);
    const one = `00000bb8${Buffer.from(text).toString("hex")}`;
    expect(copy.finish().toString("hex")).toBe(HEADER + one.repeat(50) + TRAILER);
  });

  it.each(["\0", "a\0", "\ud800", "a\udc00b"])("rejects the text %j, which PostgreSQL can't hold", (text) => {
    expect(() => new BinaryCopy().putText(text)).toThrow(RejectedEventError);
  });
});
