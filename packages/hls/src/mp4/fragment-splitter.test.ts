import { describe, expect, it } from "vitest";
import { aacSampleDescription } from "./aac-sample-description.js";
import { box, concatBytes } from "./box-writer.js";
import { FragmentSplitter, patchTfdt, readFragmentFacts, type SplitPart } from "./fragment-splitter.js";
import { type Sample, writeFragment } from "./fragment-writer.js";
import { writeInit } from "./init-writer.js";

const init = writeInit({
  kind: "audio",
  timescale: 48_000,
  sampleDescriptions: aacSampleDescription({ objectType: 2, sampleRate: 48_000, channels: 2 }),
});
const sample = (size: number, duration: number): Sample => ({
  data: new Uint8Array(size).fill(7),
  duration,
  compositionOffset: 0,
  isKey: true,
});
const fragment = (decodeTime: number, sizes: readonly number[]) =>
  writeFragment({ sequenceNumber: 1, decodeTime, samples: sizes.map((size) => sample(size, 1024)) });

const stream = concatBytes([
  init,
  box("free", new Uint8Array(9)),
  fragment(0, [300, 20]),
  fragment(2048, [5000]),
  box("mfra"),
]);

function split(chunks: readonly Uint8Array[]): SplitPart[] {
  const splitter = new FragmentSplitter();
  return chunks.flatMap((chunk) => splitter.push(chunk));
}

const facts = (parts: readonly SplitPart[]) =>
  parts.map((part) =>
    part.type === "init" ? "init" : [part.decodeTime, part.duration, part.sampleCount, part.timescale],
  );
const expected = ["init", [0, 2048, 2, 48_000], [2048, 1024, 1, 48_000]];

describe("FragmentSplitter", () => {
  it("gives the init segment and each fragment with its times", () => {
    const parts = split([stream]);
    expect(facts(parts)).toEqual(expected);
    expect(parts[0]?.bytes).toEqual(init);
  });

  it.each([1, 7, 64, 1000])("cuts the same from chunks of %i bytes", (size) => {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < stream.byteLength; at += size) chunks.push(stream.subarray(at, at + size));
    expect(facts(split(chunks))).toEqual(expected);
  });

  it("gives a fragment with its very last byte, not later", () => {
    const splitter = new FragmentSplitter();
    const whole = concatBytes([init, fragment(0, [300])]);
    expect(facts(splitter.push(whole.subarray(0, -1)))).toEqual(["init"]);
    expect(facts(splitter.push(whole.subarray(-1)))).toEqual([[0, 1024, 1, 48_000]]);
    expect(splitter.pendingBytes).toBe(0);
  });

  it("keeps nothing of the caller's buffer, which Node may use again", () => {
    const splitter = new FragmentSplitter();
    const buffer = stream.slice();
    const parts = splitter.push(buffer);
    buffer.fill(0);
    expect(parts[0]?.bytes).toEqual(init);
  });

  it("refuses bytes that are no MP4", () => {
    expect(() => split([new Uint8Array(64)])).toThrow(RangeError);
    expect(() => split([box("mdat", new Uint8Array(4))])).toThrow("without moov");
  });
});

describe("patchTfdt", () => {
  it("moves a fragment beyond 32 bits and changes nothing else", () => {
    const bytes = fragment(5, [10, 10]);
    patchTfdt(bytes, 2 ** 40 + 3);
    expect(readFragmentFacts(bytes, init)).toMatchObject({ decodeTime: 2 ** 40 + 3, duration: 2048, sampleCount: 2 });
    patchTfdt(bytes, 5);
    expect(bytes).toEqual(fragment(5, [10, 10]));
  });
});

it("a fragment without samples is whole, too", () => {
  expect(readFragmentFacts(fragment(99, []), init)).toEqual({
    timescale: 48_000,
    decodeTime: 99,
    duration: 0,
    sampleCount: 0,
  });
});
