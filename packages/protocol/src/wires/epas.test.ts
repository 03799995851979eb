import { describe, expect, test } from "vitest";
import { checkEvent } from "../check-event.js";
import { decodeTelemetry } from "./decode.js";
import { decodeOne as decodeRecord } from "./decode-one.js";

const base = {
  sessionId: "123-214-234",
  timestamp: 1_765_837_003_411,
  playhead: 61_500,
  duration: 5_400_000,
};

const decodeOne = (change: Record<string, unknown>) => decodeRecord({ ...base, ...change });

function eventOf(change: Record<string, unknown>): { id: string } & Record<string, unknown> {
  const decoded = decodeOne(change);
  if ("rejected" in decoded) throw new Error(decoded.rejected);
  const checked = checkEvent(decoded.event);
  if (!checked.ok) throw new Error(checked.message);
  return { ...checked.event };
}

describe("an EPAS event", () => {
  test.each([
    ["init", { type: "custom", name: "init" }],
    ["metadata", { type: "custom", name: "metadata" }],
    ["heartbeat", { type: "heartbeat" }],
    ["loading", { type: "load" }],
    ["loaded", { type: "custom", name: "loaded" }],
    ["playing", { type: "state_change", to: "playing" }],
    ["paused", { type: "pause" }],
    ["pause", { type: "pause", extra: { event: "pause" } }],
    ["resume", { type: "play", extra: { event: "resume" } }],
    ["buffering", { type: "rebuffer_start" }],
    ["buffered", { type: "rebuffer_end" }],
    ["seeking", { type: "seek_start" }],
    ["seeked", { type: "seek_end", toMs: 61_500 }],
    ["bitrate_changed", { type: "quality_change" }],
    ["stopped", { type: "end" }],
    ["error", { type: "error", code: "unknown", fatal: true }],
    ["warning", { type: "error", code: "unknown", fatal: false }],
    ["ad_started", { type: "custom", name: "ad_started" }],
    ["constructor", { type: "custom", name: "constructor" }],
  ])("%s is one event of ours, with nothing left over", (name, fields) => {
    expect(decodeOne({ event: name })).toEqual({
      index: 0,
      format: "epas",
      context: { viewId: "123-214-234", stream: { durationMs: 5_400_000 } },
      event: { id: expect.any(String), seq: 0, ts: base.timestamp, positionMs: 61_500, ...fields },
      answer: expect.objectContaining({ sessionId: "123-214-234" }),
    });
  });

  test.each([
    ["ms, as specified", { playhead: 61_500, duration: 5_400_000 }, 61_500, 5_400_000],
    ["the web client's seconds", { playhead: 61.5, duration: 5400.25 }, 61_500, 5_400_250],
    ["whole seconds of a film", { playhead: 60, duration: 5400 }, 60_000, 5_400_000],
    ["whole seconds of a long film, within it", { playhead: 61.5, duration: 14_400 }, 61_500, 14_400_000],
    ["ms of a short clip", { playhead: 61, duration: 30_000 }, 61, 30_000],
    ["ms with a fraction", { playhead: 61_500.25, duration: 5_400_000.5 }, 61_500, 5_400_001],
    ["nothing known", { playhead: -1, duration: -1 }, undefined, undefined],
    ["ExoPlayer's word for unknown", { playhead: 5, duration: -(2 ** 63) }, 5, undefined],
    ["a live edge", { playhead: 1_765_837_003_000, duration: 1_765_837_003_411 }, 1_765_837_003_000, undefined],
  ])("may count in %s", (_name, times, positionMs, durationMs) => {
    const record = decodeOne({ event: "heartbeat", ...times });
    expect(record).toMatchObject({ event: { type: "heartbeat" } });
    expect("event" in record && record.event).toEqual(
      expect.objectContaining(positionMs === undefined ? { type: "heartbeat" } : { positionMs }),
    );
    expect("context" in record && record.context.stream?.durationMs).toBe(durationMs);
  });

  test("tells the session in init and metadata, and what has no place is kept", () => {
    expect(
      decodeOne({
        event: "metadata",
        payload: {
          live: false,
          contentId: "film-7",
          contentUrl: "https://cdn.example/7.m3u8",
          userId: "u7",
          deviceType: "Android player",
          deviceModel: "Pixel 7",
          contentTitle: "Seven",
          drmType: "",
        },
      }),
    ).toMatchObject({
      context: {
        viewId: "123-214-234",
        viewerId: "u7",
        mediaId: "film-7",
        device: { type: "Android player" },
        stream: { url: "https://cdn.example/7.m3u8", isLive: false },
      },
      event: { extra: { payload: { deviceModel: "Pixel 7", contentTitle: "Seven", drmType: "" } } },
    });
    expect(decodeOne({ event: "init", payload: { contentId: "", userId: "" } })).toMatchObject({
      context: { viewId: "123-214-234" },
    });
  });

  test("has its bitrate in kbit/s, as a number or as text", () => {
    const toBitrateBps = 246_440;
    expect(
      decodeOne({ event: "bitrate_changed", payload: { bitrate: 246.44, width: 320, height: 136 } }),
    ).toMatchObject({ event: { toBitrateBps, toWidth: 320, toHeight: 136 } });
    expect(
      decodeOne({
        event: "bitrate_changed",
        payload: { bitrate: "300", width: "1920", height: "", videoBitrate: "280" },
      }),
    ).toMatchObject({
      event: { toBitrateBps: 300_000, toWidth: 1920, extra: { payload: { height: "", videoBitrate: "280" } } },
    });
    expect(decodeOne({ event: "bitrate_changed", payload: { bitrate: 0, width: -1, height: -1 } })).toMatchObject({
      event: { toBitrateBps: 0, extra: { payload: { width: -1, height: -1 } } },
    });
  });

  test.each([
    ["ended", "ended", undefined],
    ["aborted", "left", undefined],
    ["error", "error", undefined],
    ["Playback ended", "ended", { payload: { reason: "Playback ended" } }],
    ["tired", undefined, { payload: { reason: "tired" } }],
  ])("stopped because of %j ends the view as %s", (given, reason, extra) => {
    const event = eventOf({ event: "stopped", payload: { reason: given } });
    expect(event.reason).toBe(reason);
    expect(event.extra).toEqual(extra);
  });

  test("of an error carries its code, category and message", () => {
    const payload = { category: "NETWORK", code: 404, message: "gone", data: { url: "x" } };
    expect(decodeOne({ event: "error", payload })).toMatchObject({
      event: {
        code: "404",
        category: "NETWORK",
        message: "gone",
        fatal: true,
        extra: { payload: { data: { url: "x" } } },
      },
    });
  });

  test("has the same id whenever it comes, in whatever order its fields are, and another if anything differs", () => {
    const { id } = eventOf({ event: "bitrate_changed", payload: { bitrate: 300, width: 640 } });
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const reordered = { payload: { width: 640, bitrate: 300 }, event: "bitrate_changed", ...base };
    expect(decodeTelemetry([5, reordered])).toMatchObject({ records: [{}, { event: { id, seq: 1 } }] });
    const others = [
      { event: "bitrate_changed", payload: { bitrate: 300, width: 641 } },
      { event: "bitrate_changed", payload: { bitrate: 300, width: 640 }, playhead: 61_501 },
      { event: "bitrate_changed", payload: { bitrate: 300, width: 640 }, sessionId: "another" },
      { event: "heartbeat" },
      { event: "paused" },
    ];
    expect(new Set([id, ...others.map((other) => eventOf(other).id)]).size).toBe(6);
  });

  test("that opens a session is told its name, and how often to give a sign of life", () => {
    expect(decodeOne({ event: "init" })).toMatchObject({
      answer: { sessionId: "123-214-234", heartbeatInterval: 10_000 },
    });
    for (const sessionId of [undefined, ""]) {
      const record = decodeOne({ event: "init", sessionId });
      if ("rejected" in record) throw new Error(record.rejected);
      expect(record.context.viewId).toMatch(/^[0-9a-f-]{36}$/);
      expect(record.answer?.sessionId).toBe(record.context.viewId);
    }
  });

  test("may come in an array with others; a bad one costs itself", () => {
    expect(
      decodeTelemetry([
        { ...base, event: "playing" },
        { ...base, event: "paused", timestamp: "" },
      ]),
    ).toMatchObject({
      ok: true,
      records: [
        { index: 0, format: "epas" },
        { index: 1, rejected: { code: "invalid_event", message: expect.stringContaining("timestamp") } },
      ],
    });
  });

  test.each([
    [{ event: "playing", sessionId: undefined }, "sessionId is missing"],
    [{ event: "playing", sessionId: {} }, "sessionId is an object"],
    [{ event: "playing", timestamp: undefined }, "timestamp is missing"],
    [{ event: "playing", timestamp: -1 }, "timestamp is -1"],
    [{ event: "playing", playhead: "1" }, 'playhead is "1"'],
    [{ event: "" }, 'event is ""'],
    [{ event: "bitrate_changed", payload: { bitrate: {} } }, "payload.bitrate is an object"],
    [{ event: "error", payload: { message: 5 } }, "payload.message is 5"],
  ])("is refused with its own field's name: %j", (fields, message) => {
    expect(decodeOne(fields)).toMatchObject({ rejected: expect.stringContaining(message) });
  });
});
