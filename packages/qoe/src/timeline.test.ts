import { describe, expect, test } from "vitest";
import { orderEvents } from "./order-events.js";
import { PlayedClock, type Timeline } from "./timeline.js";
import { buildTimeline } from "./timeline-builder.js";
import { type Line, second, view } from "./view-script.js";

/** Spans as `state seconds`, in order. */
const states = (lines: readonly Line[]) =>
  timelineOf(lines).spans.map(({ state, from, to }) => `${state} ${(to - from) / 1000}`);
const timelineOf = (lines: readonly Line[]): Timeline => buildTimeline(orderEvents(view(lines)).player);

const started: readonly Line[] = [
  [0, "play_request"],
  [1, "first_frame", { startupMs: 1000, positionMs: 0 }],
];

interface Case {
  readonly name: string;
  readonly lines: readonly Line[];
  readonly spans: readonly string[];
  readonly state?: string;
}

const cases: readonly Case[] = [
  {
    name: "waits from the intent to the first frame, however long the page was open before",
    lines: [
      [0, "load"],
      [5, "play_request"],
      [5.1, "play"],
      [6, "first_frame"],
      [10, "heartbeat"],
    ],
    spans: ["idle 5", "waiting_start 1", "playing 4"],
    state: "playing",
  },
  {
    name: "a wait given up and taken up again is two waits",
    lines: [
      [0, "play_request"],
      [2, "pause"],
      [5, "play"],
      [6, "first_frame"],
      [10, "heartbeat"],
    ],
    spans: ["waiting_start 2", "paused 3", "waiting_start 1", "playing 4"],
  },
  {
    name: "a stall lasts as long as the player measured it, and the rest is playing",
    lines: [...started, [5, "rebuffer_start"], [8, "rebuffer_end", { durationMs: 2000 }], [10, "heartbeat"]],
    spans: ["waiting_start 1", "playing 5", "rebuffering 2", "playing 2"],
  },
  {
    name: "a stall that was noticed late reaches back into the playing before it",
    lines: [...started, [5, "rebuffer_start"], [8, "rebuffer_end", { durationMs: 3500 }], [10, "heartbeat"]],
    spans: ["waiting_start 1", "playing 3.5", "rebuffering 3.5", "playing 2"],
  },
  {
    name: "a stall shorter than 250 ms is playing",
    lines: [...started, [5, "rebuffer_start"], [5.249, "rebuffer_end"], [10, "heartbeat"]],
    spans: ["waiting_start 1", "playing 9"],
  },
  {
    name: "a stall of 250 ms is one",
    lines: [...started, [5, "rebuffer_start"], [5.25, "rebuffer_end"], [10, "heartbeat"]],
    spans: ["waiting_start 1", "playing 4", "rebuffering 0.25", "playing 4.75"],
  },
  {
    name: "a stall before the first frame is startup",
    lines: [
      [0, "play_request"],
      [0.5, "rebuffer_start"],
      [2, "first_frame"],
      [2.1, "rebuffer_end", { durationMs: 1600 }],
      [10, "heartbeat"],
    ],
    spans: ["waiting_start 2", "playing 8"],
  },
  {
    name: "a stall within a seek is the seek's, and its end after the seek is none",
    lines: [
      ...started,
      [5, "seek_start"],
      [5.1, "rebuffer_start"],
      [7, "seek_end"],
      [7.1, "rebuffer_end", { durationMs: 2000 }],
      [10, "heartbeat"],
    ],
    spans: ["waiting_start 1", "playing 4", "seeking 2", "playing 3"],
  },
  {
    name: "a pause closes a stall, and the stall's end after it is none",
    lines: [
      ...started,
      [5, "rebuffer_start"],
      [7, "pause"],
      [9, "rebuffer_end", { durationMs: 4000 }],
      [10, "play"],
      [12, "heartbeat"],
    ],
    spans: ["waiting_start 1", "playing 4", "rebuffering 2", "paused 3", "playing 2"],
  },
  {
    name: "a stall while paused is none",
    lines: [...started, [5, "pause"], [6, "rebuffer_start"], [8, "rebuffer_end"], [9, "play"], [10, "heartbeat"]],
    spans: ["waiting_start 1", "playing 4", "paused 4", "playing 1"],
  },
  {
    name: "the end closes a stall",
    lines: [...started, [5, "rebuffer_start"], [7, "end", { reason: "left" }]],
    spans: ["waiting_start 1", "playing 4", "rebuffering 2"],
    state: "ended",
  },
  {
    name: "a stall whose end was lost is over when the playhead has moved",
    lines: [
      ...started,
      [5, "rebuffer_start", { positionMs: 4000 }],
      [11, "heartbeat", { positionMs: 8000 }],
      [12, "pause"],
    ],
    spans: ["waiting_start 1", "playing 4", "rebuffering 2", "playing 5"],
  },
  {
    name: "a stall whose start was lost has the length that its end tells",
    lines: [...started, [8, "rebuffer_end", { durationMs: 2000 }], [10, "heartbeat"]],
    spans: ["waiting_start 1", "playing 5", "rebuffering 2", "playing 2"],
  },
  {
    name: "a drag of the slider is one seek from its first move to its end",
    lines: [
      ...started,
      [5, "seek_start"],
      [5.2, "seek_start"],
      [5.4, "seek_start"],
      [6, "seek_end"],
      [10, "heartbeat"],
    ],
    spans: ["waiting_start 1", "playing 4", "seeking 1", "playing 4"],
  },
  {
    name: "a heartbeat within a slow seek does not end it",
    lines: [...started, [5, "seek_start"], [11, "heartbeat"], [17, "seek_end"], [20, "heartbeat"]],
    spans: ["waiting_start 1", "playing 4", "seeking 12", "playing 3"],
  },
  {
    name: "a seek that is told by one event ends with the next sign of playing",
    lines: [...started, [5, "seek_start", { fromMs: 4000, toMs: 60_000 }], [8, "heartbeat"], [10, "heartbeat"]],
    spans: ["waiting_start 1", "playing 4", "seeking 3", "playing 2"],
  },
  {
    name: "a seek whose end was lost does not last until the next seek's end",
    lines: [
      ...started,
      [5, "seek_start"],
      [11, "heartbeat"],
      [21, "heartbeat"],
      [31, "heartbeat"],
      [41, "seek_start"],
      [42, "seek_end", { durationMs: 1000 }],
      [45, "heartbeat"],
    ],
    spans: ["waiting_start 1", "playing 4", "seeking 6", "playing 30", "seeking 1", "playing 3"],
  },
  {
    name: "a seek while paused stays paused after it",
    lines: [...started, [5, "pause"], [6, "seek_start"], [7, "seek_end"], [10, "heartbeat"]],
    spans: ["waiting_start 1", "playing 4", "paused 1", "seeking 1", "paused 3"],
    state: "paused",
  },
  {
    name: "a pause within a seek holds when the seek is over",
    lines: [...started, [5, "seek_start"], [6, "pause"], [7, "seek_end"], [10, "heartbeat"]],
    spans: ["waiting_start 1", "playing 4", "seeking 1", "seeking 1", "paused 3"],
    state: "paused",
  },
  {
    name: "a sleeping laptop plays for one more heartbeat, and then nothing",
    lines: [
      ...started,
      [11, "heartbeat", { positionMs: 10_000 }],
      [3611, "heartbeat", { positionMs: 10_500 }],
      [3616, "pause"],
    ],
    spans: ["waiting_start 1", "playing 20", "silent 3590", "playing 5"],
  },
  {
    name: "a throttled tab that went on playing has played",
    lines: [
      ...started,
      [11, "heartbeat", { positionMs: 10_000 }],
      [71, "heartbeat", { positionMs: 70_000 }],
      [81, "heartbeat", { positionMs: 80_000 }],
    ],
    spans: ["waiting_start 1", "playing 80"],
  },
  {
    name: "without heartbeats a silence says nothing",
    lines: [...started, [601, "pause"]],
    spans: ["waiting_start 1", "playing 600"],
  },
  {
    name: "a stall that sleeps is one stall",
    lines: [
      ...started,
      [5, "rebuffer_start"],
      [11, "heartbeat"],
      [111, "heartbeat"],
      [112, "rebuffer_end", { durationMs: 107_000 }],
    ],
    spans: ["waiting_start 1", "playing 4", "rebuffering 16", "silent 90", "rebuffering 1"],
  },
  {
    name: "what comes after the end changes nothing until playback goes on",
    lines: [
      ...started,
      [10, "end", { reason: "ended" }],
      [12, "rebuffer_start"],
      [15, "pause"],
      [20, "play"],
      [25, "heartbeat"],
    ],
    spans: ["waiting_start 1", "playing 9", "ended 10", "playing 5"],
  },
  {
    name: "a fatal error stops the clock",
    lines: [...started, [5, "error", { code: "x", fatal: true }], [15, "heartbeat"]],
    spans: ["waiting_start 1", "playing 4", "failed 10"],
    state: "failed",
  },
  {
    name: "an error that is not fatal does not",
    lines: [...started, [5, "error", { code: "x", fatal: false }], [11, "heartbeat"]],
    spans: ["waiting_start 1", "playing 10"],
  },
  {
    name: "playback that goes on after a fatal error has survived it",
    lines: [
      ...started,
      [5, "error", { code: "x", fatal: true, positionMs: 4000 }],
      [6, "state_change", { from: "error", to: "playing" }],
      [11, "heartbeat"],
    ],
    spans: ["waiting_start 1", "playing 4", "failed 1", "playing 5"],
    state: "playing",
  },
  {
    name: "the player's own word for the end of the media is one",
    lines: [
      ...started,
      [10, "pause", { positionMs: 9000 }],
      [10, "state_change", { to: "ended" }],
      [600, "end", { reason: "left" }],
    ],
    spans: ["waiting_start 1", "playing 9", "ended 590"],
  },
];

describe("timeline", () => {
  test.each(cases)("$name", ({ lines, spans, state }) => {
    expect(states(lines)).toEqual(spans);
    if (state !== undefined) expect(timelineOf(lines).state).toBe(state);
  });
});

describe("start without a reported first frame", () => {
  const none: readonly { name: string; lines: readonly Line[]; startedAt: number | null; intentAt: number | null }[] = [
    {
      name: "is read from a playhead that moved",
      lines: [
        [0, "load"],
        [1, "play", { positionMs: 0 }],
        [11, "heartbeat", { positionMs: 8000 }],
      ],
      intentAt: 0,
      startedAt: 3,
    },
    {
      name: "is not before the play",
      lines: [
        [0, "load"],
        [1, "play", { positionMs: 0 }],
        [11, "heartbeat", { positionMs: 10_400 }],
      ],
      intentAt: 0,
      startedAt: 1,
    },
    {
      name: "is read from watch time that was told",
      lines: [
        [0, "play", { positionMs: 0 }],
        [9, "pause", { positionMs: 0, watchMs: 7000 }],
      ],
      intentAt: 0,
      startedAt: 2,
    },
    {
      name: "is not proved by a playhead that was set",
      lines: [
        [0, "play", { positionMs: 0 }],
        [1, "heartbeat", { positionMs: 600_000 }],
      ],
      intentAt: 0,
      startedAt: null,
    },
    {
      name: "is not proved by a playhead that stands",
      lines: [
        [0, "play", { positionMs: 5000 }],
        [10, "heartbeat", { positionMs: 5000 }],
      ],
      intentAt: 0,
      startedAt: null,
    },
    {
      name: "is the play itself where the sender tells no progress at all",
      lines: [
        [0, "load"],
        [2, "play"],
        [12, "pause"],
      ],
      intentAt: 0,
      startedAt: 2,
    },
    {
      name: "is seen in a view of which only heartbeats arrived",
      lines: [
        [0, "heartbeat", { positionMs: 60_000 }],
        [10, "heartbeat", { positionMs: 70_000 }],
      ],
      intentAt: null,
      startedAt: 0,
    },
  ];
  test.each(none)("$name", ({ lines, startedAt, intentAt }) => {
    const timeline = timelineOf(lines);
    expect(timeline.startedAt).toBe(startedAt === null ? null : second(startedAt));
    expect(timeline.intentAt).toBe(intentAt === null ? null : second(intentAt));
  });
});

test("the played clock counts playing time only", () => {
  const clock = new PlayedClock(timelineOf([...started, [5, "pause"], [9, "play"], [12, "heartbeat"]]));
  expect([0, 1, 3, 5, 7, 9, 11, 12, 99].map((s) => clock.at(second(s)))).toEqual([
    0, 0, 2000, 4000, 4000, 4000, 6000, 7000, 7000,
  ]);
});
