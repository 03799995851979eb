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
