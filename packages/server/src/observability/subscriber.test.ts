import { channel } from "node:diagnostics_channel";
import { setImmediate as turn } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, expect, it, vi } from "vitest";
import { publish } from "../ingest/channels.js";
import { type Handlers, type Subscriber, subscribe } from "./subscriber.js";

const drop = "playhead:ingest.drop";
let subscriber: Subscriber;
afterEach(() => subscriber.stop());

function hear(handler: NonNullable<Handlers[typeof drop]>, maxWaiting?: number, lines: string[] = []): void {
  const log = pino({}, { write: (line: string) => lines.push(line) });
  const most = maxWaiting === undefined ? {} : { maxWaiting };
  subscriber = subscribe({ [drop]: handler }, { name: "test", log, delayMs: 1, ...most });
}
const tell = (count: number) => {
  for (let i = 0; i < count; i++) publish(drop, { reason: String(i), count: 1 });
};

it("handles messages in order, in a later turn than they were published in", async () => {
  const handled: string[] = [];
  hear(({ reason }) => handled.push(reason));
  tell(3);
  expect(handled).toEqual([]);
  await vi.waitUntil(() => handled.length > 0);
  expect(handled).toEqual(["0", "1", "2"]);
});

it("gives others their turn while many wait", async () => {
  const handled: string[] = [];
  hear(({ reason }) => handled.push(reason));
  tell(1_000);
  while (handled.length === 0) await turn();
  expect(handled.length).toBeLessThan(1_000);
  while (handled.length < 1_000) await turn();
  expect(subscriber.stats()).toMatchObject({ waiting: 0, dropped: 0 });
  expect(subscriber.stats().busyMs).toBeGreaterThan(0);
});

it("drops what it has no room for, and counts it", () => {
  const handled: string[] = [];
  hear(({ reason }) => handled.push(reason), 2);
  tell(5);
  expect(subscriber.stats()).toMatchObject({ waiting: 2, dropped: 3 });
  subscriber.drain();
  expect(handled).toEqual(["0", "1"]);
  tell(1);
  subscriber.drain();
  expect(handled).toEqual(["0", "1", "0"]);
});

it("lets no error of a handler out, says it once, and goes on", () => {
  const lines: string[] = [];
  let calls = 0;
  hear(
    () => {
      calls += 1;
      throw new Error("a mistake");
    },
    undefined,
    lines,
  );
  tell(3);
  subscriber.drain();
  expect(calls).toBe(3);
  expect(lines).toHaveLength(1);
});

it("handles what waits before it stops, and listens no more", () => {
  const handled: string[] = [];
  hear(({ reason }) => handled.push(reason));
  tell(1);
  subscriber.stop();
  tell(1);
  expect(handled).toEqual(["0"]);
  expect(channel(drop).hasSubscribers).toBe(false);
});
