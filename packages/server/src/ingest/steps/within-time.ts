import type { Step } from "../pipeline.js";

const DAY_MS = 86_400_000;
/** Old enough for a replayed archive; what is older is a clock that was never set. */
export const MAX_AGE_MS = 5 * 365.25 * DAY_MS;
/** A clock a day ahead is a wrong time zone; one further ahead is wrong. */
export const MAX_AHEAD_MS = DAY_MS;

/** Partitions and dashboards stand on the event's time, so one that can't be true is refused. */
export const withinTime: Step = {
  name: "within time",
  run(record, { now }) {
    const { ts } = record.event;
    if (ts >= now - MAX_AGE_MS && ts <= now + MAX_AHEAD_MS) return record;
    const limits = `from ${iso(now - MAX_AGE_MS)} to ${iso(now + MAX_AHEAD_MS)}`;
    return {
      drop: "timestamp_out_of_range",
      message: `ts is ${ts}${inWords(ts)}, but must be Unix time in ms ${limits}`,
    };
  },
};

const iso = (ms: number) => new Date(ms).toISOString();
/** Past year 275760 there is no date to show. */
const inWords = (ms: number) => (ms <= 8.64e15 ? ` (${iso(ms)})` : "");
