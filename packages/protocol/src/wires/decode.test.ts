import { describe, expect, test } from "vitest";
import { MAX_BATCH_EVENTS } from "../batch.js";
import { MAX_CONTEXT_CHARS } from "./canonical.js";
import { decodeTelemetry } from "./decode.js";

const event = { id: "e1", seq: 0, type: "play", ts: 1_765_837_003_411 };
const batch = { schema: 1, sentAt: 1_765_837_003_999, context: { viewId: "v1" }, events: [event] };
const seed003 = { eventId: "e2", eventType: "PLAY", sessionId: "s", timestamp: 1_765_837_003_411 };
const seed004 = { event: "play", session_id: "s", id: "e3", sequence: 1, timestamp: "2025-12-15T22:16:43Z" };

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
});
