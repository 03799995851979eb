import type { RecordedEvent } from "@playhead/protocol";
import { measure, sample } from "./order-events.js";

/** What has to be known of the whole view before its first event can be read. */
export interface TimelineHints {
  /** The sender reports first frames, so nothing else proves a start. */
  readonly reportsFirstFrame: boolean;
  readonly reportsPlayRequest: boolean;
  /** The sender tells positions or watch time, so a start that it does not report can be read from them. */
  readonly reportsProgress: boolean;
  /** The sender gives signs of life, so a silence means something. */
  readonly reportsHeartbeats: boolean;
  readonly firstLoadAt: number | null;
  /** Indices of `seek_start` events whose `seek_end` is there. */
  readonly seeksWithEnd: ReadonlySet<number>;
}

/** An end that comes later than this after the last `seek_start` is another seek's, unless its duration says otherwise. */
const SEEK_JOIN_MS = 30_000;
/** Slack between a duration of one clock and a difference of another. */
const SLACK_MS = 1_000;

const noSeeks: ReadonlySet<number> = new Set();

export function timelineHints(player: readonly RecordedEvent[]): TimelineHints {
  let reportsFirstFrame = false;
  let reportsPlayRequest = false;
  let reportsProgress = false;
  let reportsHeartbeats = false;
  let firstLoadAt: number | null = null;
  let seeks = false;
  for (const { event } of player) {
    if (!reportsProgress) {
      const { positionMs, watchMs } = sample(event);
      reportsProgress = positionMs !== undefined || watchMs !== undefined;
    }
    if (event.type === "heartbeat") reportsHeartbeats = true;
    else if (event.type === "first_frame") reportsFirstFrame = true;
    else if (event.type === "play_request") reportsPlayRequest = true;
    else if (event.type === "seek_start") seeks = true;
    else if (event.type === "load") firstLoadAt ??= event.ts;
  }
  const seeksWithEnd = seeks ? findSeeksWithEnd(player) : noSeeks;
  return { reportsFirstFrame, reportsPlayRequest, reportsProgress, reportsHeartbeats, firstLoadAt, seeksWithEnd };
}

/**
 * Some senders report a seek as one event, and some ends are lost. So each `seek_start` is matched from behind: to the next
 * `seek_end`, directly or through further `seek_start`s of the same drag.
 */
function findSeeksWithEnd(player: readonly RecordedEvent[]): ReadonlySet<number> {
  const found = new Set<number>();
  let next: { at: number; startsBy: number } | undefined;
  for (let i = player.length - 1; i >= 0; i--) {
    const event = player[i]?.event;
    if (event?.type === "seek_end") {
      const durationMs = measure(event.durationMs) ?? 0;
      next = { at: event.ts, startsBy: event.ts - Math.max(SEEK_JOIN_MS, durationMs + SLACK_MS) };
    } else if (event?.type === "seek_start") {
      if (next !== undefined && event.ts >= next.startsBy) {
        found.add(i);
        next = { at: event.ts, startsBy: Math.min(next.startsBy, event.ts - SEEK_JOIN_MS) };
      } else next = undefined;
    }
  }
  return found;
}
