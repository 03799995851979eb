import { expect, it } from "vitest";
import { createScheduler, SentAway } from "./scheduler.js";

const never = new AbortController().signal;

it("does work at leisure when a slot is free, and sends it away when somebody plays", async () => {
  const scheduler = createScheduler({ maxEncoders: 1 });
  expect(await scheduler.atLeisure(async () => "done", never)).toBe("done");
  expect(scheduler.video.inUse).toBe(0);

  const work = scheduler.atLeisure(
    (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("ended")))),
    never,
  );
  await Promise.resolve();
  const player = { claim: () => ({ priority: "playing", runwayS: 0 }) as const, yieldSlot: () => {} };
  await scheduler.video.acquire(player, never);
  await expect(work).rejects.toBeInstanceOf(SentAway);
  expect(scheduler.video.inUse).toBe(1);
});

it("finds room for a newcomer as long as the encoders are faster than everybody watches", async () => {
  const scheduler = createScheduler({ maxEncoders: 1, slotWaitMs: 20 });
  const ann = { claim: () => ({ priority: "look-ahead", runwayS: 40 }) as const, yieldSlot: () => {} };
  const bob = { claim: () => ({ priority: "playing", runwayS: 0, isNewcomer: true }) as const, yieldSlot: () => {} };
  scheduler.runways.served("ann", 0, 2, true);
  await scheduler.video.acquire(ann, never);
  scheduler.noteWork(2000, 1500);
  await expect(scheduler.video.acquire(bob, never)).rejects.toMatchObject({ code: "busy" });
  scheduler.noteWork(20_000, 5000);
  await scheduler.video.acquire(bob, never);
  expect(scheduler.video.inUse).toBe(1);
});
