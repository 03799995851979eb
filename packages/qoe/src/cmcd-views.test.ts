import { checkEvent, decodeCmcdEvents, decodeCmcdRequest, type RecordedEvent } from "@playhead/protocol";
import { describe, expect, test } from "vitest";
import { foldView } from "./fold-view.js";

const start = 1_765_837_003_000;

/** As the ingest door takes an event-mode body. */
function reports(lines: readonly string[]): readonly RecordedEvent[] {
  const decoded = decodeCmcdEvents(lines.join("\n"));
  if (!decoded.ok) throw new Error(decoded.message);
  return decoded.records.map((record) => {
    if ("rejected" in record) throw new Error(record.rejected.message);
    return recorded(record.context, record.event, "cmcd");
  });
}

function recorded(context: RecordedEvent["context"], event: unknown, source: RecordedEvent["source"]): RecordedEvent {
  const checked = checkEvent(event);
  if (!checked.ok) throw new Error(checked.message);
  return { appId: "default", source, receivedAt: start, context, event: checked.event };
}

/** Changes of state at seconds, as hls.js reports them. */
const states = (...changes: readonly (readonly [s: number, sta: string, more?: string])[]) =>
  reports(
    changes.map(([s, sta, more = ""], sn) => `e=ps,sid="v",sn=${sn},sta=${sta},ts=${start + s * 1000},v=2${more}`),
  );

interface Asked {
  readonly s: number;
  readonly segment: number;
  readonly keys?: string;
  readonly bl?: number;
  readonly of?: "audio" | "subtitle";
}

/** Requests for segments of 2 s, as our own routes record them. */
const requests = (asked: readonly Asked[], session = 'sid="v"') =>
  asked.map(({ s, segment, keys, bl, of }) => {
    const record = decodeCmcdRequest({
      ts: start + s * 1000,
      reports: [
        [session, "br=1000,d=2000", of ? "" : "ot=v", bl === undefined ? "" : `bl=${bl}`, keys ?? ""]
          .filter(Boolean)
          .join(),
      ],
      hlsSessionId: "h",
      mediaId: "m",
      delivery: "copy",
      kind: "segment",
      mediaType: of ?? "video",
      rendition: "v0",
      index: segment,
      startMs: segment * 2000,
      status: 200,
      waitMs: 0,
      ttfbMs: 1,
      durationMs: 2,
      bytes: 1000,
    });
    if (typeof record === "string") throw new Error(record);
    return recorded(record.context, record.event, "cmcd-request");
  });

describe("a view of state reports", () => {
  test("has its start, its stall and its end", () => {
    expect(foldView(states([0, "d"], [1, "s"], [1.5, "p"], [11.5, "r"], [13.5, "p"], [20, "e"]))).toMatchObject({
      source: "cmcd",
      startupMs: 500,
      watchMs: 18_500,
      playingMs: 16_500,
      rebufferCount: 1,
      rebufferMs: 2000,
      seekCount: 0,
      exit: "ended",
      droppedFrames: null,
      decodedFrames: null,
      switches: null,
    });
  });

  test("that says buffering within a seek has sought, and did not stall", () => {
    expect(
      foldView(states([0, "s"], [1, "p"], [5, "k"], [5.1, "r"], [6, "p"], [8, "k"], [8.1, "p"], [9, "q"])),
    ).toMatchObject({
      seekCount: 2,
      seekMs: 1100,
      rebufferCount: 0,
      rebufferMs: 0,
      exit: "left",
    });
  });

  test("is one seek for a drag, and none for what happens before the start", () => {
    expect(
      foldView(
        states(
          [0, "s"],
          [0.1, "k"],
          [0.2, "r"],
          [1, "p"],
          [5, "k"],
          [5.1, "r"],
          [5.2, "k"],
          [5.3, "r"],
          [6, "p"],
          [7, "e"],
        ),
      ),
    ).toMatchObject({ seekCount: 1, seekMs: 1000, rebufferCount: 0, startupMs: 1000 });
  });

  test("has pauses, and seeks in them", () => {
    expect(foldView(states([0, "s"], [1, "p"], [5, "a"], [6, "k"], [6.2, "a"], [8, "p"], [10, "e"]))).toMatchObject({
      pauseMs: 3000,
      playingMs: 6000,
      seekCount: 1,
      rebufferCount: 0,
    });
    // Shaka Player stays silent until the viewer goes on: how long the seek took is not known.
    expect(foldView(states([0, "s"], [1, "p"], [5, "a"], [6, "k"], [60, "p"], [62, "e"]))).toMatchObject({
      seekCount: 1,
      seekMs: 0,
    });
  });

  test("takes a buffering before the first playing for the start, and its length from the player", () => {
    const view = foldView(states([0, "r"], [2, "p"], [3, "r"], [4, "p", ",msd=1650"], [6, "e"]));
    expect(view).toMatchObject({ startupMs: 1650, rebufferCount: 1, rebufferMs: 1000 });
    // Nobody told when the viewer meant to play.
    expect(foldView(states([0, "r"], [2, "p"], [6, "e"])).startupMs).toBeNull();
  });

  test("has bitrates and switches by its reports of them", () => {
    const view = foldView([
      ...states([0, "s"], [1, "p"], [21, "e"]),
      ...reports([
        `br=(1000),e=bc,sid="v",sn=10,ts=${start + 500},v=2`,
        `br=(3000),e=bc,sid="v",sn=11,ts=${start + 11_000},v=2`,
      ]),
    ]);
    expect(view).toMatchObject({ averageBitrateBps: 2_000_000, switchesUp: 1, switchesDown: 0, switches: 1 });
  });

  test("fails once, however often that is told", () => {
    const told = reports([`e=e,ec=("levelLoadError"),sid="v",sn=9,sta=f,ts=${start + 5_001},v=2`]);
    expect(foldView([...states([0, "s"], [1, "p"], [5, "f"]), ...told])).toMatchObject({
      errorCount: 1,
      errorCode: "levelLoadError",
      exit: "playback_failure",
    });
    expect(foldView(states([0, "s"], [5, "f"]))).toMatchObject({
      errorCount: 1,
      errorCode: "fatal",
      exit: "start_failure",
    });
    expect(foldView(states([0, "s"], [1, "p"], [5, "f"], [5.2, "p"], [8, "e"]))).toMatchObject({ exit: "ended" });
  });

  test("is not moved by when a response was told", () => {
    const response = reports([`e=rr,sid="v",sn=9,sta=p,ts=${start + 100},ttlb=2000,url="https://x.test/0.m4s",v=2`]);
    expect(foldView([...states([0, "s"], [2, "p"], [5, "e"]), ...response]).startupMs).toBe(2000);
  });

  test("is told by its requests too, and by none of them", () => {
    const view = foldView([...states([0, "s"], [1, "p"], [5, "e"]), ...requests([{ s: 900, segment: 1, keys: "bs" }])]);
    expect(view).toMatchObject({ source: "cmcd", rebufferCount: 0, mediaId: "m", hlsSessionId: "h", watchMs: 4000 });
  });

  test("counts for nothing where the page has measured it itself", () => {
    const measured = { appId: "default", source: "sdk", receivedAt: start, context: { viewId: "v" } } as const;
    const view = foldView([
      ...states([0, "s"], [1, "p"], [5, "r"], [8, "p"]),
      { ...measured, event: { id: "1", seq: 0, type: "play_request", ts: start } },
      { ...measured, event: { id: "2", seq: 1, type: "first_frame", ts: start + 900, startupMs: 900 } },
    ]);
    expect(view).toMatchObject({ source: "sdk", startupMs: 900, rebufferCount: 0, droppedFrames: 0 });
  });
});

describe("a view of requests", () => {
  const begin: readonly Asked[] = [
    { s: 0, segment: 0, keys: "su" },
    { s: 0.1, segment: 1, keys: "su", bl: 2000 },
    { s: 0.2, segment: 2, bl: 4000 },
    { s: 2, segment: 3, bl: 4000 },
  ];

  test("knows what was taken, and no time", () => {
    expect(foldView(requests(begin))).toMatchObject({
      source: "cmcd-request",
      playRequested: true,
      startupMs: null,
      watchMs: null,
      playingMs: null,
      pauseMs: null,
      seekCount: null,
      seekMs: null,
      rebufferCount: 0,
      rebufferMs: 0,
      averageBitrateBps: 1_000_000,
      bitrateMs: 8000,
      switches: 0,
      droppedFrames: null,
      decodedFrames: null,
      seedScore: null,
      mos: null,
      state: "playing",
    });
  });

  test("that was only prepared has neither played nor meant to", () => {
    expect(foldView(requests(begin.slice(0, 2)))).toMatchObject({ playRequested: false, bitrateMs: 0, state: "idle" });
  });

  test("has a stall where the buffer ran dry, its length unknown unless the player tells it", () => {
    const stalled = [...begin, { s: 12, segment: 4, bl: 2000, keys: "bs,su" }];
    expect(foldView(requests(stalled))).toMatchObject({ rebufferCount: 1, rebufferMs: null });
    expect(foldView(requests([...stalled, { s: 13, segment: 5, bl: 3000, keys: "bsd=1800" }]))).toMatchObject({
      rebufferCount: 1,
      rebufferMs: 1800,
    });
    expect(foldView(requests([...stalled, { s: 13, segment: 5, bl: 3000, keys: "bsa=2,bsda=2500" }]))).toMatchObject({
      rebufferCount: 2,
      rebufferMs: 2500,
    });
  });

  test("has one where requests become urgent, for players that say nothing else", () => {
    const urgent = [
      { s: 12, segment: 4, bl: 2000, keys: "su" },
      { s: 12.1, segment: 5, bl: 2000, keys: "su" },
      { s: 14, segment: 6, bl: 4000 },
    ];
    expect(foldView(requests([...begin, ...urgent]))).toMatchObject({ rebufferCount: 1, rebufferMs: null });
  });

  test.each([
    ["audio", 1],
    ["subtitle", 0],
  ] as const)("has one where only a request for %s becomes urgent: %i", (of, rebufferCount) => {
    const atEase = [
      { s: 0.3, segment: 0, keys: "su", of },
      { s: 0.4, segment: 1, bl: 2000, of },
    ];
    const after = [
      { s: 12, segment: 2, bl: 2000, keys: "su", of },
      { s: 12.1, segment: 4, bl: 2000 },
    ];
    expect(foldView(requests([...begin, ...atEase, ...after]))).toMatchObject({ rebufferCount });
  });

  test("has one where sound tells of it late, after it asked at ease once more", () => {
    const of = "audio";
    const told: readonly Asked[] = [
      { s: 0.3, segment: 0, keys: "su", of },
      { s: 0.4, segment: 1, bl: 2000, of },
      { s: 12, segment: 4, bl: 2000, keys: "su" },
      { s: 12.1, segment: 2, bl: 2000, of },
      { s: 12.2, segment: 3, bl: 2000, keys: "su", of },
    ];
    expect(foldView(requests([...begin, ...told]))).toMatchObject({ rebufferCount: 1 });
  });

  test("has one where picture and sound both tell of it, and another when one tells again", () => {
    const of = "audio";
    const told: readonly Asked[] = [
      { s: 0.3, segment: 0, keys: "su", of },
      { s: 0.4, segment: 1, bl: 2000, of },
      { s: 12, segment: 2, keys: "bs,su", of },
      { s: 12.1, segment: 4, bl: 2000, keys: "bs,su" },
    ];
    expect(foldView(requests([...begin, ...told]))).toMatchObject({ rebufferCount: 1 });
    const again: readonly Asked[] = [...told, { s: 18, segment: 3, keys: "bs,su", of }];
    expect(foldView(requests([...begin, ...again]))).toMatchObject({ rebufferCount: 2 });
  });

  test.each([
    ["to another segment", { s: 3, segment: 40, bl: 0, keys: "bs,su" }],
    ["back", { s: 3, segment: 1, bl: 0, keys: "bs,su" }],
    ["within a buffer that is full", { s: 3, segment: 4, bl: 7000, keys: "bs,su" }],
    ["to the edge of the buffer, sooner than playing comes there", { s: 3, segment: 4, bl: 0, keys: "bs,su" }],
  ])("that seeks %s has not stalled", (_where, asked) => {
    const after = { s: asked.s + 0.1, segment: asked.segment + 1, bl: 2000, keys: "su" };
    expect(foldView(requests([...begin, asked, after]))).toMatchObject({ rebufferCount: 0 });
  });

  test("that says one request late that a seek left it dry has not stalled, and may stall after that", () => {
    const late = [
      { s: 3, segment: 40, bl: 0 },
      { s: 3.1, segment: 41, bl: 2000, keys: "bs,su" },
    ];
    expect(foldView(requests([...begin, ...late]))).toMatchObject({ rebufferCount: 0 });
    const stalled = [
      { s: 4, segment: 42, bl: 3000 },
      { s: 12, segment: 43, bl: 0, keys: "bs,su" },
    ];
    expect(foldView(requests([...begin, ...late, ...stalled]))).toMatchObject({ rebufferCount: 1 });
  });

  test("tells its start and its errors where the player does", () => {
    const view = foldView(
      requests([...begin, { s: 4, segment: 4, bl: 4000, keys: "msd=912,sta=p,v=2" }], 'sid="v",v=2'),
    );
    expect(view).toMatchObject({ startupMs: 912, exit: "open" });
  });
});
