import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_BATCH_EVENTS } from "../batch.js";
import { checkContext, checkEvent } from "../check-event.js";
import { eventTypes } from "../event.js";
import { MAX_CONTEXT_CHARS } from "./canonical.js";
import { decodeTelemetry } from "./decode.js";

const event = { id: "e1", seq: 0, type: "play", ts: 1_765_837_003_411 };
const batch = { schema: 1, sentAt: 1_765_837_003_999, context: { viewId: "v1" }, events: [event] };
const seed003 = { eventId: "e2", eventType: "PLAY", sessionId: "s", timestamp: 1_765_837_003_411 };
const seed004 = { event: "play", session_id: "s", id: "e3", sequence: 1, timestamp: "2025-12-15T22:16:43Z" };

/** What every decoding must hold, whatever came in. */
function holds(body: unknown) {
  const decoded = decodeTelemetry(body);
  if (!decoded.ok) {
    expect(decoded.message).not.toBe("");
    return decoded;
  }
  for (const [index, record] of decoded.records.entries()) {
    expect(record.index).toBe(index);
    if ("rejected" in record) expect(record.rejected.message).not.toBe("");
    else {
      expect(checkContext(record.context)).toMatchObject({ ok: true });
      checkEvent(record.event);
    }
  }
  return decoded;
}

// The same cases in every run.
fc.configureGlobal({ seed: 8484, numRuns: 300 });

describe("a body", () => {
  test("that is a canonical batch gives its events as they are, with its context", () => {
    expect(decodeTelemetry(batch)).toEqual({
      ok: true,
      records: [{ index: 0, format: "canonical", context: { viewId: "v1" }, event }],
    });
  });

  test("may be one record or an array, and an array may mix wires; a bad element costs itself", () => {
    expect(decodeTelemetry(seed003)).toMatchObject({ ok: true, records: [{ format: "seed003" }] });
    expect(decodeTelemetry([seed003, seed004, 5, { foo: 1 }, batch, { ...seed004, id: "" }])).toMatchObject({
      ok: true,
      records: [
        { index: 0, format: "seed003" },
        { index: 1, format: "seed004" },
        { index: 2, rejected: { code: "invalid_event", message: "the event is 5, but must be an object" } },
        { index: 3, rejected: { code: "unknown_format" } },
        { index: 4, rejected: { message: "a canonical batch is sent by itself, not in an array" } },
        { index: 5, rejected: { code: "invalid_event" } },
      ],
    });
    expect(decodeTelemetry([])).toEqual({ ok: true, records: [] });
  });

  test.each([
    [null, "unknown_format", "The body is null"],
    ["text", "unknown_format", 'The body is "text"'],
    [{}, "unknown_format", "The body must be"],
    [{ ...batch, schema: 2 }, "unsupported_schema", "reads schema 1; the batch has 2"],
    [{ ...batch, schema: "1" }, "invalid_batch", 'schema is "1"'],
    [{ ...batch, context: {} }, "invalid_batch", "context.viewId is missing"],
    [{ ...batch, context: { viewId: "v", viewerId: 5 } }, "invalid_batch", "context.viewerId is 5"],
    [{ ...batch, context: undefined }, "invalid_batch", "context is"],
    [{ ...batch, events: [] }, "invalid_batch", "events is an array of 0, but must be an array of 1 to 5000 items"],
    [{ ...batch, events: {} }, "invalid_batch", "events is an object"],
    [{ ...batch, sentAt: -1 }, "invalid_batch", "sentAt is -1"],
    [{ ...batch, context: { viewId: "v", note: "a\0" } }, "not_storable", "context.note contains a NUL"],
    [{ ...batch, context: { viewId: "v", note: "x".repeat(MAX_CONTEXT_CHARS) } }, "invalid_context", "at most 16384"],
    [{ ...batch, events: Array.from({ length: MAX_BATCH_EVENTS + 1 }, () => event) }, "too_many_events", "has 5001"],
    [Array.from({ length: MAX_BATCH_EVENTS + 1 }, () => seed003), "too_many_events", "has 5001"],
  ])("%# that is no telemetry is refused as %s", (body, code, message) => {
    expect(decodeTelemetry(body)).toMatchObject({ ok: false, code, message: expect.stringContaining(message) });
  });

  test("may be any JSON without a throw", () => {
    fc.assert(fc.property(fc.json({ maxDepth: 5 }), (json) => void holds(JSON.parse(json))));
  });

  test("may be anything near a wire's shape without a throw, and every context that comes out is valid", () => {
    const hostile = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom<unknown>(
        -1,
        1e308,
        Infinity,
        NaN,
        "",
        "\0",
        "\ud800",
        "__proto__",
        {},
        [],
        null,
        true,
        "720p",
        "2025-01-01T00:00:00Z",
      ),
    );
    const names003 = [
      "viewerId",
      "sessionId",
      "timestamp",
      "playbackPositionSec",
      "quality",
      "network",
      "device",
      "player",
      "engagement",
      "error",
      "buffer",
      "resolution",
      "bitrate_kbps",
      "buffer_start",
      "buffer_end",
      "__proto__",
      "constructor",
      "toString",
    ];
    const names004 = [
      "id",
      "timestamp",
      "sequence",
      "position",
      "from",
      "to",
      "data",
      "name",
      "reason",
      "url",
      "duration",
      "to_resolution",
      "__proto__",
      "constructor",
    ];
    const inner = fc.dictionary(
      fc.constantFrom(
        "bitrateKbps",
        "resolution",
        "rttMs",
        "browser",
        "fps",
        "details",
        "code",
        "__proto__",
        "hasOwnProperty",
      ),
      hostile,
    );
    const near = (base: object, names: string[]) =>
      fc
        .array(fc.tuple(fc.constantFrom(...names), fc.oneof(hostile, inner)), { maxLength: 8 })
        .map((changes) => Object.fromEntries([...Object.entries(base), ...changes]));
    const types003 = fc.constantFrom(
      "PLAY",
      "BUFFER_END",
      "QUALITY_CHANGE",
      "PLAYER_ERROR",
      "X",
      "__proto__",
      "constructor",
    );
    const tags004 = fc.constantFrom(
      "load",
      "play",
      "seek",
      "rebuffer",
      "rebuffer_end",
      "quality_change",
      "state_change",
      "end",
      "error",
      "heartbeat",
      "custom",
      "toString",
    );
    const bodies = fc.oneof(
      types003.chain((eventType) => near({ ...seed003, eventType }, names003)),
      tags004.chain((tag) => near({ ...seed004, event: tag }, names004)),
      near(batch, ["schema", "sentAt", "context", "events", "__proto__"]),
    );
    fc.assert(
      fc.property(bodies, (body) => void holds(body)),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.array(bodies, { maxLength: 5 }), (body) => void holds(body)));
    expect(Object.prototype).not.toHaveProperty("viewId");
  });

  test("of any canonical type in any wire stays one event a record", () => {
    for (const type of eventTypes) {
      const decoded = holds({
        ...batch,
        events: [
          { ...event, type },
          { ...event, type },
        ],
      });
      expect(decoded.ok && decoded.records.length).toBe(2);
    }
  });

  test("that is nested 100,000 deep is refused or handed on, and exhausts nothing", () => {
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`);
    holds(deep);
    holds([deep]);
    expect(holds({ ...batch, context: { viewId: "v", deep } })).toMatchObject({ ok: false, code: "not_storable" });
    const decoded = holds({ ...seed003, deep });
    const record = decoded.ok ? decoded.records[0] : undefined;
    expect(record && "event" in record && checkEvent(record.event)).toMatchObject({ code: "not_storable" });
  });
});
