import { type Context, checkEvent, type EventSource, type RecordedEvent, type WireRecord } from "@playhead/protocol";
import { clientTypesOnly } from "./steps/client-types-only.js";
import { withinSize } from "./steps/within-size.js";
import { withinTime } from "./steps/within-time.js";
import { withoutAddresses } from "./steps/without-addresses.js";
import { withoutCredentials } from "./steps/without-credentials.js";

/** What is true of the whole POST. */
export interface PostContext {
  /** Server clock, Unix ms. */
  readonly now: number;
  readonly appId: string;
  /** What canonical events are marked as; the other wires name themselves. */
  readonly source: EventSource;
  /** Length of the body as text: no event of it is longer. Infinity when it is not known. */
  readonly bodyChars: number;
  /** Adds to a context what the request tells. */
  readonly fill: (context: Context) => Context;
}

/** An event that is not stored, and why: the reason is counted, the message goes to the sender. */
export interface Drop {
  readonly drop: string;
  readonly message: string;
}

/** One look at an event: it goes on, changed or as it is, or it is dropped. */
export interface Step {
  readonly name: string;
  run(record: RecordedEvent, post: PostContext): RecordedEvent | Drop;
}

/** The way of an event from its schema to the queue, in this order; the cheap ones first. */
export const steps: readonly Step[] = [clientTypesOnly, withinTime, withinSize, withoutAddresses, withoutCredentials];

export const isDrop = (result: RecordedEvent | Drop): result is Drop => "drop" in result;

/** Opens the door by the event's schema, which makes an event of what was unknown, then walks the steps. */
export function runPipeline(record: WireRecord, post: PostContext): RecordedEvent | Drop {
  const checked = checkEvent(record.event);
  if (!checked.ok) return { drop: checked.code, message: checked.message };
  let current: RecordedEvent = {
    appId: post.appId,
    source: record.format === "canonical" ? post.source : record.format,
    receivedAt: post.now,
    context: post.fill(record.context),
    event: checked.event,
  };
  for (const step of steps) {
    const result = step.run(current, post);
    if (isDrop(result)) return result;
    current = result;
  }
  return current;
}
