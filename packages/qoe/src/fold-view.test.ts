import { expect, test } from "vitest";
import { foldView } from "./fold-view.js";
import { second, view } from "./view-script.js";

test("a plain view has its startup, watch time, stall, seek and end", () => {
  const folded = foldView(
    view([
      [0, "load"],
      [1, "play_request"],
      [1.5, "first_frame", { startupMs: 480, positionMs: 0 }],
      [11, "heartbeat", { positionMs: 9500 }],
      [12, "rebuffer_start", { positionMs: 10_500 }],
      [14, "rebuffer_end", { positionMs: 10_500, durationMs: 2000 }],
      [20, "seek_start", { fromMs: 16_500, toMs: 60_000 }],
      [20.5, "seek_end", { toMs: 60_000, durationMs: 500 }],
      [25, "pause", { positionMs: 64_500 }],
      [35, "play", { positionMs: 64_500 }],
      [40, "end", { reason: "ended", positionMs: 69_500 }],
    ]),
  );
  expect(folded).toMatchObject({
    viewId: "v1",
    startedAt: second(0),
    lastEventAt: second(40),
    eventCount: 11,
    startupMs: 480,
    playRequested: true,
    watchMs: 28_500,
    playingMs: 26_000,
    pauseMs: 10_000,
    rebufferCount: 1,
    rebufferMs: 2000,
    seekCount: 1,
    seekMs: 500,
    exit: "ended",
    state: "ended",
    positionMs: 69_500,
    seedScore: 80,
  });
});

test("a view without events is none", () => {
  expect(() => foldView([])).toThrow(RangeError);
});

test("a viewer's clock that is ahead is set right by the server's", () => {
  const ahead = view([
    [0, "play_request"],
    [1, "first_frame"],
    [11, "heartbeat"],
  ]).map((record) => ({ ...record, receivedAt: record.event.ts - 7_200_000 + 50 }));
  const folded = foldView(ahead);
  expect(folded.startedAt).toBe(second(0) - 7_200_000 + 50);
  expect(folded.lastEventAt).toBe(second(11) - 7_200_000 + 50);
  expect(folded).toMatchObject({ startupMs: 1000, watchMs: 10_000 });
});

test("a viewer whose clock is behind was heard from when the event arrived", () => {
  const behind = view([[0, "play_request"]]).map((record) => ({ ...record, receivedAt: record.event.ts + 3_600_000 }));
  expect(foldView(behind)).toMatchObject({ startedAt: second(0), lastEventAt: second(3600) });
});

test("events that were recorded long ago stay there", () => {
  const old = view([[0, "play_request"]]).map((record) => ({ ...record, receivedAt: record.event.ts + 9e9 }));
  expect(foldView(old)).toMatchObject({ startedAt: second(0), lastEventAt: second(0) });
});

test("the latest word wins field by field, and the player's before the server's", () => {
  const player = view(
    [
      [0, "play_request"],
      [1, "first_frame"],
    ],
    { context: { viewerId: "u", mediaId: "m1", device: { browser: "Firefox", os: "Linux" } } },
  );
  const later = view([[5, "heartbeat"]], { seq: 2, context: { mediaId: "m2", device: { browser: "Chromium" } } });
  const server = view([[9, "hls_session_start", { codec: "avc1.640028" }]], {
    source: "server",
    context: { viewerId: "other", hlsSessionId: "h", stream: { delivery: "copy" } },
  });
  expect(foldView([...server, ...later, ...player])).toMatchObject({
    viewerId: "u",
    mediaId: "m2",
    browser: "Chromium",
    os: "Linux",
    hlsSessionId: "h",
    delivery: "copy",
    codec: "avc1.640028",
    eventCount: 4,
    lastEventAt: second(5),
    state: "playing",
    watchMs: 4000,
  });
});

test("a view that only the server knows of has not begun", () => {
  const server = view([[0, "hls_session_start"]], { source: "server" });
  expect(foldView(server)).toMatchObject({ startedAt: second(0), startupMs: null, state: "idle", exit: "open" });
});
