import { pino } from "pino";
import { expect, it } from "vitest";
import { channels } from "./channel-list.js";
import type { Channel, Messages } from "./channels.js";
import { logLines } from "./log-lines.js";
import type { Handlers } from "./subscriber.js";
import { sampleMessages } from "./testing/sample-messages.js";

function setUp(level: string) {
  const lines: Record<string, unknown>[] = [];
  const clock = { now: 0 };
  const log = pino({ level }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const handlers = logLines(log, () => clock.now);
  const give = <C extends Channel>(handler: Handlers[C], message: Messages[C]) => {
    const handle: ((message: Messages[C]) => void) | undefined = handler;
    handle?.(message);
  };
  const tellAll = () => {
    for (const channel of channels) give(handlers[channel], sampleMessages[channel]);
  };
  return { lines, clock, handlers, tellAll };
}

it("says few things at the usual level, and who plays at none", () => {
  const usual = setUp("info");
  usual.tellAll();
  expect(usual.lines.map(({ channel }) => channel)).toEqual([
    "playhead:playback.request",
    "playhead:hls.session.end",
    "playhead:encoder.wait",
    "playhead:ingest.drop",
  ]);
  const all = setUp("trace");
  all.tellAll();
  expect(all.lines.length).toBeGreaterThan(usual.lines.length);
  expect(JSON.stringify(all.lines)).not.toContain("userId");
});

it("says at most once a minute that events are dropped for a reason, and how many", () => {
  const { lines, clock, handlers } = setUp("info");
  const drop = handlers["playhead:ingest.drop"];
  drop?.({ reason: "invalid_event", count: 2 });
  drop?.({ reason: "invalid_event", count: 3 });
  drop?.({ reason: "server_only_type", count: 1 });
  clock.now = 60_000;
  drop?.({ reason: "invalid_event", count: 4 });
  expect(lines.map(({ reason, count }) => [reason, count])).toEqual([
    ["invalid_event", 2],
    ["server_only_type", 1],
    ["invalid_event", 7],
  ]);
});
