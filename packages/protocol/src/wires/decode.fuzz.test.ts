import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkContext, checkEvent } from "../check-event.js";
import { eventTypes } from "../event.js";
import { fuzzedBody, fuzzedJson, fuzzedWires, spoiled } from "../fuzz.js";
import { isJsonObject } from "../json.js";
import { decodeTelemetry } from "./decode.js";
import type { WireRecord } from "./wire-record.js";

// The same cases in every run.
fc.configureGlobal({ seed: 8484, numRuns: 500 });

const now = Date.UTC(2026, 5, 1);
const wires = fuzzedWires(now);

const event = { id: "e1", seq: 0, type: "play", ts: now };
const batch = { schema: 1, sentAt: now, context: { viewId: "v1" }, events: [event] };

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
      if (record.format !== "epas" && record.format !== "canonical") expect(record.answer).toBeUndefined();
      const context = checkContext(record.context);
      const event = checkEvent(record.event);
      if (!event.ok) expect(event.message).not.toBe("");
      // A foreign context is made here, so it is well formed; what is in it may still not be storable.
      else if (!context.ok) expect(context.code).toBe("not_storable");
    }
  }
  expect(Object.prototype).not.toHaveProperty("viewId");
  expect(Object.prototype).not.toHaveProperty("polluted");
  return decoded;
}

/** All texts and numbers in a value, and the names of its fields. */
function leaves(
  value: unknown,
  into = { texts: new Set<string>(), numbers: new Set<number>(), names: new Set<string>() },
) {
  if (typeof value === "string") into.texts.add(value);
  else if (typeof value === "number") into.numbers.add(value);
  else if (Array.isArray(value)) for (const item of value) leaves(item, into);
  else if (isJsonObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      into.names.add(name);
      leaves(item, into);
    }
  }
  return into;
}

/** Words that decoders put in the place of others. */
const vocabulary = new Set<string>([
  ...eventTypes,
  ..."idle loading buffering playing paused seeking ended error left unknown".split(" "),
]);

/** Every text and number of what a record became is one of the record's, or is made of one by a change of unit or of form. */
function inventsNothing(sent: unknown, { event, context, format, index }: WireRecord): void {
  const given = leaves(sent);
  const numbers = new Set([...given.numbers, index]);
  for (const text of given.texts) {
    for (const digits of text.match(/\d+(\.\d+)?/g) ?? []) numbers.add(Number(digits));
    numbers.add(Date.parse(text));
  }
  const all = [...numbers];
  const known = new Set(all.flatMap((n) => [n, Math.round(n), n * 1000, Math.round(n * 1000), Math.floor(n)]));
  const { id, durationMs, ...fields } = isJsonObject(event) ? event : {};
  const made = leaves([format === "epas" ? null : id, fields, context]);
  for (const text of made.texts) {
    const isOurs = given.texts.has(text) || vocabulary.has(text) || given.numbers.has(Number(text));
    expect(isOurs, `the text ${JSON.stringify(text)} was not sent`).toBe(true);
  }
  for (const number of made.numbers) expect(known.has(number), `the number ${number} was not sent`).toBe(true);
  // The length of a stall may be the difference of its two times.
  const isLength =
    typeof durationMs !== "number" || known.has(durationMs) || all.some((n) => known.has(n + durationMs));
  expect(isLength, `the length ${String(durationMs)} was not sent`).toBe(true);
}

describe("every decoder", () => {
  test.each(wires)("takes $name", ({ record }) => {
    fc.assert(
      fc.property(record, (sent) => {
        const decoded = holds(sent);
        const made = decoded.ok ? decoded.records[0] : undefined;
        expect(made).toHaveProperty("event");
        expect(made && "event" in made && checkEvent(made.event)).toMatchObject({ ok: true });
      }),
    );
  });

  test.each(wires)("of $name refuses a record or keeps all of it, and adds nothing", ({ record }) => {
    const where = fc.constantFrom("top", "inner", "payload");
    fc.assert(
      fc.property(spoiled(record), where, (sent, place) => {
        const mark = { mark: "a mark", list: [{ deep: "another mark" }] };
        const inner = { ...(isJsonObject(sent.quality) ? sent.quality : {}), ...mark };
        const marked = {
          ...sent,
          ...(place === "top" ? { marks: mark } : place === "inner" ? { quality: inner } : { others: [mark] }),
        };
        const decoded = holds(marked);
        const made = decoded.ok ? decoded.records[0] : undefined;
        if (!made || "rejected" in made || !checkEvent(made.event).ok) return;
        inventsNothing(marked, made);
        const { texts } = leaves(made.event);
        expect(texts).toContain("a mark");
        expect(texts).toContain("another mark");
      }),
    );
  });

  test("hands canonical events on as they are", () => {
    fc.assert(
      fc.property(fuzzedBody(now), (body) => {
        const decoded = holds(body);
        if (!decoded.ok || !isJsonObject(body) || !Array.isArray(body.events)) return;
        for (const record of decoded.records) {
          if ("event" in record && record.format === "canonical") expect(record.event).toBe(body.events[record.index]);
        }
      }),
    );
  });
});

describe("a body", () => {
  test("may be any bytes that are still JSON", () => {
    fc.assert(
      fc.property(fuzzedJson(now), (bytes) => {
        let json: unknown;
        try {
          json = JSON.parse(new TextDecoder().decode(bytes));
        } catch {
          return;
        }
        holds(json);
      }),
      { numRuns: 1500 },
    );
  });

  test("may be any JSON", () => {
    fc.assert(fc.property(fc.json({ maxDepth: 5 }), (json) => void holds(JSON.parse(json))));
  });

  test("with as many fields as a mebibyte can name is refused, wherever they are", () => {
    const many = Object.fromEntries(Array.from({ length: 150_000 }, (_, i) => [i.toString(36), 1]));
    const sent = fc.sample(fc.oneof(...wires.map(({ record }) => record)), { numRuns: 2, seed: 1 });
    const deep = { ...sent[0], in: [many] };
    expect(holds([deep, Object.assign(many, sent[1])])).toMatchObject({
      ok: true,
      records: [{ rejected: { code: "event_too_large" } }, { rejected: { code: "event_too_large" } }],
    });
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
    const decoded = holds({ eventId: "e2", eventType: "PLAY", sessionId: "s", timestamp: now, deep });
    const record = decoded.ok ? decoded.records[0] : undefined;
    expect(record && "event" in record && checkEvent(record.event)).toMatchObject({ code: "not_storable" });
  });
});
