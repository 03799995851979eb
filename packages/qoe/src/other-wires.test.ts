import { checkEvent, decodeTelemetry, type EventSource, type RecordedEvent } from "@playhead/protocol";
import { expect, test } from "vitest";
import { foldView } from "./fold-view.js";

/** As the ingest door takes them. */
function recorded(body: readonly object[], source: EventSource): readonly RecordedEvent[] {
  const decoded = decodeTelemetry(body);
  if (!decoded.ok) throw new Error(decoded.message);
  return decoded.records.map((record) => {
    if ("rejected" in record) throw new Error(record.rejected.message);
    const checked = checkEvent(record.event);
    if (!checked.ok) throw new Error(checked.message);
    return { appId: "default", source, receivedAt: 0, context: record.context, event: checked.event };
  });
}

const start = 1_765_837_003_000;

test("a view of seed 003's plugin is folded from its events alone", () => {
  const types: readonly (readonly [s: number, type: string, positionS: number, fields?: object])[] = [
    [0, "PLAY", 0, { quality: { bitrateKbps: 1000 } }],
    [0.1, "BUFFER_START", 0],
    [2, "BUFFER_END", 0, { bufferDurationMs: 1900 }],
    [12, "QUALITY_CHANGE", 10, { quality: { bitrateKbps: 3000 } }],
    [22, "BUFFER_START", 20],
    [25, "BUFFER_END", 20],
    [35, "PAUSE", 30, { player: { decodedFrames: 720, droppedFrames: 4 } }],
  ];
  const folded = foldView(
    recorded(
      types.map(([s, eventType, playbackPositionSec, fields], i) => ({
        eventId: `e${i}`,
        sessionId: "s3",
        viewerId: "u3",
        eventType,
        timestamp: start + s * 1000,
        playbackPositionSec,
        ...fields,
      })),
      "seed003",
    ),
  );
  expect(folded).toMatchObject({
    viewId: "s3",
    viewerId: "u3",
    startupMs: 2000,
    watchMs: 33_000,
    playingMs: 30_000,
    rebufferCount: 1,
    rebufferMs: 3000,
    switchesUp: 1,
    switches: 1,
    // 10 s at 1 Mbit/s, 20 s at 3.
    averageBitrateBps: 2_333_333,
    decodedFrames: 720,
    droppedFrames: 4,
    state: "paused",
    exit: "open",
  });
});

test("a view of seed 004's core is folded from its events alone", () => {
  const types: readonly (readonly [s: number, event: string, fields: object])[] = [
    [0, "load", { url: "https://example.test/a.m3u8", is_live: false }],
    [1.5, "play", { position: 0 }],
    [11.5, "heartbeat", { position: 10, buffer_level: 5, bitrate: 3_000_000, dropped_frames: 1, decoded_frames: 240 }],
    [16.5, "rebuffer", { position: 15, buffer_level: 0 }],
    [18.5, "rebuffer_end", { position: 15, duration: 2 }],
    [20.5, "seek", { from: 17, to: 100 }],
    [21.5, "heartbeat", { position: 101, buffer_level: 5, bitrate: 3_000_000, dropped_frames: 1, decoded_frames: 480 }],
    [31.5, "end", { position: 111, watch_time: 30 }],
  ];
  const folded = foldView(
    recorded(
      types.map(([s, event, fields], sequence) => ({
        id: `e${sequence}`,
        session_id: "s4",
        timestamp: new Date(start + s * 1000).toISOString(),
        sequence,
        event,
        ...fields,
      })),
      "seed004",
    ),
  );
  expect(folded).toMatchObject({
    viewId: "s4",
    startupMs: 1500,
    watchMs: 30_000,
    playingMs: 27_000,
    rebufferCount: 1,
    rebufferMs: 2000,
    seekCount: 1,
    seekMs: 0,
    averageBitrateBps: 3_000_000,
    exit: "ended",
    // 10 for the stall, 5 for each of its seconds, and 2 back for the bitrate.
    seedScore: 82,
  });
});

test("a view of Eyevinn's client is folded from its events alone, which count in seconds and have no ids", () => {
  const types: readonly (readonly [s: number, event: string, playhead: number, payload?: object])[] = [
    [0, "init", -1],
    [0.2, "metadata", -1, { contentId: "film", userId: "u5", live: false }],
    [0.5, "loading", -1],
    [1.4, "loaded", -1],
    [1.5, "playing", -1],
    [1.6, "bitrate_changed", 0.1, { bitrate: 1000, width: 640, height: 360 }],
    [11.5, "bitrate_changed", 10.02, { bitrate: 3000, width: 1280, height: 720 }],
    [21.5, "buffering", 20.01],
    [23.5, "buffered", 20.01],
    [25.5, "seeking", 80],
    [26.5, "seeked", 80],
    [31.5, "paused", 85.03],
    [41.5, "playing", 85.03],
    [46.5, "warning", 90.04, { code: 7, category: "NETWORK" }],
    [51.5, "stopped", 95.05, { reason: "aborted" }],
  ];
  const folded = foldView(
    recorded(
      types.map(([s, event, playhead, payload]) => ({
        event,
        sessionId: "s5",
        timestamp: start + s * 1000,
        playhead,
        duration: playhead === -1 ? -1 : 5400.25,
        ...(payload ? { payload } : {}),
      })),
      "epas",
    ),
  );
  expect(folded).toMatchObject({
    viewId: "s5",
    viewerId: "u5",
    mediaId: "film",
    startupMs: 1000,
    watchMs: 40_000,
    playingMs: 37_000,
    pauseMs: 10_000,
    rebufferCount: 1,
    rebufferMs: 2000,
    seekCount: 1,
    seekMs: 1000,
    switchesUp: 1,
    switches: 1,
    errorCount: 1,
    errorCode: "7",
    positionMs: 95_050,
    exit: "left",
  });
});
