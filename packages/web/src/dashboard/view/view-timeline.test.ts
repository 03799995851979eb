import { describe, expect, it } from "vitest";
import { view, ZERO } from "./testbed/told-view.js";
import type { ViewEvent } from "./view-event.js";
import { stateAt, viewTimeline } from "./view-timeline.js";

const quiet = {
  networkMs: 0,
  blockedMs: 0,
  idleMs: 0,
  bufferMs: null,
  droppedFrames: 0,
  decodedFrames: 0,
  errorCode: null,
};

const states = (events: readonly ViewEvent[]) =>
  viewTimeline(events).spans.map(({ state, from, to }) => `${from}–${to} ${state}`);

describe("the lane of states", () => {
  const story = [
    [0, "play_request"],
    [400, "first_frame"],
    [2_000, "rebuffer_start"],
    [3_000, "rebuffer_end"],
    [4_000, "seek_start"],
    [4_200, "seek_end"],
    [5_000, "pause"],
    [6_000, "play"],
    [8_000, "end"],
  ] as const;
  const drawn = [
    "0–400 startup",
    "400–2000 playing",
    "2000–3000 rebuffering",
    "3000–4000 playing",
    "4000–4200 seeking",
    "4200–5000 playing",
    "5000–6000 paused",
    "6000–8000 playing",
  ];

  it("is read from what a player does", () => {
    expect(states(view(...story))).toEqual(drawn);
  });

  it("is the same where the player tells its states too", () => {
    const telling = view(
      [0, "play_request"],
      [0, "state_change", { to: "loading" }],
      [400, "first_frame"],
      [400, "state_change", { to: "playing" }],
      [2_000, "rebuffer_start"],
      [2_000, "state_change", { to: "buffering" }],
      [3_000, "rebuffer_end"],
      [3_000, "state_change", { to: "playing" }],
      [4_000, "seek_start"],
      [4_000, "state_change", { to: "seeking" }],
      [4_200, "seek_end"],
      [4_200, "state_change", { to: "playing" }],
      [5_000, "pause"],
      [5_000, "state_change", { to: "paused" }],
      [6_000, "play"],
      [6_000, "state_change", { to: "playing" }],
      [8_000, "end"],
    );
    expect(states(telling)).toEqual(drawn);
  });

  it("has no stall that the server does not count", () => {
    const events = view([0, "first_frame"], [1_000, "rebuffer_start"], [1_200, "rebuffer_end"], [2_000, "end"]);
    expect(states(events)).toEqual(["0–2000 playing"]);
  });

  it("shows where nobody was there", () => {
    const events = view([0, "first_frame"], [10_000, "heartbeat"], [100_000, "heartbeat"], [101_000, "end"]);
    expect(states(events)).toEqual(["0–20000 playing", "20000–100000 silent", "100000–101000 playing"]);
  });

  it("ends where playback failed", () => {
    const events = view([0, "play_request"], [900, "error", { fatal: true }], [1_000, "end", { reason: "error" }]);
    expect(states(events)).toEqual(["0–900 startup", "900–1000 failed"]);
  });

  it("goes back to the pause after a seek within it", () => {
    const events = view([0, "first_frame"], [100, "pause"], [200, "seek_start"], [300, "seek_end"], [400, "end"]);
    expect(states(events)).toEqual(["0–100 playing", "100–200 paused", "200–300 seeking", "300–400 paused"]);
  });

  it("can be asked for a moment", () => {
    const timeline = viewTimeline(view(...story));
    expect([0, 399, 400, 9_999].map((at) => stateAt(timeline, at))).toEqual(["startup", "startup", "playing", "ended"]);
  });
});

describe("the other lanes", () => {
  it("start a request before its event, which tells its end", () => {
    const events = view(
      [0, "play_request"],
      [500, "request", { kind: "segment", status: 200, durationMs: 300, waitMs: 120 }],
      [600, "request", { kind: "segment", status: 503, ttfbMs: 50 }],
    );
    expect(viewTimeline(events).requests.map(({ from, to, waitMs, failed }) => ({ from, to, waitMs, failed }))).toEqual(
      [
        { from: 200, to: 500, waitMs: 120, failed: false },
        { from: 550, to: 600, waitMs: 0, failed: true },
      ],
    );
  });

  it("hold a quality until the next", () => {
    const events = view(
      [0, "play_request"],
      [100, "quality_change", { toBitrateBps: 1_000, toHeight: 360, reason: "initial" }],
      [200, "heartbeat", { bitrateBps: 1_000 }],
      [700, "quality_change", { toBitrateBps: 3_000, toHeight: 720, reason: "abr" }],
      [900, "end"],
    );
    const { quality, marks } = viewTimeline(events);
    expect(quality).toEqual([
      { from: 100, to: 700, bitrateBps: 1_000, height: 360 },
      { from: 700, to: 900, bitrateBps: 3_000, height: 720 },
    ]);
    expect(marks.map(({ at, kind }) => `${at} ${kind}`)).toEqual(["700 switch"]);
  });

  it("begin with the player's first event, whatever the server did before", () => {
    const [early, ...rest] = view([0, "hls_session_start"], [100, "play_request"], [300, "end"]);
    const timeline = viewTimeline([{ ...early!, source: "server" }, ...rest]);
    expect([timeline.zero - ZERO, timeline.lengthMs]).toEqual([100, 200]);
    expect(timeline.marks).toMatchObject([{ at: -100, kind: "server" }]);
  });

  it("stand for a view without events", () => {
    expect(viewTimeline([])).toMatchObject({ lengthMs: 1, spans: [], requests: [] });
  });

  it("take no fields that are not what they should be", () => {
    const events = view([0, "heartbeat", { bufferMs: "much", bitrateBps: null }], [10, "heartbeat", { bufferMs: 5 }]);
    expect(viewTimeline(events)).toMatchObject({ buffer: [{ at: 10, bufferMs: 5 }], quality: [] });
  });
});

it("has a request that was open when the viewer left, of which only the server tells", () => {
  const wait = { ...quiet, at: ZERO + 5_000, durationMs: 4_000, cause: "encoder", serverMs: 4_000 } as const;
  const request = { kind: "segment", rendition: "v0", segment: 6, waitMs: 4_500, transferMs: 0, bitsPerSecond: null };
  const events = view(
    [0, "play_request"],
    [400, "request", { kind: "segment", rendition: "v0", segment: 5, durationMs: 100 }],
    [5_000, "rebuffer_start"],
    [9_000, "end"],
    [9_010, "segment", { source: "server", rendition: "v0", segment: 6, outcome: "client_left", bytes: 0 }],
  );
  const { requests } = viewTimeline(events, { start: null, stalls: [{ ...wait, request }] });
  expect(requests).toMatchObject([
    { from: 300, to: 400, waitMs: 0 },
    { from: 4_500, to: 9_000, waitMs: 4_500, event: { segment: 6, outcome: "client_left" } },
  ]);
  // One that the player told of is there already.
  const of = { ...request, segment: 5 };
  expect(viewTimeline(events, { start: null, stalls: [{ ...wait, request: of }] }).requests).toHaveLength(1);
});
