import { describe, expect, it } from "vitest";
import { AdtsSplitter } from "./adts-splitter.js";
import { concatBytes } from "./box-writer.js";

/** AAC-LC, 48 kHz, stereo. */
function adts(payload: number, withCrc = false): Uint8Array {
  const header = withCrc ? 9 : 7;
  const length = header + payload;
  const bytes = new Uint8Array(length).fill(payload);
  bytes.set([
    0xff,
    withCrc ? 0xf0 : 0xf1,
    0x4c,
    0x80 | (length >> 11),
    (length >> 3) & 0xff,
    ((length & 7) << 5) | 0x1f,
    0xfc,
  ]);
  return bytes;
}

describe("AdtsSplitter", () => {
  it.each([1, 5, 8, 400])("gives whole frames from chunks of %i bytes", (size) => {
    const stream = concatBytes([adts(6), adts(200, true), adts(700)]);
    const splitter = new AdtsSplitter();
    const frames = [];
    for (let at = 0; at < stream.byteLength; at += size) frames.push(...splitter.push(stream.subarray(at, at + size)));
    expect(frames.map((frame) => frame.data.byteLength)).toEqual([6, 200, 700]);
    expect(frames[1]?.data[0]).toBe(200);
    expect(frames[0]?.format).toEqual({ objectType: 2, sampleRate: 48_000, channels: 2 });
  });

  it("refuses what is no ADTS", () => {
    expect(() => new AdtsSplitter().push(new Uint8Array(16))).toThrow(RangeError);
  });
});
