import { describe, expect, it } from "vitest";
import { EncoderSlots, type SlotHolder } from "./encoder-slots.js";
import type { SlotClaim } from "./slot-claim.js";

type Changing = { -readonly [K in keyof SlotClaim]: SlotClaim[K] };
const holder = (claim: Changing): SlotHolder & { yielded: boolean; now: Changing } => ({
  now: claim,
  yielded: false,
  claim() {
    return this.now;
  },
  yieldSlot() {
    this.yielded = true;
  },
});
const playing = (runwayS = 0) => holder({ priority: "playing", runwayS });
const ahead = (runwayS: number) => holder({ priority: "look-ahead", runwayS });
const prewarm = () => holder({ priority: "prewarm", runwayS: 0 });
const thumbnails = () => holder({ priority: "thumbnails", runwayS: 0 });
const never = new AbortController().signal;

describe("EncoderSlots", () => {
  it("serves whoever plays first, then look-ahead, warm-ups and thumbnails", async () => {
    const slots = new EncoderSlots(1);
    const first = playing();
    await slots.acquire(first, never);
    const order: string[] = [];
    const next = (one: SlotHolder & { now: SlotClaim }) =>
      slots.acquire(one, never).then(() => {
        order.push(one.now.priority);
        return slots.release(one);
      });
    const all = [next(thumbnails()), next(prewarm()), next(ahead(20)), next(playing())];
    expect(slots.waiting).toBe(4);
    slots.release(first);
    await Promise.all(all);
    expect(order).toEqual(["playing", "look-ahead", "prewarm", "thumbnails"]);
    expect([slots.inUse, slots.waiting]).toEqual([0, 0]);
  });

  it.each([
    ["thumbnails", thumbnails(), prewarm()],
    ["a warm-up", prewarm(), playing()],
    ["a warm-up", prewarm(), ahead(20)],
    ["look-ahead", ahead(20), playing()],
  ])("takes the slot of %s at once for a higher class", async (_, low, high) => {
    const slots = new EncoderSlots(1);
    await slots.acquire(low, never);
    await slots.acquire(high, never);
    expect([low.yielded, high.yielded, slots.inUse]).toEqual([true, false, 1]);
  });

  it("takes the slot of the one that misses it least, and of nobody who is waited for", async () => {
    const slots = new EncoderSlots(3);
    const [busy, some, more] = [playing(), ahead(10), ahead(40)];
    for (const one of [busy, some, more]) await slots.acquire(one, never);
    await slots.acquire(playing(), never);
    expect([busy.yielded, some.yielded, more.yielded]).toEqual([false, false, true]);
  });

  it("does not end work that goes on for a warm-up, but a run that has all it may have", async () => {
    const slots = new EncoderSlots(1);
    const run = ahead(60);
    await slots.acquire(run, never);
    const warm = slots.acquire(prewarm(), never);
    expect(run.yielded).toBe(false);
    run.now = { ...run.now, isIdle: true };
    slots.reconsider();
    await warm;
    expect(run.yielded).toBe(true);
  });

  it("counts a warm-up as playing from its adoption on", async () => {
    const slots = new EncoderSlots(1);
    const [run, warm] = [ahead(20), prewarm()];
    await slots.acquire(run, never);
    const granted = slots.acquire(warm, never);
    expect(run.yielded).toBe(false);
    warm.now = { priority: "playing", runwayS: 0, isNewcomer: true };
    slots.reconsider();
    await granted;
    expect(run.yielded).toBe(true);
  });

  it("lets a viewer who runs dry go before one who has enough, and before a newcomer", async () => {
    const slots = new EncoderSlots(1);
    const rich = playing(30);
    await slots.acquire(rich, never);
    const poor = playing(2);
    await slots.acquire(poor, never);
    expect(rich.yielded).toBe(true);
    const newcomer = holder({ priority: "playing", runwayS: 0, isNewcomer: true });
    const order: string[] = [];
    const waiting = [
      slots.acquire(newcomer, never).then(() => order.push("newcomer")),
      slots.acquire(playing(3), never).then(() => order.push("viewer")),
    ];
    expect([poor.yielded, slots.waiting]).toEqual([false, 2]);
    slots.release(poor);
    await waiting[1];
    expect(order).toEqual(["viewer"]);
  });

  it("takes nothing from those who play for a newcomer whom the machine can't serve as well", async () => {
    let hasRoom = false;
    const slots = new EncoderSlots(1, { waitMs: 20, hasRoomForNewcomer: () => hasRoom });
    const run = ahead(50);
    await slots.acquire(run, never);
    const newcomer = () => holder({ priority: "playing", runwayS: 0, isNewcomer: true });
    await expect(slots.acquire(newcomer(), never)).rejects.toMatchObject({ code: "busy" });
    expect(run.yielded).toBe(false);
    hasRoom = true;
    await slots.acquire(newcomer(), never);
    expect(run.yielded).toBe(true);
  });

  it("answers busy with a reason when none gets free in time, and forgets who gave up", async () => {
    const slots = new EncoderSlots(1, { waitMs: 20 });
    const first = playing();
    await slots.acquire(first, never);
    await expect(slots.acquire(playing(), never)).rejects.toMatchObject({
      code: "busy",
      status: 503,
      retryAfterS: 5,
      message: expect.stringContaining("what others watch"),
    });
    const left = new AbortController();
    const waiting = slots.acquire(playing(), left.signal);
    left.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    expect(slots.waiting).toBe(0);
    slots.release(first);
    expect(slots.inUse).toBe(0);
  });
});
