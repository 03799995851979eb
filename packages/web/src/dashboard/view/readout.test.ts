import { describe, expect, it } from "vitest";
import { laneRows } from "./lane-rows.js";
import { readoutAt, waitSpans } from "./readout.js";
import { requestRows } from "./request-rows.js";
import { view, ZERO } from "./testbed/told-view.js";
import { viewTimeline } from "./view-timeline.js";

const events = view(
  [0, "play_request"],
  [400, "request", { kind: "segment", segment: 5, rendition: "v0", durationMs: 300, waitMs: 100, bytes: 25_000 }],
  [500, "first_frame", { bitrateBps: 3_000_000, height: 720, positionMs: 0 }],
  [1_000, "heartbeat", { bufferMs: 4_000, positionMs: 500, droppedFrames: 0, decodedFrames: 24, fps: 24 }],
  [2_000, "rebuffer_start", { bufferMs: 0, positionMs: 1_500 }],
  [3_000, "rebuffer_end", { positionMs: 1_500, droppedFrames: 1, decodedFrames: 48, fps: 12 }],
  [4_000, "end"],
);
const stall = {
  at: ZERO + 2_000,
  durationMs: 1_000,
  cause: "encoder",
  serverMs: 900,
  networkMs: 100,
  blockedMs: 0,
  idleMs: 0,
  request: { kind: "segment", rendition: "v0", segment: 6, waitMs: 900, transferMs: 100, bitsPerSecond: null },
  bufferMs: 0,
  droppedFrames: 0,
  decodedFrames: 24,
  errorCode: null,
} as const;
const timeline = viewTimeline(events);
const waits = waitSpans({ start: null, stalls: [stall] }, timeline.zero);
const at = (ms: number) =>
  Object.fromEntries(
    readoutAt(timeline, requestRows(timeline.requests).placed, waits, events, ms).map(({ name, value }) => [
      name,
      value?.replaceAll("\u00a0", " "),
    ]),
  );

describe("the readout", () => {
  it("tells every lane at one time", () => {
    expect(at(2_500)).toEqual({
      State: "Stalled",
      Why: "The server: Segment 6 of v0 was not made yet for 900 ms of it.",
      Playhead: "0:01",
      Buffer: "0 ms",
      Quality: "720p, 3.00 Mbit/s",
      Frames: "12.0 fps, 1 dropped of 25",
      Requests: "none open",
      Encoder: undefined,
      "Last event": "Stalled, at 0:02.000",
    });
  });

  it("tells the request that is open, with its size, its wait and its speed", () => {
    expect(at(300)["Requests"]).toBe("Segment 5 of v0, 25 kB in 300 ms, 100 ms waiting for the server, 1.00 Mbit/s");
  });

  it("takes what was not told as not known, never as nought", () => {
    const bare = view([0, "first_frame"], [1_000, "end"]);
    const said = readoutAt(viewTimeline(bare), [], [], bare, 500);
    const unknown = said.filter(({ value }) => value === undefined).map(({ name }) => name);
    expect(unknown).toEqual(["Playhead", "Buffer", "Quality", "Frames", "Requests", "Encoder"]);
  });
});

describe("the table behind the lanes", () => {
  it("has every lane, and only what is shown", () => {
    const lanes = (from: number, to: number) => laneRows(timeline, waits, { from, to }).map(({ lane }) => lane);
    expect(new Set(lanes(0, 4_000))).toEqual(new Set(["State", "Why", "Quality", "Request", "Frames", "Buffer"]));
    expect(lanes(3_200, 4_000)).toEqual(["State", "Quality"]);
  });
});
