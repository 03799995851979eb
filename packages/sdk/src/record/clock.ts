/**
 * The clock of one view. Instants are those of `performance.now()`: monotonic, in ms with fractions. Wall time is taken
 * once, when the view opens: after that a change of the computer's clock moves no event, and differences are exact.
 * (`performance.timeOrigin` would do the same but lags by however long the computer slept since the tab was opened.)
 */
export interface Clock {
  now(): number;
  /** Unix time of an instant, whole ms. */
  unix(at: number): number;
  /** When a DOM event happened, which is before its handler runs if the main thread was busy. */
  eventTime(event: Event): number;
}

/** An event's own time is believed if it lies at most this far back, ms; past that its time base is another. */
const OLDEST_EVENT_MS = 5_000;

export function createClock(now: () => number = () => performance.now()): Clock {
  const origin = Date.now() - now();
  return {
    now,
    unix: (at) => Math.round(origin + at),
    eventTime(event) {
      const late = now() - event.timeStamp;
      return late > 0 && late < OLDEST_EVENT_MS ? event.timeStamp : now();
    },
  };
}
