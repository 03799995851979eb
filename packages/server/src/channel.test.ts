import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { channelsOf } from "./channel.js";

interface Messages {
  "playhead:test.listened": { readonly n: number };
  "playhead:test.subscribed": { readonly n: number };
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Whoever cleans up after a channel that is gone does so a turn later. */
async function cleanUp(): Promise<void> {
  for (let i = 0; i < 3; i++) await turn();
}

it("reaches whoever begins to listen after a message that nobody heard, and a garbage collection", async () => {
  const { publish, listen } = channelsOf<Messages>();
  const heard: number[] = [];
  publish("playhead:test.listened", { n: 1 });
  await turn();
  collectGarbage();
  const stop = listen("playhead:test.listened", ({ n }) => heard.push(n));
  await cleanUp();
  publish("playhead:test.listened", { n: 2 });
  stop();
  publish("playhead:test.listened", { n: 3 });
  expect(heard).toEqual([2]);
});

it("reaches those that subscribe by name, too", async () => {
  const { publish } = channelsOf<Messages>();
  const heard: unknown[] = [];
  const note = (message: unknown) => heard.push(message);
  publish("playhead:test.subscribed", { n: 1 });
  await turn();
  collectGarbage();
  subscribe("playhead:test.subscribed", note);
  await cleanUp();
  publish("playhead:test.subscribed", { n: 2 });
  unsubscribe("playhead:test.subscribed", note);
  expect(heard).toEqual([{ n: 2 }]);
});
