import { describe, expect, it } from "vitest";
import { frameSpans } from "./frame-lane.js";

const sample = (ts: number, fields: object) => ({
  id: String(ts),
  seq: ts,
  type: "heartbeat",
  ts,
  source: "sdk",
  receivedAt: ts,
  ...fields,
});

describe("the lane of frames", () => {
  it("holds what came between two samples", () => {
    const spans = frameSpans(
      [
        sample(0, { decodedFrames: 0, droppedFrames: 0 }),
        sample(1_000, { decodedFrames: 24, droppedFrames: 2, fps: 24 }),
        sample(2_000, { decodedFrames: 60, droppedFrames: 2, fps: 36 }),
      ],
      0,
    );
    expect(spans).toEqual([
      { from: 0, to: 1_000, fps: 24, dropped: 2, decoded: 24 },
      { from: 1_000, to: 2_000, fps: 36, dropped: 0, decoded: 36 },
    ]);
  });

  it("takes a counter that fell as one that began anew", () => {
    const spans = frameSpans([sample(0, { droppedFrames: 9 }), sample(500, { droppedFrames: 3 })], 0);
    expect(spans).toEqual([{ from: 0, to: 500, fps: undefined, dropped: 3, decoded: undefined }]);
  });

  it("says nothing of a player that tells no frames", () => {
    expect(frameSpans([sample(0, { bufferMs: 5 }), sample(10, { bufferMs: 6 })], 0)).toEqual([]);
  });
});
