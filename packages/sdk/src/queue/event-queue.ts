import type { PlayheadEvent } from "@playhead/protocol";
import { attempt } from "../observe/guard.js";

/** Bounds of one view's memory. At one request event a second, 1,000 events are a quarter of an hour offline. */
export const MAX_EVENTS = 1_000;
export const MAX_BYTES = 512 * 1024;
/** A larger event would leave no room for others in a body, and the server refuses it in the end. */
export const MAX_EVENT_BYTES = 32 * 1024;

/** The name of the custom event that says how many events were given up. */
export const DROPPED = "playhead.dropped";

/** An event as it will be sent: made into text once. */
export interface Entry {
  readonly json: string;
  readonly bytes: number;
  /** What tells the story of the view, as against samples of it: these go last when there is no room. */
  readonly essential: boolean;
  /** How many events are untold if this one is lost: itself, and those it reports as dropped. */
  readonly stands: number;
  /** On its way in some request, and not to be put into another. */
  flying: boolean;
  /** How often it was sent in vain. */
  tries: number;
}

let encoder: TextEncoder | undefined;

/** In UTF-8; where that can't be told, as much as it may be. */
export function byteLength(text: string): number {
  return (
    attempt(() => {
      encoder ??= new TextEncoder();
      return encoder.encode(text).length;
    }) ?? text.length * 3
  );
}

export const sum = (entries: readonly Entry[], key: "bytes" | "stands"): number =>
  entries.reduce((total, entry) => total + entry[key], 0);

/** What was recorded and is not yet acknowledged, oldest first. */
export class EventQueue {
  #entries: Entry[];
  #dropped = 0;
  /** Events given up that no event has reported yet. */
  untold = 0;

  /** `entries`: what another queue held, as it is kept between visits. */
  constructor(entries: readonly Entry[] = []) {
    this.#entries = entries.map((entry) => ({ ...entry, flying: false }));
  }

  /** All that it holds, in order. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }
  get size(): number {
    return this.#entries.length;
  }
  /** Events given up, all in all. */
  get dropped(): number {
    return this.#dropped;
  }
  /** Events waiting to be put into a request. */
  get waiting(): number {
    return this.#waiting().length;
  }
  add(event: PlayheadEvent): void {
    const json = JSON.stringify(event);
    const essential = event.type !== "heartbeat" && event.type !== "request";
    const entry = {
      json,
      bytes: byteLength(json) + 1,
      essential,
      stands: 1 + reported(event),
      flying: false,
      tries: 0,
    };
    this.#entries.push(entry);
    if (entry.bytes > MAX_EVENT_BYTES) this.drop([entry]);
    while (this.size > MAX_EVENTS || sum(this.#entries, "bytes") > MAX_BYTES) {
      const waiting = this.#waiting();
      const victim = waiting.find((entry) => !entry.essential) ?? waiting[0] ?? this.#entries[0];
      this.drop(victim ? [victim] : []);
    }
  }

  /**
   * The oldest waiting events that fit into `maxBytes`, marked as flying. If not all fit and `essentialFirst` is set,
   * samples stay behind.
   */
  take(maxBytes: number, essentialFirst = false): Entry[] {
    const waiting = this.#waiting();
    if (essentialFirst && sum(waiting, "bytes") > maxBytes) {
      waiting.sort((a, b) => Number(b.essential) - Number(a.essential));
    }
    const taken: Entry[] = [];
    let bytes = 0;
    for (const entry of waiting) {
      bytes += entry.bytes;
      if (bytes > maxBytes) break;
      entry.flying = true;
      taken.push(entry);
    }
    return taken;
  }

  /** These were not stored; they wait again, in their old place. */
  release(entries: readonly Entry[]): void {
    for (const entry of entries) entry.flying = false;
  }

  /** The server has seen these, and refused some of them (by index) or `all`. Returns how many it stored that were still here. */
  settle(entries: readonly Entry[], rejected: readonly number[] | "all"): number {
    this.drop(rejected === "all" ? entries : entries.filter((_, index) => rejected.includes(index)));
    const before = this.size;
    this.#without(entries);
    return before - this.size;
  }

  /** These are given up. */
  drop(entries: readonly Entry[]): void {
    const gone = this.#without(entries);
    this.#dropped += gone.length;
    this.untold += sum(gone, "stands");
  }

  #waiting(): Entry[] {
    return this.#entries.filter((entry) => !entry.flying);
  }

  /** Returns those that were here. */
  #without(entries: readonly Entry[]): Entry[] {
    const unwanted = new Set(entries);
    const gone = this.#entries.filter((entry) => unwanted.has(entry));
    if (gone.length > 0) this.#entries = this.#entries.filter((entry) => !unwanted.has(entry));
    return gone;
  }
}

/** How many dropped events this event reports. */
function reported(event: PlayheadEvent): number {
  if (event.type !== "custom" || event.name !== DROPPED) return 0;
  const { data } = event;
  return typeof data === "object" && data && "count" in data ? Number(data.count) || 0 : 0;
}
