import { randomUUID } from "node:crypto";
import { eventTypes, type RecordedEvent } from "@playhead/protocol";
import { describe, expect, it } from "vitest";
import { RejectedEventError } from "../event-store.js";
import type { TelemetryStore } from "../store.js";
import { contextOf, eventOf, fullContext, newApp, recorded, start, viewEvents } from "./samples.js";

/** What every event log keeps to. */
export function describeEvents(store: () => TelemetryStore): void {
  describe("events", () => {
    const append = (events: readonly RecordedEvent[]) => store().events.append(events);
    const ofView = (appId: string, viewId: string) => store().events.ofView(appId, viewId);

    it.each(eventTypes)("gives back a %s event exactly as it was appended, unknown fields included", async (type) => {
      const app = newApp();
      const full = recorded(app, "v", eventOf(type, 1), { context: fullContext("v"), source: "api" });
      const bare = recorded(app, "v", eventOf(type, 2));
      await append([full, bare]);
      expect(await ofView(app, "v")).toStrictEqual([full, bare]);
    });

    it.each([
      ["a position before the start", { positionMs: -1 }],
      ["a position at the edge of exact integers", { positionMs: Number.MAX_SAFE_INTEGER }],
      ["a bitrate that is no whole kbit/s", { bitrateBps: 1_234_567 }],
      ["a bitrate past 32 bits of kbit/s", { bitrateBps: 9_007_199_254_740_000 }],
      ["counts past 32 bits", { droppedFrames: 3_000_000_000, interactionCount: 2 ** 52 }],
      ["a fraction where whole numbers are the rule", { bufferMs: 0.1, width: 1.5, watchMs: 2.5, positionMs: 0.25 }],
      ["other types than the rule", { width: "wide", fps: null, bufferMs: [1], positionMs: true }],
      ["names of other types' fields", { code: "c", message: "m", fatal: "no", toBitrateBps: 5, durationMs: 9 }],
      ["names of the envelope", { appId: "x", source: "y", viewId: "z", context: { a: 1 }, event: 1, raw_json: 2 }],
      ["names of every object", { constructor: 1, toString: "t", hasOwnProperty: null }],
      ["empty texts and containers", { unknownText: "", unknownTree: {}, list: [], effectiveType: "" }],
      ["numbers of any size", { big: 1.7976931348623157e308, small: 5e-324, third: 1 / 3, many: 2 ** 53 }],
      ["text beyond ASCII", { unknownText: "日本語 🎬 \u0001 \u2028 é e\u0301 \\u0000 \ufeff" }],
    ])("keeps %s", async (_, fields) => {
      const app = newApp();
      const event = recorded(app, "v", eventOf("heartbeat", 1, fields));
      await append([event]);
      expect(await ofView(app, "v")).toStrictEqual([event]);
    });

    it.each([
      ["empty groups", { device: {}, network: {}, custom: {} }],
      ["groups with unknown fields only", { device: { model: "x" }, network: { saveData: true } }],
      ["values that no column takes", { network: { rttMs: 5_000_000_000 }, device: { screenWidth: 65_535 } }],
    ])("keeps a context's %s", async (_, context) => {
      const app = newApp();
      const event = recorded(app, "v", eventOf("play", 1), { context: contextOf("v", context) });
      await append([event]);
      expect(await ofView(app, "v")).toStrictEqual([event]);
    });

    it("stores an event once, however often it is appended, and says which were new", async () => {
      const app = newApp();
      const [a, b, c] = viewEvents(app, "v", 3);
      if (a === undefined || b === undefined || c === undefined) throw new Error("three events");
      expect(await append([a, b])).toEqual([true, true]);
      expect(await append([b, c])).toEqual([false, true]);
      expect(await append([a, b, c])).toEqual([false, false, false]);
      expect(await ofView(app, "v")).toStrictEqual([a, b, c]);
    });

    it("stores an event once that comes twice in one group", async () => {
      const app = newApp();
      const [a, b] = viewEvents(app, "v", 2);
      if (a === undefined || b === undefined) throw new Error("two events");
      expect(await append([a, b, a, a])).toEqual([true, true, false, false]);
      expect(await ofView(app, "v")).toHaveLength(2);
    });

    it("keeps tenants apart that use the same ids, in one group too", async () => {
      const [one, two] = [newApp(), newApp()];
      const event = eventOf("play", 1);
      const first = recorded(one, "v", event);
      const second = recorded(two, "v", event);
      expect(await append([first, second, first])).toEqual([true, true, false]);
      expect(await ofView(one, "v")).toStrictEqual([first]);
      expect(await ofView(two, "v")).toStrictEqual([second]);
    });

    it("stores each event once when many writers append the same ones in any order", async () => {
      const app = newApp();
      const events = ["v1", "v2", "v3"].flatMap((id) => viewEvents(app, id, 40));
      const turned = (by: number) => [...events.slice(by), ...events.slice(0, by)];
      const answers = await Promise.all([0, 17, 40, 71, 99, 110].map((by) => append(turned(by))));
      expect(answers.flat().filter(Boolean)).toHaveLength(events.length);
      expect((await Promise.all(["v1", "v2", "v3"].map((id) => ofView(app, id)))).flat()).toStrictEqual(events);
    });

    it("orders a view's events by time, then sequence", async () => {
      const app = newApp();
      const at = (ts: number, seq: number) => recorded(app, "v", eventOf("play", seq, { ts: start + ts }));
      await append([at(5, 3), at(5, 1)]);
      await append([at(9, 0), at(1, 7), at(5, 2)]);
      const order = (await ofView(app, "v")).map(({ event }) => [event.ts - start, event.seq]);
      expect(order).toEqual([
        [1, 7],
        [5, 1],
        [5, 2],
        [5, 3],
        [9, 0],
      ]);
    });

    it("takes events of any time", async () => {
      const app = newApp();
      const times = [
        0,
        Date.UTC(2019, 11, 31, 23, 59, 59, 999),
        Date.UTC(2020, 0),
        Date.UTC(2026, 11, 31),
        Date.UTC(2027, 0),
        Date.UTC(2100, 0),
        Number.MAX_SAFE_INTEGER,
      ];
      const events = times.map((ts, seq) => recorded(app, "v", eventOf("play", seq, { ts })));
      expect(await append(events)).toEqual(times.map(() => true));
      expect(await append(events)).toEqual(times.map(() => false));
      expect(await ofView(app, "v")).toStrictEqual(events);
    });

    it("answers an empty group, and a view that does not exist", async () => {
      expect(await append([])).toEqual([]);
      expect(await ofView(newApp(), "nobody")).toEqual([]);
      expect(await ofView("\0", "\0")).toEqual([]);
    });

    it.each([
      ["NUL in an id", { id: "a\0b" }],
      ["NUL in a known field", { message: "a\0b" }],
      ["NUL in an unknown field", { unknownText: "a\0b" }],
      ["half of a surrogate pair", { id: "a\ud800" }],
      ["a time that is no whole number", { ts: 1.5 }],
    ])("rejects a group with %s, or keeps it exactly, and stores all of the group or nothing", async (_, fields) => {
      const app = newApp();
      const group = [recorded(app, "v", eventOf("error", 0)), recorded(app, "v", eventOf("error", 1, fields))];
      const outcome: unknown = await append(group).then(
        () => "stored",
        (error: unknown) => (error instanceof RejectedEventError ? "rejected" : error),
      );
      expect(["stored", "rejected"]).toContain(outcome);
      expect(await ofView(app, "v")).toStrictEqual(outcome === "stored" ? group : []);
    });

    it("works on after a rejected group", async () => {
      const app = newApp();
      for (let i = 0; i < 5; i++) {
        await append([recorded(app, "v", eventOf("error", 1, { unknownText: "a\0b" }))]).catch(() => undefined);
      }
      const good = recorded(app, "v", eventOf("play", 1, { id: randomUUID() }));
      expect(await append([good])).toEqual([true]);
      expect(await ofView(app, "v")).toStrictEqual([good]);
    });

    it("stores a group of five thousand", async () => {
      const app = newApp();
      const events = viewEvents(app, "v", 5_000);
      expect((await append(events)).every(Boolean)).toBe(true);
      expect(await ofView(app, "v")).toHaveLength(5_000);
    });
  });
}
