import type { EventOf, RecordedEvent } from "@playhead/protocol";
import { measure, sample } from "../order-events.js";
import type { Interval } from "./intervals.js";

/** What the player said of its own state around a wait. */
export interface Surroundings {
  readonly bufferMs: number | null;
  readonly droppedFrames: number;
  readonly decodedFrames: number;
  /** For how long the main thread was held by tasks of over 50 ms, ms. */
  readonly blockedMs: number;
  /** Errors told within the wait, or up to `ERROR_LEAD_MS` before it. */
  readonly errors: readonly EventOf<"error">[];
}

/** An error comes a moment before the stop that it leads to. */
const ERROR_LEAD_MS = 2_000;
/** A stall's own event lies so near its start at most: the fold may have moved the start. */
const OWN_EVENT_MS = 1_000;

/**
 * The surroundings of each wait, in one walk over the events: the counters just before and just after it (each tells the sum
 * since the view began), what was buffered, what went wrong. Waits are in order and don't overlap.
 */
export function surroundingsOf(player: readonly RecordedEvent[], waits: readonly Interval[]): readonly Surroundings[] {
  const walk = new Walk();
  const found: Surroundings[] = [];
  let next = 0;
  for (const wait of waits) {
    for (; next < player.length; next++) {
      const event = player[next]?.event;
      if (event === undefined || event.ts > wait.from) break;
      walk.pass(event);
    }
    found.push(walk.around(player, next, wait));
  }
  return found;
}

class Walk {
  #dropped = 0;
  #decoded = 0;
  #blocked = 0;
  #stall: { readonly ts: number; readonly bufferMs: number | null } | undefined;
  #errors: EventOf<"error">[] = [];

  pass(event: RecordedEvent["event"]): void {
    const { droppedFrames, decodedFrames, blockedMs, bufferMs } = sample(event);
    this.#dropped = measure(droppedFrames) ?? this.#dropped;
    this.#decoded = measure(decodedFrames) ?? this.#decoded;
    this.#blocked = measure(blockedMs) ?? this.#blocked;
    if (event.type === "rebuffer_start") this.#stall = { ts: event.ts, bufferMs: measure(bufferMs) ?? null };
    if (event.type === "error") this.#errors.push(event);
  }

  /** Looks on from `index`, the first event after the wait's start, to where each counter is told after its end. */
  around(player: readonly RecordedEvent[], index: number, { from, to }: Interval): Surroundings {
    this.#errors = this.#errors.filter(({ ts }) => ts >= from - ERROR_LEAD_MS);
    const errors = [...this.#errors];
    let stall = this.#stall;
    const dropped = new Later();
    const decoded = new Later();
    const blocked = new Later();
    for (let i = index; i < player.length; i++) {
      const event = player[i]?.event;
      if (event === undefined) break;
      const over = event.ts >= to;
      if (over && (event.ts > to + LOOK_ON_MS || (dropped.settled && decoded.settled && blocked.settled))) break;
      const now = sample(event);
      dropped.read(over, now.droppedFrames);
      decoded.read(over, now.decodedFrames);
      blocked.read(over, now.blockedMs);
      if (event.type === "error" && event.ts <= to) errors.push(event);
      if (event.type === "rebuffer_start" && event.ts - from < OWN_EVENT_MS && !isNear(stall?.ts, from)) {
        stall = { ts: event.ts, bufferMs: measure(now.bufferMs) ?? null };
      }
    }
    return {
      bufferMs: stall !== undefined && isNear(stall.ts, from) ? stall.bufferMs : null,
      droppedFrames: dropped.since(this.#dropped),
      decodedFrames: decoded.since(this.#decoded),
      blockedMs: blocked.since(this.#blocked),
      errors,
    };
  }
}

/** Counters come with each heartbeat; who is silent for this long after a wait says nothing of it. */
const LOOK_ON_MS = 30_000;

const isNear = (ts: number | undefined, from: number) => ts !== undefined && Math.abs(ts - from) < OWN_EVENT_MS;

/** A counter's first value after a wait, or its last one within where none comes after. */
class Later {
  #value: number | undefined;
  settled = false;

  read(over: boolean, told: unknown): void {
    const value = measure(told);
    if (value === undefined || this.settled) return;
    this.#value = value;
    this.settled = over;
  }

  since(before: number): number {
    return Math.max(0, (this.#value ?? before) - before);
  }
}
