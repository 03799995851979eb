import {
  type AudioTranscode,
  aacSampleDescription,
  readFragmentFacts,
  type Sample,
  segmentFrames,
  transcodePlan,
  type VideoTranscode,
  writeFragment,
  writeInit,
} from "@playhead/hls";
import { describe, expect, it } from "vitest";
import { audioInit, audioOutput } from "./audio-output.js";
import { type Piece, PlanViolation } from "./encoder-output.js";
import { videoOutput } from "./video-output.js";

const video: VideoTranscode = {
  kind: "video",
  mode: "transcode",
  id: "v0",
  streamIndex: 0,
  codecString: "avc1.640028",
  bandwidthBps: 1,
  reason: "",
  width: 16,
  height: 16,
  frameRate: { num: 25, den: 1 },
  gopFrames: 50,
  frameBoundaries: segmentFrames({ frames: 250, gopFrames: 50 }),
  level: "4.0",
  maxrateBps: 1,
  // … 5, 7, 9, 10: the segments from 7 on are full ones.
  plan: transcodePlan({ num: 25, den: 1 }, { phaseS: 0, frames: 250, gopFrames: 50 }, "1"),
};
const init = writeInit({
  kind: "video",
  timescale: 1000,
  // Any description will do: nobody decodes this.
  sampleDescriptions: aacSampleDescription({ objectType: 2, sampleRate: 48_000, channels: 2 }),
});
const fragment = (decodeTime: number, count = 50) => {
  const one: Sample = { data: Uint8Array.of(1), duration: 40, compositionOffset: 0, isKey: true };
  return writeFragment({ sequenceNumber: 1, decodeTime, samples: Array.from({ length: count }, () => one) });
};
const segments = (pieces: readonly Piece[], of = init) =>
  pieces.flatMap((piece) =>
    piece.type === "init" ? [] : [[piece.index, readFragmentFacts(piece.bytes, of).decodeTime]],
  );

describe("videoOutput", () => {
  it("puts each fragment on the plan's time exactly", () => {
    const output = videoOutput(video, 8);
    expect(output.push(init)).toEqual([{ type: "init", bytes: init }]);
    expect(segments(output.push(fragment(7013)))).toEqual([[8, 7000]]);
    expect(segments(output.push(fragment(8988, 25)))).toEqual([[9, 9000]]);
  });

  it("drops what lies before the start, and after the plan's end", () => {
    const output = videoOutput(video, 8);
    output.push(init);
    expect(segments(output.push(fragment(5000)))).toEqual([]);
    expect(segments(output.push(fragment(7000)))).toEqual([[8, 7000]]);
    output.push(fragment(9000, 25));
    expect(segments(output.push(fragment(10_000, 25)))).toEqual([]);
  });

  it.each([
    ["a fragment that comes late", 7, 5030, 50],
    ["a fragment that holds two GOPs", 7, 5000, 100],
    ["a full GOP where the plan has a short one", 0, 0, 50],
  ])("refuses %s: the playlist would be wrong from there on", (_, segment, decodeTime, count) => {
    const output = videoOutput(video, segment);
    output.push(init);
    expect(() => output.push(fragment(decodeTime, count))).toThrow(PlanViolation);
  });

  it("keeps the plan's promise where the picture ends early", () => {
    const output = videoOutput(video, 7);
    output.push(init);
    output.push(fragment(5000));
    expect(segments(output.end())).toEqual([
      [8, 7000],
      [9, 9000],
    ]);
  });
});

const audio: AudioTranscode = {
  kind: "audio",
  mode: "transcode",
  id: "a0",
  streamIndex: 1,
  codecString: "mp4a.40.2",
  bandwidthBps: 1,
  reason: "",
  channels: 2,
  language: null,
  name: "Sound",
  isDefault: true,
  bitrateBps: 1,
  frameBoundaries: [0, 3, 7, 8],
  plan: { version: "1", boundaries: [0, 3, 7, 8].map((frame) => (frame * 1024) / 48_000) },
};
/** ADTS: AAC-LC, 48 kHz, one byte of payload. */
const adts = (payload: number, channels = 2) =>
  Uint8Array.of(0xff, 0xf1, 0x4c, (channels & 3) << 6, 8 >> 3, (8 & 7) << 5, 0xfc, payload);

describe("audioOutput", () => {
  it("counts frames: what comes before the segment is dropped, the rest is cut where the plan says", () => {
    const output = audioOutput(audio, 1, 2);
    const pieces = [10, 11, 3, 4, 5, 6, 7].flatMap((payload) => output.push(adts(payload)));
    expect(segments(pieces, audioInit())).toEqual([
      [1, 3 * 1024],
      [2, 7 * 1024],
    ]);
    const [first] = pieces;
    expect(first?.type === "segment" && [...first.bytes.subarray(-4)]).toEqual([3, 4, 5, 6]);
  });

  it("fills with silence where the sound ends early", () => {
    const output = audioOutput(audio, 0, 0);
    output.push(adts(1));
    expect(segments(output.end(), audioInit())).toEqual([
      [0, 0],
      [1, 3 * 1024],
      [2, 7 * 1024],
    ]);
    expect(output.end()).toEqual([]);
  });

  it("refuses sound of another form than the init segment says", () => {
    expect(() => audioOutput(audio, 0, 0).push(adts(1, 1))).toThrow(PlanViolation);
  });
});
