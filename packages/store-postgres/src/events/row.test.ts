import { isDeepStrictEqual } from "node:util";
import type { PlayheadEvent, RecordedEvent } from "@playhead/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnTypes } from "./columns.js";
import { contextFields, contextGroups, eventFields } from "./fields.js";
import { fromRow, splitContext, toRow } from "./row.js";

/** What PostgreSQL gives back for a row: columns that are NULL, and `raw_json` parsed. */
function stored(recorded: RecordedEvent): Record<string, unknown> {
  const row: Readonly<Record<string, unknown>> = toRow(recorded, splitContext(recorded.context));
  const cells = columnTypes.map(([name, type]) => {
    const cell = row[name] ?? null;
    return [name, type === "jsonb" && typeof cell === "string" ? JSON.parse(cell) : cell];
  });
  return Object.fromEntries(cells);
}

function make(event: object, context: object = {}): RecordedEvent {
  const whole: object = { id: "e", seq: 3, type: "heartbeat", ts: 1_765_837_003_411, ...event };
  if (!isEvent(whole)) throw new TypeError("An event has a type.");
  return { appId: "default", source: "sdk", receivedAt: 5, context: { viewId: "v", ...context }, event: whole };
}

function isEvent(value: object): value is PlayheadEvent {
  return "type" in value;
}

const type = fc.constantFrom(
  "heartbeat",
  "error",
  "quality_change",
  "rebuffer_end",
  "transcode_error",
  "custom",
  "newer",
);
const names = [
  ...["heartbeat", "error", "quality_change", "rebuffer_end"].flatMap((of) => Object.keys(eventFields(of))),
  ...Object.keys(contextFields),
  ...Object.keys(contextGroups),
  ...Object.values(contextGroups).flatMap(Object.keys),
  "constructor",
  "other",
];
// JSON has no -0, and the reader's own check refuses __proto__.
const leaf = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.constant({}),
);
const group = fc.dictionary(fc.constantFrom(...names), leaf, { noNullPrototype: true });
const fields = fc.dictionary(fc.constantFrom(...names), fc.oneof(leaf, group), { noNullPrototype: true });

describe("an event and its row", () => {
  it("are the same, whatever its fields are named and hold", () => {
    fc.assert(
      fc.property(type, fields, fields, (of, event, context) => {
        const recorded = make({ ...event, type: of }, context);
        // Not toStrictEqual, which takes a field named `constructor` for the object's class.
        return isDeepStrictEqual(fromRow(stored(recorded)), recorded);
      }),
      { numRuns: 2_000, seed: 20_260_314 },
    );
  });

  it("keep in raw_json only what has no column, or what its column would round", () => {
    const row = stored(
      make(
        {
          positionMs: 12_500,
          bitrateBps: 3_000_000,
          width: 1280,
          height: 720,
          watchMs: 5_000,
          fps: 30,
          bufferMs: 1_250,
        },
        { viewerId: "user123", device: { browser: "Chrome", os: "Mac" }, network: { downlinkMbps: 10, rttMs: 50 } },
      ),
    );
    expect(row).toMatchObject({
      session_id: "v",
      viewer_id: "user123",
      playback_position_sec: 12.5,
      bitrate_kbps: 3_000,
      resolution: "720p",
      video_width: 1280,
      video_height: 720,
      total_watch_time_ms: 5_000,
      fps: 30,
      buffer_length_sec: 1.25,
      device_browser: "Chrome",
      device_os: "Mac",
      network_downlink_mbps: 10,
      network_rtt_ms: 50,
      raw_json: null,
    });
    expect(stored(make({ bitrateBps: 2_999_501, note: "x" }, { device: { os: "Mac", model: "y" } }))).toMatchObject({
      bitrate_kbps: 3_000,
      device_os: "Mac",
      raw_json: { event: { bitrateBps: 2_999_501, note: "x" }, context: { device: { model: "y" } } },
    });
  });

  it("tell a stall's time in seed 003's columns", () => {
    const ended = stored(make({ type: "rebuffer_end", ts: 10_000, durationMs: 1_500 }));
    expect(ended).toMatchObject({ buffer_start: 8_500, buffer_end: 10_000, buffer_duration_ms: 1_500, raw_json: null });
    expect(stored(make({ type: "rebuffer_start", ts: 8_500 }))).toMatchObject({
      buffer_start: 8_500,
      buffer_end: null,
    });
  });

  it("tell what a change of quality changed to, and what an error was", () => {
    const changed = stored(make({ type: "quality_change", toBitrateBps: 5_000_000, toWidth: 1920, toHeight: 1080 }));
    expect(changed).toMatchObject({ bitrate_kbps: 5_000, video_width: 1920, resolution: "1080p", raw_json: null });
    const failed = stored(make({ type: "error", code: "c", message: "m", fatal: true }));
    expect(failed).toMatchObject({ error_code: "c", error_message: "m", error_fatal: true, raw_json: null });
  });
});
