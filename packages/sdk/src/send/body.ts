import type { Batch } from "@playhead/protocol";
import { byteLength, type Entry, MAX_EVENT_BYTES } from "../queue/event-queue.js";

/** Bodies stay below this before they are compressed, so that any of them could also leave with `keepalive`. */
const MAX_BODY_BYTES = 56 * 1024;
/** What a batch is beside its context and its events, at most. */
const FRAME_BYTES = 64;

/** The protocol's `SCHEMA_VERSION`, as a type only: its schemas stay out of the browser. */
const SCHEMA: Batch["schema"] = 1;

/** A batch; `context` is JSON already. */
export function bodyOf(sentAt: number, context: string, entries: readonly Entry[]): string {
  const events = entries.map(({ json }) => json);
  return `{"schema":${SCHEMA},"sentAt":${sentAt},"context":${context},"events":[${events.join()}]}`;
}

/** Bytes that events may take. However much context there is, the largest event has a place beside it. */
export function roomBeside(context: string): number {
  return Math.max(MAX_EVENT_BYTES, MAX_BODY_BYTES - FRAME_BYTES - byteLength(context));
}
