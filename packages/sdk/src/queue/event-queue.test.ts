import type { PlayheadEvent } from "@playhead/protocol";
import { describe, expect, it } from "vitest";
import { byteLength, DROPPED, EventQueue, MAX_BYTES, MAX_EVENT_BYTES, MAX_EVENTS, sum } from "./event-queue.js";

function event(seq: number, type: "play" | "heartbeat" = "play"): PlayheadEvent {
  return { id: `e${seq}`, seq, ts: seq, type };
}
function sequence(entries: readonly { json: string }[]): number[] {
  return entries.map(({ json }) => (JSON.parse(json) as PlayheadEvent).seq);
}

describe("the queue", () => {
  it("keeps what is taken until it is removed, and gives nothing out twice", () => {
    const queue = new EventQueue();
    for (let i = 0; i < 3; i++) queue.add(event(i));
    const taken = queue.take(10_000);
    expect(sequence(taken)).toEqual([0, 1, 2]);
    expect(queue.take(10_000)).toEqual([]);
    queue.release(taken);
    expect(sequence(queue.take(10_000))).toEqual([0, 1, 2]);
    expect(queue.settle(taken, [1])).toBe(2);
    expect(queue.dropped).toBe(1);
    expect(queue.size).toBe(0);
  });

  it("takes no more bytes than asked for, counted in UTF-8", () => {
    const queue = new EventQueue();
    for (let i = 0; i < 10; i++) queue.add({ ...event(i), type: "custom", name: "日本".repeat(20) });
    const taken = queue.take(500);
    expect(taken.reduce((sum, { json }) => sum + byteLength(json), 0)).toBeLessThanOrEqual(500);
    expect(taken.length).toBeGreaterThan(1);
  });

  it("leaves samples behind when not all can go", () => {
    const queue = new EventQueue();
    for (let i = 0; i < 20; i++) queue.add(event(i, i % 2 ? "heartbeat" : "play"));
    const room = event(0) && 10 * (byteLength(JSON.stringify(event(10))) + 1);
    expect(sequence(queue.take(room, true))).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });

  it("never holds more than its bound; the oldest samples go first, and are counted", () => {
    const queue = new EventQueue();
    for (let i = 0; i < MAX_EVENTS; i++) queue.add(event(i, i >= 100 && i < 110 ? "heartbeat" : "play"));
    for (let i = 0; i < 15; i++) queue.add(event(MAX_EVENTS + i));
    expect(queue.size).toBe(MAX_EVENTS);
    expect(queue.untold).toBe(15);
    const left = sequence(queue.take(Number.POSITIVE_INFINITY));
    expect(left[0]).toBe(5);
    expect(left.filter((seq) => seq >= 98 && seq < 112)).toEqual([98, 99, 110, 111]);
  });

  it("is bounded in bytes too", () => {
    const queue = new EventQueue();
    for (let i = 0; i < 100; i++) queue.add({ ...event(i), type: "custom", name: "x", data: "y".repeat(20_000) });
    const held = queue.take(Number.POSITIVE_INFINITY).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(held).toBeLessThanOrEqual(MAX_BYTES);
    expect(queue.size + queue.dropped).toBe(100);
  });

  it("gives up an event that would fill a body alone, and keeps those beside it", () => {
    const queue = new EventQueue();
    queue.add(event(0));
    queue.add({ ...event(1), type: "custom", name: "x", data: "y".repeat(MAX_EVENT_BYTES) });
    queue.add(event(2));
    expect(sequence(queue.take(10_000))).toEqual([0, 2]);
    expect(queue.untold).toBe(1);
  });

  it("carries on what a lost report would have told", () => {
    const queue = new EventQueue();
    queue.add({ ...event(0), type: "custom", name: DROPPED, data: { count: 7 } });
    queue.add(event(1));
    expect(sum(queue.entries, "stands")).toBe(9);
    queue.drop(queue.take(10_000));
    expect(queue.untold).toBe(9);
    expect(queue.dropped).toBe(2);
  });
});
