import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakePage } from "../testbed/fake-video.js";
import { observeBlocked } from "./blocked.js";

let page: ReturnType<typeof fakePage>;
beforeEach(() => {
  page = fakePage();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Nothing else runs for so long, and then the timers that are due. */
function hold(ms: number): void {
  const clock = vi.spyOn(performance, "now").mockReturnValue(performance.now() + ms);
  vi.advanceTimersByTime(250);
  clock.mockRestore();
  vi.advanceTimersByTime(ms - 250);
}

describe("where the browser tells of long tasks", () => {
  function browser() {
    let tell: ((task: { startTime: number; duration: number }) => void) | undefined;
    const untold: { startTime: number; duration: number }[] = [];
    class Observer {
      static readonly supportedEntryTypes = ["longtask"];
      constructor(callback: (list: { getEntries(): unknown[] }) => void) {
        tell = (task) => callback({ getEntries: () => [task] });
      }
      observe(): void {}
      disconnect(): void {
        tell = undefined;
      }
      takeRecords(): unknown[] {
        return untold.splice(0);
      }
    }
    vi.stubGlobal("PerformanceObserver", Observer);
    return { tell: (startTime: number, duration: number) => tell?.({ startTime, duration }), untold };
  }

  it("is their sum, also of those it has not told yet", () => {
    const { tell, untold } = browser();
    const blocked = observeBlocked(() => 0);
    tell(100, 80);
    tell(300, 120);
    untold.push({ startTime: 500, duration: 1_000 });
    expect(blocked.ms()).toBe(1_200);
    expect(blocked.ms()).toBe(1_200);
    blocked.stop();
  });

  it("leaves out what was before anybody asked to play", () => {
    const { tell } = browser();
    let intentAt: number | null = null;
    const blocked = observeBlocked(() => intentAt);
    tell(0, 500);
    intentAt = 900;
    tell(800, 300);
    expect(blocked.ms()).toBe(200);
  });
});

describe("elsewhere", () => {
  it("is how late a timer came", () => {
    const blocked = observeBlocked(() => 0);
    vi.advanceTimersByTime(1_000);
    expect(blocked.ms()).toBe(0);
    hold(900);
    expect(blocked.ms()).toBeGreaterThanOrEqual(600);
    expect(blocked.ms()).toBeLessThanOrEqual(900);
    blocked.stop();
  });

  it("is nothing in a hidden page, whose timers are late by themselves, nor through a sleep", () => {
    const blocked = observeBlocked(() => 0);
    vi.advanceTimersByTime(1_000);
    page.document.visibilityState = "hidden";
    hold(900);
    page.document.visibilityState = "visible";
    hold(900);
    vi.advanceTimersByTime(1_000);
    hold(3_600_000);
    expect(blocked.ms()).toBe(0);
    blocked.stop();
  });
});
