import type { RecordedEvent } from "@playhead/protocol";

/** Less than this is delivery, and nobody's clock. */
const NOTICEABLE_MS = 60_000;
/** Clocks are wrong by minutes, or by time zones. What is further off was recorded then, and is brought in now. */
const DAY_MS = 86_400_000;

const isSkew = (ms: number) => ms > NOTICEABLE_MS && ms <= DAY_MS;

/** Where a view lies in time for those who ask "what was last hour?" and "who is here now?". Unix ms. */
export interface WhenSeen {
  readonly startedAt: number;
  readonly lastEventAt: number;
}

/**
 * Times of the first and the last event, mended where the viewer's clock is plainly wrong: no event arrives before it happens,
 * so such a clock is ahead. Differences within the view are exact on any clock and stay as they are.
 * An event that arrives long after it happened may be late or from a slow clock; its viewer was heard from when it arrived.
 */
export function whenSeen(events: readonly RecordedEvent[], first: RecordedEvent, last: RecordedEvent): WhenSeen {
  let aheadMs = 0;
  for (const { event, receivedAt } of events) aheadMs = Math.max(aheadMs, event.ts - receivedAt);
  if (isSkew(aheadMs)) return { startedAt: first.event.ts - aheadMs, lastEventAt: last.event.ts - aheadMs };
  const lateMs = last.receivedAt - last.event.ts;
  return { startedAt: first.event.ts, lastEventAt: isSkew(lateMs) ? last.receivedAt : last.event.ts };
}
