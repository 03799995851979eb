import type { EventOf } from "@playhead/protocol";
import { describe, expect, test } from "vitest";
import { foldView } from "../fold-view.js";
import { type Line, second, view } from "../view-script.js";
import type { Explanation } from "./cause.js";
import { explainView } from "./explain.js";

const started: readonly Line[] = [
  [0, "play_request"],
  [1, "first_frame", { positionMs: 0 }],
];

/** Playback stops at 10 s for `seconds`. */
const stalled = (seconds: number, within: readonly Line[] = [], bufferMs = 40): readonly Line[] => [
  ...started,
  [10, "rebuffer_start", { positionMs: 9_000, bufferMs, droppedFrames: 2, decodedFrames: 200 }],
  ...within,
  [
    10 + seconds,
    "rebuffer_end",
    { positionMs: 9_000, durationMs: seconds * 1000, droppedFrames: 2, decodedFrames: 201 },
  ],
  [30, "end", { reason: "left" }],
];

const segment = (endS: number, durationMs: number, waitMs: number, bytes = 500_000): Line => [
  endS,
  "request",
  { kind: "segment", durationMs, waitMs, bytes, rendition: "v0", segment: 5 },
];

interface Case {
  readonly name: string;
  readonly lines: readonly Line[];
  readonly expected: Partial<Explanation>;
}

const stallCases: readonly Case[] = [
  {
    name: "a page busy for a third of it, which asked for nothing in the rest, drops frames too: player",
    lines: [
      ...started,
      [10, "rebuffer_start", { positionMs: 9_000, bufferMs: 0, droppedFrames: 0, decodedFrames: 200, blockedMs: 500 }],
      segment(12.5, 1_000, 0),
      [
        13,
        "rebuffer_end",
        { positionMs: 9_000, durationMs: 3_000, droppedFrames: 30, decodedFrames: 206, blockedMs: 1_500 },
      ],
      [30, "end", { reason: "left" }],
    ],
    expected: { cause: "player", networkMs: 1_000, blockedMs: 1_000, idleMs: 1_000, droppedFrames: 30 },
  },
  {
    name: "a page busy for a third of it, which found its buffer filled when it looked: player",
    lines: [
      ...started,
      [10, "rebuffer_start", { positionMs: 9_000, bufferMs: 1_900, blockedMs: 500 }],
      segment(11.2, 300, 0),
      [13, "rebuffer_end", { positionMs: 9_000, durationMs: 3_000, blockedMs: 1_500 }],
      [30, "end", { reason: "left" }],
    ],
    expected: { cause: "player", blockedMs: 1_000, bufferMs: 1_900 },
  },
  {
    name: "the server had not made the segment: encoder",
    // Asked for at 9.5, waited for until 12.8, then 200 ms on its way.
    lines: stalled(3, [segment(13, 3500, 3300)]),
    expected: { cause: "encoder", serverMs: 2800, networkMs: 200, idleMs: 0 },
  },
  {
    name: "the segment was there and came slowly: network",
    lines: stalled(3, [segment(13, 4000, 20)]),
    expected: {
      cause: "network",
      serverMs: 0,
      networkMs: 3000,
      request: {
        kind: "segment",
        rendition: "v0",
        segment: 5,
        bytes: 500_000,
        waitMs: 20,
        transferMs: 3980,
        bitsPerSecond: 1_005_025,
      },
    },
  },
  {
    name: "requests side by side are counted once",
    lines: stalled(3, [segment(12, 3000, 0), segment(12.5, 3000, 0), segment(13, 500, 0)]),
    expected: { cause: "network", networkMs: 3000, idleMs: 0 },
  },
  {
    name: "the link was cut and the request failed: network",
    lines: stalled(3, [
      [11, "error", { code: "fragLoadError", fatal: false, category: "network", status: 0 }],
      segment(13, 200, 0),
    ]),
    expected: { cause: "network", errorCode: "fragLoadError" },
  },
  {
    name: "the player's own word for a stop is no error of the device",
    lines: stalled(3, [
      [10.1, "error", { code: "bufferStalledError", fatal: false, category: "media" }],
      segment(13, 3500, 3300),
    ]),
    expected: { cause: "encoder", errorCode: "bufferStalledError" },
  },
  {
    name: "a fetch that the player gave up itself did not fail",
    lines: stalled(3, [[11, "error", { code: "aborted", fatal: false, category: "network" }], segment(13, 200, 0)]),
    expected: { cause: "player", errorCode: "aborted" },
  },
  {
    name: "the server answered with an error: encoder",
    lines: stalled(3, [
      [11, "error", { code: "fragLoadError", fatal: false, category: "network", status: 503 }],
      segment(13, 200, 0),
    ]),
    expected: { cause: "encoder" },
  },
  {
    name: "the page's script held the main thread: player",
    lines: [
      ...started,
      [9, "heartbeat", { blockedMs: 100 }],
      ...stalled(3, [segment(13, 3000, 0)]).slice(2, -1),
      [14, "heartbeat", { blockedMs: 2_700 }],
    ],
    expected: { cause: "player", blockedMs: 2600, networkMs: 400 },
  },
  {
    name: "nothing was asked for while the buffer was empty: player",
    lines: [...started, segment(5, 100, 0), ...stalled(3, [segment(13, 100, 0)]).slice(2)],
    expected: { cause: "player", idleMs: 2900 },
  },
  {
    name: "the data was there: device",
    lines: stalled(3, [], 8_000),
    expected: { cause: "device", bufferMs: 8000 },
  },
  {
    name: "the decoder failed: device",
    lines: stalled(3, [
      [10.1, "error", { code: "bufferAppendError", fatal: false, category: "media" }],
      segment(13, 3000, 0),
    ]),
    expected: { cause: "device", errorCode: "bufferAppendError" },
  },
  { name: "nothing tells: unknown", lines: stalled(3), expected: { cause: "unknown", request: null, idleMs: 3000 } },
];

describe("a stall is explained:", () => {
  test.each(stallCases)("$name", ({ lines, expected }) => {
    const { stalls, start } = explainView(view(lines));
    expect(start).toBeNull();
    expect(stalls).toMatchObject([{ at: second(10), durationMs: 3000, ...expected }]);
    expect(foldView(view(lines)).stallCause).toBe(expected.cause);
  });

  test("the parts of a wait never come to more than the wait", () => {
    for (const { lines } of stallCases) {
      for (const { durationMs, serverMs, networkMs, blockedMs, idleMs } of explainView(view(lines)).stalls) {
        expect(serverMs + networkMs + blockedMs + idleMs).toBe(durationMs);
        expect(Math.min(serverMs, networkMs, blockedMs, idleMs)).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test("a view is put down to what took most of its stalled time", () => {
    const lines: readonly Line[] = [
      ...stalled(3, [segment(13, 3500, 3300)]).slice(0, -1),
      [20, "rebuffer_start", { bufferMs: 0 }],
      segment(21, 1000, 0),
      [21, "rebuffer_end", { durationMs: 1000 }],
      [30, "end"],
    ];
    expect(explainView(view(lines)).stalls.map(({ cause }) => cause)).toEqual(["encoder", "network"]);
    expect(foldView(view(lines)).stallCause).toBe("encoder");
  });
});

describe("a start is explained:", () => {
  const start = (startS: number, within: readonly Line[]): readonly Line[] => [
    [0, "play_request"],
    ...within,
    [startS, "first_frame", { startupMs: startS * 1000 }],
  ];

  test("a quick one has no cause, but its time is divided", () => {
    const lines = start(1, [segment(0.8, 600, 400)]);
    expect(explainView(view(lines)).start).toBeNull();
    expect(foldView(view(lines))).toMatchObject({
      startServerMs: 400,
      startNetworkMs: 200,
      startPlayerMs: 400,
      startCause: null,
      stallCause: null,
    });
  });

  test.each([
    ["encoder", [segment(4.8, 4600, 4400)]],
    ["network", [segment(4.8, 4600, 100)]],
    ["player", [segment(0.8, 100, 10), segment(4.9, 100, 10)]],
    ["unknown", []],
  ] as const)("a slow one: %s", (cause, within) => {
    const lines = start(5, within);
    expect(explainView(view(lines)).start).toMatchObject({ at: second(0), durationMs: 5000, cause });
    expect(foldView(view(lines)).startCause).toBe(cause);
  });

  test("one that was given up waited until then", () => {
    const lines: readonly Line[] = [[0, "play_request"], segment(8, 7900, 7800), [9, "end", { reason: "left" }]];
    expect(explainView(view(lines)).start).toMatchObject({ durationMs: 9000, cause: "encoder" });
    expect(foldView(view(lines))).toMatchObject({ startCause: "encoder", successScore: 50, startServerMs: 7800 });
  });

  test("without any request, where the time went is not known", () => {
    expect(foldView(view(start(1, [])))).toMatchObject({
      startServerMs: null,
      startNetworkMs: null,
      startPlayerMs: null,
    });
  });
});

test("the server's own times explain a view whose player tells of no requests", () => {
  const lines = stalled(3);
  const served = view([[13, "segment", { durationMs: 3400, waitMs: 3300, bytes: 1000, rendition: "v0", segment: 5 }]], {
    source: "server",
  });
  expect(explainView([...view(lines), ...served]).stalls).toMatchObject([{ cause: "encoder", serverMs: 2900 }]);
});

describe("who leaves in the middle of a wait", () => {
  const serversClock = 7_200;
  const asked = [segment(8, 300, 10)];
  const left: readonly Line[] = [
    ...started,
    ...asked,
    [10, "rebuffer_start", { positionMs: 9_000, bufferMs: 0 }],
    [14, "end", { reason: "left" }],
  ];
  /** A view whose events came 100 ms after they happened, on a server whose clock is two hours ahead. */
  const told = (lines: readonly Line[]) =>
    view(lines).map((record) => ({ ...record, receivedAt: record.event.ts + serversClock * 1000 + 100 }));
  const served = (readyS: number, fields: Partial<EventOf<"segment">>) =>
    view([[readyS + serversClock, "segment", { rendition: "v0", segment: 6, ...fields }]], { source: "server" });

  test("waited for a segment that was not made: encoder", () => {
    const given = served(14.1, { durationMs: 4_500, waitMs: 4_500, bytes: 0, outcome: "client_left" });
    expect(explainView([...told(left), ...given]).stalls).toMatchObject([
      {
        at: second(10),
        durationMs: 4_000,
        cause: "encoder",
        serverMs: 4_000,
        request: { segment: 6, rendition: "v0" },
      },
    ]);
  });

  test("waited for one that was ready, and never came: network", () => {
    const given = served(9.6, { durationMs: 20, waitMs: 0, bytes: 900_000 });
    expect(explainView([...told(left), ...given]).stalls).toMatchObject([
      { cause: "network", networkMs: 4_000, request: { segment: 6, bytes: undefined, bitsPerSecond: null } },
    ]);
  });

  test("waited for nothing, though the server would have told: player", () => {
    const came = served(7.8, { segment: 5, durationMs: 20, waitMs: 0, bytes: 900_000 });
    expect(explainView([...told(left), ...came]).stalls).toMatchObject([{ cause: "player", idleMs: 4_000 }]);
  });

  test("waited for no text, of which players don't tell: player", () => {
    const given = served(9.6, { rendition: "s0", mediaType: "subtitle", durationMs: 20, waitMs: 0, bytes: 900 });
    expect(explainView([...told(left), ...given]).stalls).toMatchObject([{ cause: "player", networkMs: 0 }]);
  });

  test("sound that its player never tells of was not on its way", () => {
    const given = served(9.6, { rendition: "a0", mediaType: "audio", durationMs: 20, waitMs: 0, bytes: 9_000 });
    expect(explainView([...told(left), ...given]).stalls).toMatchObject([{ cause: "player", networkMs: 0 }]);
  });

  test("before anything came of what was ready: network", () => {
    const lines: readonly Line[] = [
      [0, "play_request"],
      [0.3, "request", { kind: "playlist", rendition: "index", durationMs: 100, waitMs: 5 }],
      [6, "end", { reason: "left" }],
    ];
    const given = served(0.6, { segment: 0, mediaType: "video", durationMs: 100, waitMs: 90, bytes: 900_000 });
    expect(explainView([...told(lines), ...given]).start).toMatchObject({ cause: "network", networkMs: 5_605 });
  });

  test("waited for what nobody tells of: unknown", () => {
    expect(explainView(told(left)).stalls).toMatchObject([{ cause: "unknown", idleMs: 4_000 }]);
  });

  test("a segment that its player went on from was on its way no more", () => {
    const given = served(3, { segment: 2, durationMs: 20, waitMs: 0, bytes: 900_000 });
    expect(explainView([...told(left), ...given]).stalls).toMatchObject([{ cause: "player", networkMs: 0 }]);
  });

  test("before the first frame: encoder", () => {
    const lines: readonly Line[] = [
      [0, "play_request"],
      [0.3, "request", { kind: "playlist", durationMs: 100, waitMs: 5 }],
      [6, "end", { reason: "left" }],
    ];
    const given = served(6.1, { segment: 0, durationMs: 5_600, waitMs: 5_600, bytes: 0, outcome: "client_left" });
    const events = [...told(lines), ...given];
    expect(explainView(events).start).toMatchObject({ durationMs: 6_000, cause: "encoder", serverMs: 5_605 });
    expect(foldView(events)).toMatchObject({ startCause: "encoder" });
  });
});
