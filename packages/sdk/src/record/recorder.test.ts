import type { PlayheadEvent } from "@playhead/protocol";
import { describe, expect, it } from "vitest";
import { type BeforeSend, createRecorder } from "./recorder.js";

function recording(beforeSend?: BeforeSend) {
  const events: PlayheadEvent[] = [];
  const clock = { now: () => 0, unix: (at: number) => 1_000_000 + Math.round(at), eventTime: () => 0 };
  const record = createRecorder({ clock, positionMs: () => 42, beforeSend, enqueue: (event) => events.push(event) });
  return { events, record };
}

describe("the recorder", () => {
  it("numbers events without a gap, also when one is kept back", () => {
    const { events, record } = recording((event) => (event.type === "pause" ? null : event));
    record({ type: "load" }, 1);
    record({ type: "pause" }, 2);
    record({ type: "play" }, 3);
    expect(events.map(({ seq, type, ts, positionMs }) => ({ seq, type, ts, positionMs }))).toEqual([
      { seq: 0, type: "load", ts: 1_000_001, positionMs: 42 },
      { seq: 1, type: "play", ts: 1_000_003, positionMs: 42 },
    ]);
  });

  it("lets no time run backwards in what the viewer saw, and no sample hold it up", () => {
    const { events, record } = recording();
    record({ type: "play" }, 10);
    record({ type: "request", kind: "segment" }, 50);
    record({ type: "rebuffer_start" }, 30);
    record({ type: "rebuffer_end" }, 20);
    expect(events.map(({ ts }) => ts - 1_000_000)).toEqual([10, 50, 30, 30]);
  });

  it("keeps the time of a click that came before the SDK", () => {
    const { events, record } = recording();
    record({ type: "load" }, 100);
    record({ type: "play_request" }, 40);
    record({ type: "play" }, 90);
    expect(events.map(({ ts }) => ts - 1_000_000)).toEqual([100, 40, 100]);
  });

  it("keeps an event in the page when the hook that should clean it fails", () => {
    const { events, record } = recording(() => {
      throw new Error("hook");
    });
    record({ type: "load" });
    expect(events).toEqual([]);
  });
});
