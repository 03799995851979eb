import { describe, expect, test } from "vitest";
import { decodeTelemetry } from "./decode.js";
import { decodeOne as decodeRecord } from "./decode-one.js";

/** A record of seed 003's shape with every field of its README. */
const nested = {
  eventId: "b54e2a40-5d0f-4c55-9f0f-1f6c3b1c2a01",
  viewerId: "user123",
  sessionId: "session-abc",
  eventType: "PLAY",
  timestamp: 1_765_837_003_411,
  playbackPositionSec: 12.5,
  quality: { bitrateKbps: 3000, resolution: "720p" },
  network: { downlinkMbps: 10, rttMs: 50 },
  device: { browser: "Chrome", os: "Mac" },
  player: { decodedFrames: 1200, droppedFrames: 2, fps: 30 },
  engagement: { totalWatchTime: 5000, interactionCount: 3 },
};

const decodeOne = (change: Record<string, unknown>) => decodeRecord({ ...nested, ...change });

describe("a seed 003 record", () => {
  test("becomes a canonical event in our units, with nothing left over", () => {
    expect(decodeOne({})).toEqual({
      index: 0,
      format: "seed003",
      context: {
        viewId: "session-abc",
        viewerId: "user123",
        device: { browser: "Chrome", os: "Mac" },
        network: { downlinkMbps: 10, rttMs: 50 },
      },
      event: {
        id: nested.eventId,
        seq: 0,
        type: "play",
        ts: 1_765_837_003_411,
        positionMs: 12_500,
        bitrateBps: 3_000_000,
        height: 720,
        droppedFrames: 2,
        decodedFrames: 1200,
        fps: 30,
        watchMs: 5000,
        interactionCount: 3,
      },
    });
  });

  test("may be flat, by its columns' names", () => {
    const flat = {
      event_id: "e7",
      viewer_id: "u",
      session_id: "s",
      event_type: "BUFFER_END",
      event_timestamp: 1_765_837_003_411,
      playback_position_sec: 1.2345,
      bitrate_kbps: 800,
      resolution: "640x360",
      buffer_start: 1_765_837_001_000,
      buffer_end: 1_765_837_003_000,
      network_effective_type: "4g",
      screen_width: 1920,
      buffer_length_sec: 4.5,
      total_pause_time_ms: 7,
    };
    const decoded = decodeTelemetry(flat);
    expect(decoded).toMatchObject({
      ok: true,
      records: [
        {
          context: { viewId: "s", viewerId: "u", device: { screenWidth: 1920 }, network: { effectiveType: "4g" } },
          event: {
            id: "e7",
            type: "rebuffer_end",
            positionMs: 1235,
            durationMs: 2000,
            bitrateBps: 800_000,
            width: 640,
            height: 360,
            bufferMs: 4500,
            pauseMs: 7,
            extra: { buffer_start: 1_765_837_001_000, buffer_end: 1_765_837_003_000 },
          },
        },
      ],
    });
  });

  test("may hold every column of its table, and leaves over only the times of a stall", () => {
    const row = {
      event_id: "e8",
      viewer_id: "u",
      session_id: "s",
      event_type: "PAUSE",
      event_timestamp: 1_765_837_003_411,
      playback_position_sec: 61.25,
      bitrate_kbps: 2500,
      resolution: "720p",
      video_width: 1280,
      video_height: 720,
      buffer_start: 1_765_837_001_000,
      buffer_end: 1_765_837_001_900,
      buffer_duration_ms: 900,
      network_downlink_mbps: 9.5,
      network_rtt_ms: 40,
      network_effective_type: "4g",
      device_browser: "Chrome",
      device_os: "Mac",
      screen_width: 1920,
      screen_height: 1080,
      total_watch_time_ms: 60_000,
      total_pause_time_ms: 1_000,
      interaction_count: 4,
      dropped_frames: 2,
      decoded_frames: 1_500,
      fps: 29.97,
      buffer_length_sec: 12.5,
      raw_json: null,
      created_at: null,
    };
    const decoded = decodeTelemetry([row]);
    expect(decoded).toEqual({
      ok: true,
      records: [
        {
          index: 0,
          format: "seed003",
          context: {
            viewId: "s",
            viewerId: "u",
            device: { browser: "Chrome", os: "Mac", screenWidth: 1920, screenHeight: 1080 },
            network: { downlinkMbps: 9.5, rttMs: 40, effectiveType: "4g" },
          },
          event: {
            id: "e8",
            seq: 0,
            type: "pause",
            ts: 1_765_837_003_411,
            positionMs: 61_250,
            bitrateBps: 2_500_000,
            width: 1280,
            height: 720,
            watchMs: 60_000,
            pauseMs: 1_000,
            interactionCount: 4,
            droppedFrames: 2,
            decodedFrames: 1_500,
            fps: 29.97,
            bufferMs: 12_500,
            extra: {
              buffer_start: 1_765_837_001_000,
              buffer_end: 1_765_837_001_900,
              buffer_duration_ms: 900,
            },
          },
        },
      ],
    });
  });

  test.each([
    ["PLAY", "play"],
    ["PAUSE", "pause"],
    ["BUFFER_START", "rebuffer_start"],
    ["BUFFER_END", "rebuffer_end"],
    ["QUALITY_CHANGE", "quality_change"],
    ["PLAYER_ERROR", "error"],
    ["SEEKED", "seek_end"],
    ["ended", "end"],
    ["PLAYING", "state_change"],
    ["AD_BREAK", "custom"],
    ["constructor", "custom"],
  ])("of type %s is a %s", (eventType, type) => {
    expect(decodeOne({ eventType })).toMatchObject({ event: { type } });
  });

  test("of an unknown type keeps its name, and one of several names for a type does too", () => {
    expect(decodeOne({ eventType: "AD_BREAK" })).toMatchObject({ event: { type: "custom", name: "AD_BREAK" } });
    expect(decodeOne({ eventType: "STALLED" })).toMatchObject({ event: { extra: { eventType: "STALLED" } } });
  });

  test("of a quality change says what it changed to", () => {
    const record = decodeOne({
      eventType: "QUALITY_CHANGE",
      quality: { bitrateKbps: 5000, resolution: "1920x1080", reason: "abr", level: 4 },
    });
    expect(record).toMatchObject({
      event: {
        toBitrateBps: 5_000_000,
        toWidth: 1920,
        toHeight: 1080,
        reason: "abr",
        extra: { quality: { level: 4 } },
      },
    });
    expect(record).not.toHaveProperty("event.bitrateBps");
  });

  test("of an error carries hls.js's words, or a code; it is fatal only when it says so", () => {
    expect(
      decodeOne({
        eventType: "PLAYER_ERROR",
        error: { type: "networkError", details: "fragLoadError", fatal: true, message: "404" },
      }),
    ).toMatchObject({ event: { code: "fragLoadError", category: "networkError", fatal: true, message: "404" } });
    expect(decodeOne({ eventType: "PLAYER_ERROR", error: { code: 3 } })).toMatchObject({
      event: { code: "3", fatal: false },
    });
    expect(decodeOne({ eventType: "PLAYER_ERROR", error: "it broke" })).toMatchObject({
      event: { code: "unknown", message: "it broke" },
    });
  });

  test("keeps every field that we do not know, and reads null as absent", () => {
    const record = decodeOne({
      app: "tv",
      quality: { bitrateKbps: null, resolution: "auto", hdr: true },
      network: null,
      list: [1, null],
    });
    expect(record).toMatchObject({
      event: { extra: { app: "tv", quality: { resolution: "auto", hdr: true }, list: [1, null] } },
    });
    expect(record).not.toHaveProperty("event.bitrateBps");
    expect(record).not.toHaveProperty("context.network");
  });

  test.each([
    [{ sessionId: undefined }, "sessionId is missing"],
    [{ sessionId: "" }, 'sessionId is "", but must be text of 1 to 128'],
    [{ sessionId: "a\0b" }, "without control characters"],
    [{ sessionId: "\ud800" }, "sessionId is"],
    [{ timestamp: "yesterday" }, 'timestamp is "yesterday", but must be Unix time in ms'],
    [{ timestamp: -1 }, "timestamp is -1"],
    [{ timestamp: undefined }, "timestamp is missing"],
    [{ quality: { bitrateKbps: -3 } }, "quality.bitrateKbps is -3, but must be a number from 0 to 9007199254740"],
    [{ quality: { bitrateKbps: "3000" } }, 'quality.bitrateKbps is "3000"'],
    [{ player: { droppedFrames: 1e300 } }, "player.droppedFrames is 1e+300"],
    [{ playbackPositionSec: "12" }, "playbackPositionSec is"],
    [{ eventType: 7 }, "eventType is 7, but must be text"],
    [{ eventId: null }, "eventId is missing"],
  ])("is refused with its own field's name: %j", (change, message) => {
    expect(decodeOne(change)).toMatchObject({ rejected: expect.stringContaining(message) });
  });

  test("takes its place in the body as its sequence, unless it has one", () => {
    const decoded = decodeTelemetry([nested, { ...nested, eventId: "2" }, { ...nested, eventId: "3", seq: 40 }]);
    const seqs = decoded.ok ? decoded.records.map((record) => "event" in record && record.event) : [];
    expect(seqs).toMatchObject([{ seq: 0 }, { seq: 1 }, { seq: 40 }]);
  });
});
