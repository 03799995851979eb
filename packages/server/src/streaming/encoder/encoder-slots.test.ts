import { describe, expect, it } from "vitest";
import { EncoderSlots, type SlotHolder } from "./encoder-slots.js";

const holder = (slack?: number): SlotHolder & { yielded: boolean } => ({
  yielded: false,
  slack: () => slack,
  yieldSlot() {
    this.yielded = true;
  },
});
const never = new AbortController().signal;

describe("EncoderSlots", () => {
  it("serves players in order, and pre-warming after them", async () => {
    const slots = new EncoderSlots(1);
    const first = holder();
    await slots.acquire(first, "playing", never);
    const order: string[] = [];
    const next = (name: string, priority: "playing" | "prewarm") => {
      const one = holder();
      return slots.acquire(one, priority, never).then(() => {
        order.push(name);
        return slots.release(one);
      });
    };
    const all = [next("warm", "prewarm"), next("a", "playing"), next("b", "playing")];
    expect(slots.waiting).toBe(3);
    slots.release(first);
    await Promise.all(all);
    expect(order).toEqual(["a", "b", "warm"]);
    expect([slots.inUse, slots.waiting]).toEqual([0, 0]);
  });

  it("takes the slot of the one that is furthest ahead, and of nobody who is waited for", async () => {
    const slots = new EncoderSlots(3);
    const [busy, ahead, further] = [holder(), holder(5), holder(20)];
    for (const one of [busy, ahead, further]) await slots.acquire(one, "playing", never);
    await slots.acquire(holder(), "playing", never);
    expect([busy.yielded, ahead.yielded, further.yielded]).toEqual([false, false, true]);
    expect(slots.inUse).toBe(3);
  });

  it("does not end anybody's encoder for pre-warming", async () => {
    const slots = new EncoderSlots(1, 20);
    const ahead = holder(50);
    await slots.acquire(ahead, "playing", never);
    await expect(slots.acquire(holder(), "prewarm", never)).rejects.toMatchObject({ code: "busy" });
    expect(ahead.yielded).toBe(false);
  });

  it("answers busy when none gets free in time, and forgets who gave up", async () => {
    const slots = new EncoderSlots(1, 20);
    const first = holder();
    await slots.acquire(first, "playing", never);
    await expect(slots.acquire(holder(), "playing", never)).rejects.toMatchObject({ code: "busy", status: 503 });
    const left = new AbortController();
    const waiting = slots.acquire(holder(), "playing", left.signal);
    left.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    expect(slots.waiting).toBe(0);
    slots.release(first);
    expect(slots.inUse).toBe(0);
  });
});
