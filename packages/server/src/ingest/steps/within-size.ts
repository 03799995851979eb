import type { Step } from "../pipeline.js";

/** Longest event, in characters of JSON. */
export const MAX_EVENT_CHARS = 65_536;

/** One event is one row: the size of a body must not become the size of a row. Bodies below the limit need no measuring. */
export const withinSize: Step = {
  name: "within size",
  run(record, { bodyChars }) {
    if (bodyChars <= MAX_EVENT_CHARS) return record;
    const chars = JSON.stringify(record.event).length;
    if (chars <= MAX_EVENT_CHARS) return record;
    return {
      drop: "event_too_large",
      message: `the event is ${chars} characters of JSON, but must be at most ${MAX_EVENT_CHARS}`,
    };
  },
};
