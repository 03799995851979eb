import { describe, expect, test } from "vitest";
import { decodeOne as decodeRecord } from "./decode-one.js";

const base = {
  id: "0b2f7a3e-8c1d-4e5f-9a6b-7c8d9e0f1a2b",
  session_id: "9f8e7d6c-5b4a-4938-8271-605f4e3d2c1b",
  timestamp: "2025-12-15T22:16:43.411Z",
  sequence: 7,
};
const ms = Date.UTC(2025, 11, 15, 22, 16, 43, 411);

const decodeOne = (fields: Record<string, unknown>) => decodeRecord({ ...base, ...fields });

describe("a seed 004 record", () => {
  test.each([
    [
      { event: "load", url: "https://cdn/x.m3u8", is_live: false },
      { type: "load", url: "https://cdn/x.m3u8", isLive: false },
    ],
    [
      { event: "play", position: 1.5 },
      { type: "play", positionMs: 1500 },
    ],
    [
      { event: "pause", position: 10 },
      { type: "pause", positionMs: 10_000 },
    ],
    [
      { event: "seek", from: 10.25, to: 90 },
      { type: "seek_start", fromMs: 10_250, toMs: 90_000 },
    ],
    [
      { event: "rebuffer", position: 3, buffer_level: 0.2 },
      { type: "rebuffer_start", positionMs: 3000, bufferMs: 200 },
    ],
    [
      { event: "rebuffer_end", position: 3, duration: 1.2 },
      { type: "rebuffer_end", positionMs: 3000, durationMs: 1200 },
    ],
    [
      {
        event: "quality_change",
        from_bitrate: 800_000,
        to_bitrate: 3_000_000,
        from_resolution: null,
        to_resolution: { width: 1280, height: 720 },
        reason: "abr",
      },
      {
        type: "quality_change",
        fromBitrateBps: 800_000,
        toBitrateBps: 3_000_000,
        toWidth: 1280,
        toHeight: 720,
        reason: "abr",
      },
    ],
    [
      { event: "state_change", from: "buffering", to: "playing", position: 4 },
      { type: "state_change", from: "buffering", to: "playing", positionMs: 4000 },
    ],
    [
      { event: "end", position: 60, watch_time: 58.5 },
      { type: "end", reason: "ended", positionMs: 60_000, watchMs: 58_500 },
    ],
    [
      { event: "error", code: "E1", message: "no", fatal: true, position: 2 },
      { type: "error", code: "E1", message: "no", fatal: true, positionMs: 2000 },
    ],
    [
      {
        event: "heartbeat",
        position: 5,
        buffer_level: 12.5,
        bitrate: 3_000_000,
        dropped_frames: 2,
        decoded_frames: 300,
      },
      {
        type: "heartbeat",
        positionMs: 5000,
        bufferMs: 12_500,
        bitrateBps: 3_000_000,
        droppedFrames: 2,
        decodedFrames: 300,
      },
    ],
    [
      { event: "custom", name: "skip_intro", data: { at: [1, 2] } },
      { type: "custom", name: "skip_intro", data: { at: [1, 2] } },
    ],
  ])("%j", (fields, event) => {
    expect(decodeOne(fields)).toEqual({
      index: 0,
      format: "seed004",
      context: { viewId: base.session_id },
      event: { id: base.id, seq: 7, ts: ms, ...event },
    });
  });

  test("with states in capitals is the same, and with a state we do not know is kept as a custom event", () => {
    expect(decodeOne({ event: "state_change", from: "Idle", to: "Playing" })).toMatchObject({
      event: { type: "state_change", from: "idle", to: "playing" },
    });
    expect(decodeOne({ event: "state_change", from: "playing", to: "preroll" })).toMatchObject({
      event: { type: "custom", name: "state_change", extra: { from: "playing", to: "preroll" } },
    });
  });

  test("of an unknown variant is a custom event that keeps its name and fields", () => {
    expect(decodeOne({ event: "ad_start", duration: 15, nested: { a: 1 } })).toMatchObject({
      event: { type: "custom", name: "ad_start", extra: { duration: 15, nested: { a: 1 } } },
    });
    expect(decodeOne({ event: "__proto__" })).toMatchObject({ event: { type: "custom", name: "__proto__" } });
  });

  test("keeps its exact time when it is finer than a millisecond", () => {
    const timestamp = "2025-12-16T00:16:43.411123456+02:00";
    expect(decodeOne({ event: "play", timestamp })).toMatchObject({ event: { ts: ms, extra: { timestamp } } });
  });

  test.each([
    [{ event: "play", timestamp: "2025-12-15" }, "timestamp is"],
    [{ event: "play", timestamp: 5 }, "timestamp is 5, but must be a time such as"],
    [{ event: "play", timestamp: "1969-12-31T23:59:59Z" }, "not before 1970"],
    [{ event: "play", sequence: undefined }, "sequence is missing"],
    [{ event: "play", sequence: -1 }, "sequence is -1"],
    [{ event: "play", id: undefined }, "id is missing"],
    [{ event: "play", session_id: "" }, "session_id is"],
    [{ event: "play", position: "1" }, "position is"],
    [{ event: "rebuffer_end", duration: -2 }, "duration is -2, but must be a number from 0"],
    [{ event: "error", code: "E", fatal: "yes" }, 'fatal is "yes", but must be true or false'],
    [{ event: {} }, "event is an object, but must be text"],
  ])("is refused with its own field's name: %j", (fields, message) => {
    expect(decodeOne(fields)).toMatchObject({ rejected: expect.stringContaining(message) });
  });
});
