import type { PlayheadEvent } from "@playhead/protocol";

/** Bounds of one view's memory. At one request event a second, 1,000 events are a quarter of an hour offline. */
export const MAX_EVENTS = 1_000;
export const MAX_BYTES = 512 * 1024;

/** An event as it will be sent: made into text once. */
export interface Entry {
  readonly json: string;
  readonly bytes: number;
  /** What tells the story of the view, as against samples of it: these go last when there is no room. */
  readonly essential: boolean;
  /** On its way in some request, and not to be put into another. */
  flying: boolean;
}

const encoder = new TextEncoder();

export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/**
 * What was recorded and is not yet acknowledged, oldest first. In memory: what should outlive the page is taken from
 * here with `take` and put back with `add` at the next visit.
 */
export class EventQueue {
  #entries: Entry[] = [];
  #bytes = 0;
  #dropped = 0;

  get size(): number {
    return this.#entries.length;
  }
  /** Events waiting to be put into a request. */
  get waiting(): number {
    return this.#entries.reduce((n, entry) => n + (entry.flying ? 0 : 1), 0);
  }

  add(event: PlayheadEvent): void {
    const json = JSON.stringify(event);
    const essential = event.type !== "heartbeat" && event.type !== "request";
    const entry: Entry = { json, bytes: byteLength(json) + 1, essential, flying: false };
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
    while (this.#entries.length > MAX_EVENTS || this.#bytes > MAX_BYTES) this.#dropOne();
  }

  /**
   * The oldest waiting events that fit into `maxBytes`, marked as flying. If not all fit and `essentialFirst` is set,
   * samples stay behind.
   */
  take(maxBytes: number, essentialFirst = false): Entry[] {
    const waiting = this.#entries.filter((entry) => !entry.flying);
    const total = waiting.reduce((sum, entry) => sum + entry.bytes, 0);
    const ordered =
      essentialFirst && total > maxBytes
        ? [...waiting.filter((entry) => entry.essential), ...waiting.filter((entry) => !entry.essential)]
        : waiting;
    const taken: Entry[] = [];
    let bytes = 0;
    for (const entry of ordered) {
      if (bytes + entry.bytes > maxBytes) break;
      bytes += entry.bytes;
      entry.flying = true;
      taken.push(entry);
    }
    return taken;
  }

  /** These were not stored; they wait again, in their old place. */
  release(entries: readonly Entry[]): void {
    for (const entry of entries) entry.flying = false;
  }

  /** These are stored, or refused for good. Returns how many of them were still here. */
  remove(entries: readonly Entry[]): number {
    const gone = new Set(entries);
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => !gone.has(entry));
    this.#bytes = this.#entries.reduce((sum, entry) => sum + entry.bytes, 0);
    return before - this.#entries.length;
  }

  countDropped(count: number): void {
    this.#dropped += count;
  }

  /** How many events were given up since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  #dropOne(): void {
    const waiting = this.#entries.filter((entry) => !entry.flying);
    const victim = waiting.find((entry) => !entry.essential) ?? waiting[0] ?? this.#entries[0];
    if (victim) this.#dropped += this.remove([victim]);
  }
}
