import { describe, expect, test } from "vitest";
import { errorFingerprint, plainMessage } from "./error-fingerprint.js";

describe("an error's fingerprint", () => {
  test.each([
    ["GET https://cdn.example/v0/12.m4s?t=9 failed with 503", "get <url> failed with <n>"],
    ["session 6f1c0f0e-8a4b-4f5e-9b57-2f6d2f3a1b2c  is gone", "session <id> is gone"],
    ["buffer at 12.480s,\n block deadbeef01", "buffer at <n>s, block <id>"],
    ["Dead beef is decaded", "dead beef is decaded"],
  ])("leaves out of %j what differs each time", (message, plain) => {
    expect(plainMessage(message)).toBe(plain);
  });

  test("is the same for the same fault, and another for another", () => {
    const of = (segment: number, code = "fragLoadError") =>
      errorFingerprint(code, `GET /hls/${segment}.m4s: status ${segment % 7}`);
    expect(of(1)).toMatch(/^[0-9a-f]{12}$/);
    expect(of(1)).toBe(of(4_711));
    expect(of(1)).not.toBe(of(1, "fragParsingError"));
    expect(errorFingerprint("decode", null)).not.toBe(errorFingerprint("decode", "no memory"));
  });
});
