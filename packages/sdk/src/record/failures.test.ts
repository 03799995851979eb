import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Failures } from "./failures.js";
import { Playback } from "./playback.js";
import type { Draft } from "./recorder.js";

const fatal = { code: "fragLoadError", fatal: true, category: "network" };

function watching(graceMs = 5_000) {
  const errors: Draft[] = [];
  const playback = new Playback(
    () => {},
    () => ({}),
    0,
  );
  const clock = { now: () => 100, unix: (at: number) => at, eventTime: () => 100 };
  const failures = new Failures((draft) => errors.push(draft), playback, clock, graceMs);
  return { errors, failures, playback };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a fatal error", () => {
  it("is told as fatal when nothing is loaded after it", () => {
    const { errors, failures, playback } = watching();
    failures.report(fatal, 50);
    failures.recovered(40);
    expect(errors).toEqual([]);
    vi.advanceTimersByTime(5_000);
    expect(errors).toMatchObject([{ code: "fragLoadError", fatal: true }]);
    expect(playback.state).toBe("error");
  });

  it("is told as passing when the page recovers", () => {
    const { errors, failures, playback } = watching();
    failures.report(fatal, 50);
    failures.recovered(60);
    vi.advanceTimersByTime(10_000);
    expect(errors).toMatchObject([{ code: "fragLoadError", fatal: false }]);
    expect(playback.state).not.toBe("error");
  });

  it("keeps its own word when the page gives up", () => {
    const { errors, failures } = watching();
    failures.report(fatal, 50);
    failures.giveUp({ code: "gave_up", fatal: true });
    expect(errors).toMatchObject([{ code: "fragLoadError", fatal: true }]);
  });

  it("may be the page's own", () => {
    const { errors, failures } = watching();
    failures.giveUp({ code: "not_allowed", fatal: true, business: true });
    expect(errors).toMatchObject([{ code: "not_allowed", fatal: true, business: true }]);
  });
});

it("tells a passing error that repeats once in five seconds", () => {
  const { errors, failures } = watching();
  for (let at = 0; at < 10_000; at += 100) failures.report({ code: "bufferStalledError", fatal: false }, at);
  expect(errors).toHaveLength(2);
});
