import { describe, expect, it } from "vitest";
import { encoderLane } from "./encoder-lane.js";
import { view, ZERO } from "./testbed/told-view.js";

describe("the lane of the encoder", () => {
  it("follows an ffmpeg from its start over its first segment to the session's end", () => {
    const lane = encoderLane(
      view(
        [-200, "hls_session_start"],
        [-150, "ffmpeg_start", { rendition: "v0", encoder: "libx264", durationMs: 40 }],
        [300, "first_segment", { rendition: "v0", durationMs: 450 }],
        [310, "segment", { rendition: "v0", segment: 0, cached: false }],
        [320, "segment", { rendition: "v0", cached: false }],
        [400, "segment", { rendition: "v0", segment: 1, cached: true }],
        [9_000, "hls_session_end", { reason: "idle" }],
      ),
      ZERO,
      8_000,
    );
    expect(lane.sessions).toEqual([{ from: -200, to: 9_000, reason: "idle" }]);
    expect(lane.runs).toEqual([
      {
        rendition: "v0",
        encoder: "libx264",
        from: -150,
        queuedMs: 40,
        firstAt: 300,
        // The init segment is none, and what was cached was not made now.
        segments: [310],
        to: 9_000,
        end: "session",
        error: undefined,
      },
    ]);
  });

  it("ends a run by its error or by the next of its rendition, and leaves others alone", () => {
    const { runs } = encoderLane(
      view(
        [0, "ffmpeg_start", { rendition: "v0" }],
        [10, "ffmpeg_start", { rendition: "a0" }],
        [500, "transcode_error", { rendition: "v0", code: "encoder_failed" }],
        [600, "ffmpeg_start", { rendition: "v0" }],
        [900, "ffmpeg_start", { rendition: "v0" }],
      ),
      ZERO,
      2_000,
    );
    expect(runs.map(({ rendition, from, to, end, error }) => [rendition, from, to, end, error])).toEqual([
      ["v0", 0, 500, "failed", "encoder_failed"],
      ["a0", 10, 2_000, "open", undefined],
      ["v0", 600, 900, "replaced", undefined],
      ["v0", 900, 2_000, "open", undefined],
    ]);
  });

  it("knows a session's beginning from its end alone", () => {
    const { sessions } = encoderLane(view([5_000, "hls_session_end", { durationMs: 4_000 }]), ZERO, 5_000);
    expect(sessions).toEqual([{ from: 1_000, to: 5_000, reason: "ended" }]);
  });
});
