import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkContext, checkEvent } from "./check-event.js";
import { eventTypes } from "./event.js";
import { MAX_DEPTH } from "./storable.js";

const heartbeat = { id: "e1", seq: 0, type: "heartbeat", ts: 1_765_837_003_411, positionMs: 12_500 };

const messageFor = (change: Record<string, unknown>) => {
  const result = checkEvent({ ...heartbeat, ...change });
  return result.ok ? "accepted" : `${result.code}: ${result.message}`;
};

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = { a: value };
  return value;
};

// The same cases in every run.
fc.configureGlobal({ seed: 8484, numRuns: 300 });

describe("an event", () => {
  test("is accepted with its type's fields and with fields that nobody knows", () => {
    const event = { ...heartbeat, bufferMs: 10, somethingNew: { deep: [1] } };
    expect(checkEvent(event)).toEqual({ ok: true, event });
  });

  test("is refused with the field, its value and what is allowed", () => {
    expect(messageFor({ bufferMs: -1 })).toBe(
      "invalid_event: bufferMs is -1, but must be a whole number from 0 to 9007199254740991",
    );
    expect(messageFor({ ts: "today" })).toContain('ts is "today", but must be a whole number');
    expect(messageFor({ fps: 2000 })).toBe("invalid_event: fps is 2000, but must be a number from 0 to 1000");
    expect(messageFor({ id: "" })).toBe(
      'invalid_event: id is "", but must be text of 1 to 128 characters without control characters',
    );
    expect(messageFor({ id: "a\nb" })).toContain("without control characters");
    expect(messageFor({ type: "end", reason: "bored" })).toBe(
      'invalid_event: reason is "bored", but must be "ended", "left", "error" or "replaced"',
    );
  });

  test("that lacks a field is refused with the field's name", () => {
    const { id: _, ...withoutId } = heartbeat;
    const result = checkEvent(withoutId);
    expect(result).toMatchObject({ ok: false, code: "invalid_event" });
    expect(result).toHaveProperty("message", expect.stringContaining("id is missing; it must be text"));
  });

  test("of an unknown type is refused with the list of types", () => {
    expect(messageFor({ type: "dance" })).toContain('type is "dance"; it must be one of load, play_request');
    expect(messageFor({ type: "constructor" })).toContain("unknown_type");
    expect(messageFor({ type: undefined })).toContain("type is missing");
    expect(checkEvent(null)).toMatchObject({ ok: false, message: "the event is null, but must be an object" });
  });

  test("with what a database can't keep is refused with the place", () => {
    expect(messageFor({ extra: { list: ["a", "b\0"] } })).toBe(
      "not_storable: event.extra.list.1 contains a NUL character",
    );
    expect(messageFor({ note: "\ud800" })).toContain("event.note contains half a character");
    expect(messageFor({ "k\0": 1 })).toContain("a field whose name contains a NUL");
    expect(messageFor({ big: Number.POSITIVE_INFINITY })).toContain("event.big is a number too large");
    expect(messageFor({ extra: JSON.parse('{"__proto__": 1}') })).toContain("event.extra has a field named __proto__");
  });

  test("is refused when it is nested too deep, at any depth, without exhausting the stack", () => {
    expect(messageFor({ deep: nested(MAX_DEPTH - 1) })).toBe("accepted");
    expect(messageFor({ deep: nested(MAX_DEPTH) })).toContain(`nested more than ${MAX_DEPTH} deep`);
    expect(messageFor({ deep: nested(100_000) })).toContain("nested more than");
  });

  test("may be any JSON without a throw, and what is accepted is kept by JSON unchanged", () => {
    fc.assert(
      fc.property(fc.constantFrom(...eventTypes), fc.json({ maxDepth: 4 }), (type, json) => {
        const extra: unknown = JSON.parse(json);
        const result = checkEvent({
          ...heartbeat,
          type,
          to: "playing",
          kind: "other",
          code: "c",
          fatal: true,
          name: "n",
          extra,
        });
        if (result.ok) expect(JSON.parse(JSON.stringify(result.event))).toHaveProperty("id", "e1");
        else expect(result.message).not.toBe("");
      }),
    );
  });
});

describe("a context", () => {
  test("needs a view", () => {
    expect(checkContext({ viewId: "v1", player: { name: "hls.js" }, more: true })).toMatchObject({ ok: true });
    expect(checkContext({})).toMatchObject({ ok: false, message: expect.stringContaining("viewId is missing") });
  });

  test("is refused with the place of what is wrong", () => {
    expect(checkContext({ viewId: "v1", device: { screenWidth: 1.5 } })).toMatchObject({
      message: "context: device.screenWidth is 1.5, but must be a whole number from 0 to 65535",
    });
    expect(checkContext({ viewId: "v1", custom: { plan: {} } })).toMatchObject({
      message: expect.stringContaining("custom.plan is an object, but must be text"),
    });
    expect(checkContext({ viewId: "v1", viewerId: "\udc00" })).toMatchObject({ code: "not_storable" });
  });
});
