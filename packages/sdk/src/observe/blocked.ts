import { attempt, guard } from "./guard.js";
import { every, type Stop } from "./listen.js";

/** A task that holds the main thread for less is not felt (Long Tasks API, W3C), ms. */
const LONG_MS = 50;
/** How often the clock is looked at where the browser does not tell of long tasks, ms. */
const TICK_MS = 250;
/** A tick that comes so late is a computer that slept, ms. */
const SLEPT_MS = 30_000;

export interface Blocked {
  /** Time in which long tasks held the main thread, since `since`, ms; undefined where nothing tells. */
  ms(): number | undefined;
  stop: Stop;
}

/**
 * How long the page's main thread was held: by the browser's word on long tasks, which is Chromium's alone; elsewhere by how
 * late a timer comes, which misses what a task took before the timer was due, and is asked only while the page is seen.
 * `since()`: from when on it counts, `performance.now()`; null: not yet.
 */
export function observeBlocked(since: () => number | null): Blocked {
  let total = 0;
  const add = (startedAt: number, endedAt: number) => {
    const from = since();
    if (from !== null) total += Math.max(0, endedAt - Math.max(startedAt, from));
  };
  const take = (tasks: PerformanceEntryList) => {
    for (const { startTime, duration } of tasks) add(startTime, startTime + duration);
  };
  const observer = attempt(() => {
    if (!PerformanceObserver.supportedEntryTypes.includes("longtask")) return undefined;
    const made = new PerformanceObserver(guard((list) => take(list.getEntries())));
    made.observe({ type: "longtask" });
    return made;
  });
  if (observer) {
    return {
      ms: () => {
        // What the browser has seen and not told yet: the task before this one may be why a stall lasted so long.
        attempt(() => take(observer.takeRecords()));
        return total;
      },
      stop: () => attempt(() => observer.disconnect()),
    };
  }
  let dueAt = Number.POSITIVE_INFINITY;
  const stop = every(TICK_MS, () => {
    const now = performance.now();
    const late = now - dueAt;
    // Timers of a hidden page come late by themselves.
    const seen = document.visibilityState === "visible";
    if (seen && late >= LONG_MS && late < SLEPT_MS) add(dueAt, now);
    dueAt = seen ? now + TICK_MS : Number.POSITIVE_INFINITY;
  });
  return { ms: () => total, stop };
}
