import { describe, expect, test } from "vitest";
import { foldView } from "./fold-view.js";
import type { View } from "./view.js";
import { type Line, type Script, view } from "./view-script.js";

/** Each definition of `docs/telemetry.md`, with an answer worked out by hand. */
interface Case {
  readonly name: string;
  readonly lines: readonly Line[];
  readonly script?: Script;
  readonly folded: Partial<View>;
}

const started: readonly Line[] = [
  [0, "play_request"],
  [1, "first_frame"],
];
const playedFor = (s: number, lines: readonly Line[] = []): readonly Line[] => [
  ...started,
  ...lines,
  [1 + s, "end", { reason: "left" }],
];

const table: Readonly<Record<string, readonly Case[]>> = {
  "startup time": [
    {
      name: "is the page's own measure",
      lines: [
        [0, "play_request"],
        [1, "first_frame", { startupMs: 987 }],
      ],
      folded: { startupMs: 987, playRequested: true },
    },
    {
      name: "else runs from the intent to the first frame",
      lines: [
        [0, "load"],
        [2, "play_request"],
        [2.1, "play"],
        [3.25, "first_frame"],
      ],
      folded: { startupMs: 1250 },
    },
    {
      name: "else from the load, where no intent is told",
      lines: [
        [0, "load"],
        [3, "first_frame"],
      ],
      folded: { startupMs: 3000, playRequested: true },
    },
    {
      name: "leaves out a pause on the way",
      lines: [
        [0, "play_request"],
        [2, "pause"],
        [5, "play"],
        [6, "first_frame"],
      ],
      folded: { startupMs: 3000 },
    },
    {
      name: "is null for a view that never started",
      lines: [
        [0, "play_request"],
        [0, "play"],
        [30, "end"],
      ],
      folded: { startupMs: null, startupScore: null, smoothnessScore: null, watchMs: 0 },
    },
    {
      name: "is unknown when the first event tells of a view long under way",
      lines: [[0, "play", { positionMs: 12_500, watchMs: 5000 }]],
      folded: { startupMs: null, playRequested: true, state: "playing", exit: "open" },
    },
    {
      name: "is unknown when the beginning was lost",
      lines: [
        [0, "heartbeat", { positionMs: 60_000, watchMs: 60_000 }],
        [10, "heartbeat", { positionMs: 70_000, watchMs: 70_000 }],
      ],
      folded: { startupMs: null, playRequested: true, watchMs: 10_000 },
    },
    {
      name: "is no intent when a page only loaded",
      lines: [
        [0, "load"],
        [30, "end"],
      ],
      folded: { startupMs: null, playRequested: false, exit: "before_start" },
    },
  ],
  "watch time": [
    {
      name: "is playing, stalls and seeks, without pauses and startup",
      lines: playedFor(100, [
        [11, "rebuffer_start"],
        [14, "rebuffer_end"],
        [20, "seek_start"],
        [22, "seek_end"],
        [30, "pause"],
        [50, "play"],
      ]),
      folded: { watchMs: 80_000, playingMs: 75_000, pauseMs: 20_000 },
    },
    {
      name: "leaves out a seek while paused",
      lines: playedFor(20, [
        [5, "pause"],
        [6, "seek_start"],
        [9, "seek_end"],
        [11, "play"],
      ]),
      folded: { watchMs: 14_000, playingMs: 14_000, pauseMs: 6000, seekCount: 1, seekMs: 3000 },
    },
    {
      name: "of a view that is open goes to its last event",
      lines: [...started, [11, "heartbeat"]],
      folded: { watchMs: 10_000, exit: "open", state: "playing" },
    },
  ],
  rebuffering: [
    {
      name: "sums stalls of 250 ms and more",
      lines: playedFor(60, [
        [5, "rebuffer_start"],
        [5.2, "rebuffer_end"],
        [10, "rebuffer_start"],
        [10.25, "rebuffer_end"],
        [20, "rebuffer_start"],
        [23, "rebuffer_end", { durationMs: 2500 }],
      ]),
      folded: { rebufferCount: 2, rebufferMs: 2750, playingMs: 57_250 },
    },
    {
      name: "counts a stall that slept once",
      lines: playedFor(120, [
        [5, "rebuffer_start"],
        [11, "heartbeat"],
        [111, "heartbeat"],
        [112, "rebuffer_end"],
      ]),
      folded: { rebufferCount: 1, rebufferMs: 17_000 },
    },
    { name: "is none without stalls", lines: playedFor(60), folded: { rebufferCount: 0, rebufferMs: 0 } },
  ],
  seeks: [
    {
      name: "count with their latency as the player measured it",
      lines: playedFor(60, [
        [5, "seek_start"],
        [6, "seek_end", { durationMs: 900 }],
        [10, "seek_start"],
        [10.5, "seek_end"],
      ]),
      folded: { seekCount: 2, seekMs: 1400 },
    },
    {
      name: "are one when the slider is dragged",
      lines: playedFor(60, [
        [5, "seek_start"],
        [5.3, "seek_start"],
        [6, "seek_end"],
        [6.01, "seek_end"],
      ]),
      folded: { seekCount: 2, seekMs: 1000 },
    },
    {
      name: "count without latency when told by one event (seed 004)",
      lines: [
        [0, "load"],
        [1, "play", { positionMs: 0 }],
        [5, "seek_start", { fromMs: 4000, toMs: 60_000, positionMs: 4000 }],
        [6, "seek_start", { fromMs: 60_000, toMs: 90_000, positionMs: 60_000 }],
        [8, "heartbeat", { positionMs: 92_000 }],
        [9, "pause", { positionMs: 93_000 }],
      ],
      script: { source: "seed004" },
      folded: { seekCount: 2, seekMs: 0, watchMs: 8000, playingMs: 5000, state: "paused" },
    },
    {
      name: "before the first frame are startup",
      lines: [
        [0, "play_request"],
        [0.2, "seek_start"],
        [0.9, "seek_end"],
        [1, "first_frame"],
        [11, "end"],
      ],
      folded: { seekCount: 0, startupMs: 1000, playingMs: 10_000 },
    },
    {
      name: "stay one through a pause in their middle",
      lines: playedFor(60, [
        [5, "seek_start"],
        [6, "pause"],
        [7, "seek_end"],
        [10, "play"],
      ]),
      folded: { seekCount: 1, seekMs: 2000, pauseMs: 4000 },
    },
  ],
  bitrate: [
    {
      name: "is weighted by time played, not by wall time",
      lines: playedFor(30, [
        [1, "quality_change", { toBitrateBps: 1_000_000, reason: "initial" }],
        [11, "quality_change", { fromBitrateBps: 1_000_000, toBitrateBps: 4_000_000, reason: "abr" }],
        [16, "pause"],
        [26, "play"],
      ]),
      // 10 s at 1 Mbit/s, 5 + 5 s at 4 Mbit/s.
      folded: { averageBitrateBps: 2_500_000, bitrateMs: 20_000 },
    },
    {
      name: "starts with what the first change came from",
      lines: playedFor(20, [[11, "quality_change", { fromBitrateBps: 1_000_000, toBitrateBps: 3_000_000 }]]),
      folded: { averageBitrateBps: 2_000_000, bitrateMs: 20_000 },
    },
    {
      name: "leaves out the time before the first known one",
      lines: playedFor(20, [[11, "quality_change", { toBitrateBps: 3_000_000, reason: "abr" }]]),
      folded: { averageBitrateBps: 3_000_000, bitrateMs: 10_000 },
    },
    {
      name: "is told by heartbeats too",
      lines: playedFor(20, [
        [11, "heartbeat", { bitrateBps: 2_000_000 }],
        [16, "heartbeat", { bitrateBps: 6_000_000 }],
      ]),
      folded: { averageBitrateBps: 3_000_000, bitrateMs: 20_000 },
    },
    {
      name: "is null when nothing tells it",
      lines: playedFor(20, [[11, "heartbeat", { bitrateBps: 0 }]]),
      folded: { averageBitrateBps: null, bitrateMs: 0 },
    },
  ],
  switches: [
    {
      name: "go up and down, and the initial choice is none",
      lines: playedFor(60, [
        [1, "quality_change", { toBitrateBps: 1_000_000, reason: "initial" }],
        [10, "quality_change", { fromBitrateBps: 1_000_000, toBitrateBps: 3_000_000, reason: "abr" }],
        [20, "quality_change", { fromBitrateBps: 3_000_000, toBitrateBps: 5_000_000, reason: "manual" }],
        [30, "quality_change", { fromBitrateBps: 5_000_000, toBitrateBps: 1_000_000, reason: "buffer" }],
      ]),
      folded: { switches: 3, switchesUp: 2, switchesDown: 1 },
    },
    {
      name: "are told apart by picture size where bitrates are missing",
      lines: playedFor(60, [
        [10, "quality_change", { fromWidth: 640, fromHeight: 360, toWidth: 1280, toHeight: 720 }],
        [20, "quality_change", { toWidth: 320, toHeight: 180 }],
      ]),
      folded: { switches: 2, switchesUp: 1, switchesDown: 1 },
    },
    {
      name: "do not include the first choice of a sender that gives no reasons (seed 003)",
      lines: [
        [0, "play", { positionMs: 0 }],
        [1, "quality_change", { toBitrateBps: 1_000_000 }],
        [10, "quality_change", { toBitrateBps: 2_000_000 }],
        [20, "quality_change", { toBitrateBps: 2_000_000 }],
      ],
      script: { source: "seed003" },
      folded: { switches: 1, switchesUp: 1, switchesDown: 0 },
    },
  ],
  frames: [
    {
      name: "are what the counters grew by, also past a reset",
      lines: playedFor(40, [
        [11, "heartbeat", { decodedFrames: 300, droppedFrames: 3 }],
        [21, "heartbeat", { decodedFrames: 550, droppedFrames: 5 }],
        [31, "heartbeat", { decodedFrames: 100, droppedFrames: 1 }],
      ]),
      // 250 and 100 frames in the 20 s after the first count.
      folded: { decodedFrames: 650, droppedFrames: 6, fps: 17.5 },
    },
    {
      name: "per second leave out a pause",
      lines: playedFor(40, [
        [11, "heartbeat", { decodedFrames: 240 }],
        [12, "pause"],
        [32, "play"],
        [35, "heartbeat", { decodedFrames: 336 }],
      ]),
      folded: { decodedFrames: 336, fps: 24 },
    },
    {
      name: "per second are the player's own word where there is no counter",
      lines: playedFor(40, [[11, "heartbeat", { fps: 29.97 }]]),
      folded: { fps: 29.97, decodedFrames: 0 },
    },
  ],
  "failures and exit": [
    {
      name: "fatal before the first frame",
      lines: [
        [0, "play_request"],
        [2, "error", { code: "manifest", message: "404", fatal: true }],
      ],
      folded: {
        exit: "start_failure",
        errorCount: 1,
        errorCode: "manifest",
        errorMessage: "404",
        businessError: false,
      },
    },
    {
      name: "fatal after the first frame, though the page reports the end",
      lines: playedFor(20, [[10, "error", { code: "decode", fatal: true }]]),
      folded: { exit: "playback_failure", errorCode: "decode", watchMs: 9000 },
    },
    {
      name: "a fatal error with no intent told is an attempt that failed",
      lines: [
        [0, "load"],
        [1, "error", { code: "x", fatal: true }],
      ],
      folded: { exit: "start_failure", playRequested: true },
    },
    {
      name: "an error that is not fatal is counted and no failure",
      lines: playedFor(20, [[10, "error", { code: "stalled", fatal: false }]]),
      folded: { exit: "left", errorCount: 1, errorCode: "stalled" },
    },
    {
      name: "the fatal error names the failure, not the noise after it",
      lines: playedFor(20, [
        [10, "error", { code: "decode", fatal: true }],
        [10.1, "error", { code: "noise", fatal: false }],
      ]),
      folded: { errorCode: "decode", errorCount: 2 },
    },
    {
      name: "a viewer who is not allowed is told apart",
      lines: [
        [0, "play_request"],
        [1, "error", { code: "geo", fatal: true, business: true }],
      ],
      folded: { exit: "start_failure", businessError: true },
    },
    {
      name: "a recovered error is no failure",
      lines: playedFor(20, [
        [10, "error", { code: "x", fatal: true, positionMs: 9000 }],
        [15, "heartbeat", { positionMs: 13_000 }],
      ]),
      folded: { exit: "left", errorCount: 1, errorCode: "x", watchMs: 19_000 },
    },
    {
      name: "left before the first frame",
      lines: [
        [0, "play_request"],
        [4, "end", { reason: "left" }],
      ],
      folded: { exit: "before_start" },
    },
    { name: "left while it played", lines: playedFor(20), folded: { exit: "left", state: "ended" } },
    {
      name: "left after the end is still the end",
      lines: playedFor(20, [[10, "end", { reason: "ended" }]]),
      folded: { exit: "ended" },
    },
    {
      name: "an end without a reason, at the end of the media",
      lines: [...started, [10, "end", { positionMs: 59_500 }]],
      script: { context: { stream: { durationMs: 60_000 } } },
      folded: { exit: "ended" },
    },
    {
      name: "an end without a reason, in the middle",
      lines: [...started, [10, "end", { positionMs: 9000 }]],
      script: { context: { stream: { durationMs: 60_000 } } },
      folded: { exit: "left" },
    },
    { name: "no end is an open view", lines: started, folded: { exit: "open" } },
    {
      name: "an end that only its reason calls an error",
      lines: [...started, [10, "end", { reason: "error" }]],
      folded: { exit: "playback_failure" },
    },
  ],
};

describe.each(Object.entries(table))("%s", (_, cases) => {
  test.each(cases)("$name", ({ lines, script, folded }) => {
    expect(foldView(view(lines, script))).toMatchObject(folded);
  });
});
