import { attempt, guard } from "../observe/guard.js";
import { byteLength, type Entry, type EventQueue } from "../queue/event-queue.js";
import { backoffMs } from "./backoff.js";
import { keepaliveBudget } from "./keepalive-budget.js";
import { beacon, type Outcome, post } from "./post.js";

/** Bodies stay below this, so that any of them could also leave with `keepalive`. */
const MAX_BODY_BYTES = 56 * 1024;
/** An ordinary batch goes with `keepalive` if it is small: then it survives the page, and leaves room for the last one. */
const SMALL_BODY_BYTES = 16 * 1024;

export interface SenderDeps {
  readonly queue: EventQueue;
  readonly url: string;
  /** The batch up to its events: `{"schema":1,…,"events":[`. Called once a batch. */
  readonly head: () => string;
  readonly batchMs: number;
  /** Records how many events were given up. */
  readonly onDropped: (count: number) => void;
  readonly random?: () => number;
}

export interface SendCounts {
  requests: number;
  failures: number;
  stored: number;
}

interface Flight {
  readonly entries: readonly Entry[];
  readonly keepalive: boolean;
  readonly done: Promise<void>;
}

/**
 * Takes events off the queue when the server has them, and not before. One request at a time; after a failure it waits.
 * Only a page that is going away sends beside a request that is still under way.
 */
export class Sender {
  readonly counts: SendCounts = { requests: 0, failures: 0, stored: 0 };
  readonly #deps: SenderDeps;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flight: Flight | null = null;
  #failures = 0;
  #notBefore = 0;
  #urgent = false;
  /** Given to `sendBeacon`: nobody will say whether they arrived. */
  #beaconed: Entry[] = [];
  #drained: (() => void)[] = [];

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  /** Something was queued; `urgent` goes at once, the rest with the next batch. */
  wake(urgent: boolean): void {
    if (urgent) this.#urgent = true;
    if (this.#flight) return;
    const now = performance.now();
    const due = this.#urgent ? now : now + this.#deps.batchMs;
    this.#schedule(Math.max(due, this.#notBefore) - now, this.#urgent);
  }

  /** Tries to send all there is now. Resolves when it is stored, or could not be sent for now. */
  async flush(): Promise<void> {
    const before = this.counts.failures;
    if (this.#flight) await this.#flight.done;
    while (this.#deps.queue.waiting > 0 && this.counts.failures === before) {
      if (performance.now() < this.#notBefore) return;
      this.#launch();
      if (!this.#flight) return;
      await this.#flight.done;
    }
  }

  /** Calls back once nothing is left to send. */
  whenDrained(then: () => void): void {
    this.#drained.push(guard(then));
    this.#checkDrained();
  }

  /** The page is hidden or goes: what is left leaves now, in requests that outlive the page, as far as they may. */
  farewell(): void {
    const { queue } = this.#deps;
    // A plain request dies with the page, so what it carries goes again; the ids make a repeat harmless.
    if (this.#flight && !this.#flight.keepalive) queue.release(this.#flight.entries);
    this.#tellDropped();
    const head = attempt(this.#deps.head);
    if (head === undefined) return;
    for (;;) {
      const room = Math.min(MAX_BODY_BYTES, keepaliveBudget.left) - byteLength(head) - 2;
      const entries = queue.take(room, true);
      if (entries.length === 0) return;
      const body = bodyOf(head, entries);
      void this.#sendLast(entries, body);
    }
  }

  /** The page is there again, or the network: try now, also again what a beacon may or may not have delivered. */
  comeBack(): void {
    this.#deps.queue.release(this.#beaconed.splice(0));
    if (this.#deps.queue.waiting > 0 && this.#failures > 0) this.wake(true);
  }

  #schedule(ms: number, sooner: boolean): void {
    if (this.#timer !== undefined && !sooner) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      guard(() => {
        this.#timer = undefined;
        this.#launch();
      }),
      Math.max(0, ms),
    );
  }

  #launch(): void {
    if (this.#flight) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#urgent = false;
    this.#tellDropped();
    const head = this.#deps.head();
    const entries = this.#deps.queue.take(MAX_BODY_BYTES - byteLength(head) - 2);
    if (entries.length === 0) return this.#checkDrained();
    const body = bodyOf(head, entries);
    const bytes = byteLength(body);
    const keepalive = bytes <= SMALL_BODY_BYTES && bytes <= keepaliveBudget.left;
    // A backlog does not wait from batch to batch.
    const more = this.#deps.queue.waiting > 0;
    const done = this.#complete(this.#send(entries, body, keepalive), more);
    this.#flight = { entries, keepalive, done };
  }

  async #complete(sending: Promise<Outcome>, more: boolean): Promise<void> {
    const outcome = await sending;
    this.#flight = null;
    if (more) this.#urgent = true;
    this.#next(outcome);
  }

  async #sendLast(entries: readonly Entry[], body: string): Promise<void> {
    const outcome = await this.#send(entries, body, true);
    if (outcome.kind !== "later") return;
    if (outcome.unsent && beacon(this.#deps.url, body)) {
      for (const entry of entries) entry.flying = true;
      this.#beaconed.push(...entries);
    } else this.wake(false);
  }

  #next(outcome: Outcome): void {
    const { queue } = this.#deps;
    if (outcome.kind === "later") {
      const wait = backoffMs(this.#failures, outcome.retryAfterMs, this.#deps.random ?? Math.random);
      this.#notBefore = performance.now() + wait;
      this.#schedule(wait, true);
    } else if (queue.waiting > 0) this.wake(false);
    else this.#checkDrained();
  }

  async #send(entries: readonly Entry[], body: string, keepalive: boolean): Promise<Outcome> {
    const { queue } = this.#deps;
    const giveBack = keepalive ? keepaliveBudget.spend(byteLength(body)) : undefined;
    this.counts.requests++;
    const outcome = await post(this.#deps.url, body, keepalive);
    giveBack?.();
    if (outcome.kind === "later") {
      this.counts.failures++;
      this.#failures++;
      queue.release(entries);
      return outcome;
    }
    this.#failures = 0;
    this.#notBefore = 0;
    const removed = queue.remove(entries);
    if (outcome.kind === "stored") this.counts.stored += removed;
    else {
      this.counts.failures++;
      queue.countDropped(removed);
    }
    this.#checkDrained();
    return outcome;
  }

  #tellDropped(): void {
    const dropped = this.#deps.queue.takeDropped();
    if (dropped > 0) attempt(() => this.#deps.onDropped(dropped));
  }

  #checkDrained(): void {
    if (this.#deps.queue.size === 0) for (const then of this.#drained.splice(0)) then();
  }
}

function bodyOf(head: string, entries: readonly Entry[]): string {
  return `${head}${entries.map((entry) => entry.json).join(",")}]}`;
}
