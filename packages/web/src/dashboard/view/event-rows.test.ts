import { describe, expect, it } from "vitest";
import { eventRows, runTotals } from "./event-rows.js";
import type { ViewEvent } from "./view-event.js";

function events(...types: readonly string[]): readonly ViewEvent[] {
  return types.map((word, seq) => {
    const [type = "", status = "200"] = word.split(" ");
    return { id: String(seq), seq, type, ts: seq, source: "sdk", receivedAt: seq, status: Number(status) };
  });
}

const shape = (list: readonly ViewEvent[]) =>
  eventRows(list).map((row) => (row.kind === "run" ? `${row.events.length} requests` : row.event.type));

describe("the rows of the event list", () => {
  it("take requests in a row together", () => {
    expect(shape(events("load", "request", "request", "request", "play", "request", "request"))).toEqual([
      "load",
      "3 requests",
      "play",
      "request",
      "request",
    ]);
  });

  it("show a failed request by itself", () => {
    expect(shape(events("request", "request", "request", "request 503", "request"))).toEqual([
      "3 requests",
      "request",
      "request",
    ]);
  });

  it("lose no event and keep their order", () => {
    const list = events("request", "request", "request", "pause", "segment", "segment", "request", "end");
    const flat = eventRows(list).flatMap((row) => (row.kind === "run" ? row.events : [row.event]));
    expect(flat).toEqual(list);
  });

  it("sum up what a run fetched", () => {
    const [a, b] = events("request", "request");
    const run = [
      { ...a!, bytes: 1_000, durationMs: 40, waitMs: 5 },
      { ...b!, bytes: 500, ttfbMs: 90 },
    ];
    expect(runTotals(run)).toEqual({ requests: 2, bytes: 1_500, slowestMs: 90, waitMs: 5 });
  });
});
