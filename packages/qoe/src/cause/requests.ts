import type { RecordedEvent } from "@playhead/protocol";
import { measure } from "../order-events.js";
import type { Interval } from "./intervals.js";
import { untoldRequests } from "./untold.js";

/** One request of the player: how long the server made it wait, and how long the bytes were on their way. */
export interface Request extends Interval {
  readonly kind: string;
  readonly rendition: string | undefined;
  readonly segment: number | undefined;
  readonly bytes: number | undefined;
  /** While the server made what was asked for, ms; 0 where it does not tell. */
  readonly waitMs: number;
}

/** The requests of a view, by the clock of the view. */
export class Requests {
  /** By their ends, as events are ordered by their times. */
  readonly #all: Request[] = [];
  #longestMs = 0;

  /**
   * Where the player tells of none (a view known from CMCD on requests alone), the server's own times of the segments it sent
   * stand in: they are then the clock of the whole view.
   */
  constructor(player: readonly RecordedEvent[], server: readonly RecordedEvent[]) {
    for (const records of [player, server]) {
      if (this.#all.length === 0) for (const record of records) this.#read(record);
    }
    const untold = untoldRequests(player, server, this.#all);
    if (untold.length === 0) return;
    for (const request of untold) this.#add(request);
    this.#all.sort((a, b) => a.to - b.to);
  }

  get known(): boolean {
    return this.#all.length > 0;
  }

  /** Those that were open at some time of a wait. */
  during(wait: Interval): readonly Request[] {
    const found: Request[] = [];
    for (let i = firstEndingFrom(this.#all, wait.from); i < this.#all.length; i++) {
      const request = this.#all[i];
      // What ends so late can't have begun within the wait, however long it took.
      if (request === undefined || request.to - this.#longestMs > wait.to) break;
      if (request.from <= wait.to) found.push(request);
    }
    return found;
  }

  #read({ event }: RecordedEvent): void {
    if (event.type !== "request" && event.type !== "segment") return;
    if (event.mediaType === "subtitle") return;
    const durationMs = measure(event.durationMs);
    if (durationMs === undefined) return;
    this.#add({
      kind: event.type === "segment" ? "segment" : event.kind,
      rendition: event.rendition,
      segment: event.segment,
      bytes: measure(event.bytes),
      waitMs: Math.min(durationMs, measure(event.waitMs) ?? 0),
      from: event.ts - durationMs,
      to: event.ts,
    });
  }

  #add(request: Request): void {
    this.#longestMs = Math.max(this.#longestMs, request.to - request.from);
    this.#all.push(request);
  }
}

function firstEndingFrom(requests: readonly Request[], at: number): number {
  let low = 0;
  let high = requests.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((requests[middle]?.to ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When the server kept the player waiting: from the first byte asked for. */
export const waiting = ({ from, waitMs }: Request): Interval => ({ from, to: from + waitMs });
/** When the bytes were on their way, there and back. */
export const underWay = ({ from, to, waitMs }: Request): Interval => ({ from: from + waitMs, to });
