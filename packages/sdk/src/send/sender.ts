import { attempt, guard } from "../observe/guard.js";
import type { PageState } from "../observe/page-lifecycle.js";
import type { Entry, EventQueue } from "../queue/event-queue.js";
import { backoffMs } from "./backoff.js";
import { bodyOf, roomBeside } from "./body.js";
import { ContextTold } from "./context-told.js";
import { keepaliveBudget } from "./keepalive-budget.js";
import type { Leftover } from "./leftovers.js";
import { type Body, pack, sizeOf } from "./pack.js";
import { beacon, type Outcome, post } from "./post.js";

/** An ordinary batch goes with `keepalive` if it is small: then it survives the page, and leaves room for the last one. */
const SMALL_BODY_BYTES = 16 * 1024;

export interface SenderDeps {
  readonly queue: EventQueue;
  readonly url: string;
  readonly context: () => object;
  /** Unix ms. */
  readonly now: () => number;
  readonly batchMs: number;
  /** An event that was sent in vain once and then so many times more is given up. */
  readonly maxRetries: number;
  /** Records how many events were given up. */
  readonly onDropped: (count: number) => void;
  /** The server answers, and has stored something. */
  readonly onStored: () => void;
  /** Writes down what is not acknowledged, in the place of what was written before (`leftovers.ts`). */
  readonly keep: (before: string | undefined, next: Leftover | undefined) => string | undefined;
  readonly page: () => PageState;
  readonly random?: () => number;
}

export interface SendCounts {
  requests: number;
  failures: number;
  stored: number;
}

interface Flight {
  readonly entries: readonly Entry[];
  /** It has left in a request that survives the page. */
  safe: boolean;
  /** Its events have left in another request, before it did. */
  overtaken: boolean;
  done: Promise<void>;
}

/** No failure of ours is the page's, not even as an unhandled rejection. */
const caught = (): void => {};

/**
 * Takes events off the queue when the server has them, and not before. One request at a time; after a failure it waits.
 * Only a page that is going away sends beside a request that is still under way.
 */
export class Sender {
  readonly counts: SendCounts = { requests: 0, failures: 0, stored: 0 };
  readonly #deps: SenderDeps;
  readonly #told: ContextTold;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flight: Flight | null = null;
  #failures = 0;
  /** Until when it waits, by its own backoff and by the server's word. */
  #notBefore = 0;
  #asked = 0;
  #urgent = false;
  /** Given to `sendBeacon`: nobody will say whether they arrived. */
  #beaconed: Entry[] = [];
  #drained: (() => void)[] = [];
  /** Where the queue is written down, if it is. */
  #kept: string | undefined;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    this.#told = new ContextTold(deps.context);
  }

  /** Something was queued; `urgent` goes at once, the rest with the next batch. */
  wake(urgent: boolean): void {
    // What is recorded after the farewell: by a view that is opened while the page goes, by sound that plays on unseen.
    if (this.#deps.page() !== "seen") this.#keep();
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

  /**
   * The page is hidden, or goes: what is left leaves now, in requests that outlive the page, as far as they may, and all
   * that is not acknowledged is written down for the next visit.
   */
  farewell(): void {
    const { queue, now } = this.#deps;
    const flight = this.#flight;
    // What a request carries that is still being compressed, or dies with the page, goes again; ids make a repeat harmless.
    if (flight && !flight.safe && !flight.overtaken) {
      flight.overtaken = true;
      queue.release(flight.entries);
    }
    this.#tellDropped();
    while (performance.now() >= this.#asked) {
      const [context, commit] = this.#told.next();
      const entries = queue.take(Math.min(roomBeside(context), keepaliveBudget.left - sizeOf(context)), true);
      if (entries.length === 0) break;
      this.#sendLast(entries, bodyOf(now(), context, entries), commit).catch(caught);
    }
    this.#keep();
  }

  /** The page is there again, or the network: try now, also again what a beacon may or may not have delivered. */
  comeBack(): void {
    this.#deps.queue.release(this.#beaconed.splice(0));
    this.#notBefore = this.#asked;
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
    const { queue, now } = this.#deps;
    const [context, commit] = this.#told.next();
    const entries = queue.take(roomBeside(context));
    if (entries.length === 0) return this.#checkDrained();
    const flight: Flight = { entries, safe: false, overtaken: false, done: Promise.resolve() };
    this.#flight = flight;
    flight.done = this.#fly(flight, bodyOf(now(), context, entries), commit, queue.waiting > 0).catch(caught);
  }

  async #fly(flight: Flight, text: string, commit: () => void, more: boolean): Promise<void> {
    const body = await pack(text);
    let outcome: Outcome | undefined;
    if (!flight.overtaken) {
      flight.safe = sizeOf(body) <= Math.min(SMALL_BODY_BYTES, keepaliveBudget.left);
      outcome = await this.#send(flight.entries, body, commit, flight.safe);
    }
    this.#flight = null;
    // A backlog does not wait from batch to batch.
    if (more) this.#urgent = true;
    this.#next(outcome);
  }

  async #sendLast(entries: readonly Entry[], body: string, commit: () => void): Promise<void> {
    const outcome = await this.#send(entries, body, commit, true);
    if (outcome.kind === "later" && outcome.unsent && beacon(this.#deps.url, body)) {
      for (const entry of entries) entry.flying = true;
      this.#beaconed.push(...entries);
    } else if (!this.#flight) this.#next(outcome);
  }

  #next(outcome: Outcome | undefined): void {
    if (outcome?.kind === "later") {
      const wait = backoffMs(this.#failures, outcome.retryAfterMs, this.#deps.random ?? Math.random);
      const now = performance.now();
      this.#notBefore = now + wait;
      if (outcome.retryAfterMs !== undefined) this.#asked = now + outcome.retryAfterMs;
      this.#schedule(wait, true);
      return;
    }
    const { waiting, untold } = this.#deps.queue;
    // Where all is refused, word of it would be too, for ever: it waits for the next event.
    if (waiting > 0 || (untold > 0 && outcome?.kind === "settled" && outcome.rejected !== "all")) this.wake(false);
    else this.#checkDrained();
  }

  async #send(entries: readonly Entry[], body: Body, commit: () => void, keepalive: boolean): Promise<Outcome> {
    const { queue, url, maxRetries, onStored } = this.#deps;
    const giveBack = keepalive ? keepaliveBudget.spend(sizeOf(body)) : undefined;
    this.counts.requests++;
    const outcome = await post(url, body, keepalive);
    giveBack?.();
    const stored = outcome.kind === "settled" && outcome.rejected !== "all";
    if (!stored) this.counts.failures++;
    if (outcome.kind === "later") {
      this.#failures++;
      queue.release(entries);
      // Without a network there was no try.
      if (attempt(() => navigator.onLine) !== false) queue.drop(entries.filter((entry) => ++entry.tries > maxRetries));
      this.#keep();
      return outcome;
    }
    this.#failures = this.#notBefore = this.#asked = 0;
    this.counts.stored += queue.settle(entries, outcome.rejected);
    if (this.#kept) this.#keep();
    if (stored) {
      commit();
      attempt(onStored);
    }
    this.#checkDrained();
    return outcome;
  }

  /** What is written down is what is in the queue. */
  #keep(): void {
    const { queue, url, context, page, keep } = this.#deps;
    attempt(() => {
      const next = { url, context: JSON.stringify(context()), gone: page() === "gone", entries: queue.entries };
      this.#kept = keep(this.#kept, queue.size > 0 ? next : undefined);
    });
  }

  #tellDropped(): void {
    const { queue } = this.#deps;
    const count = queue.untold;
    queue.untold = 0;
    if (count > 0) attempt(() => this.#deps.onDropped(count));
  }

  #checkDrained(): void {
    const { size, untold } = this.#deps.queue;
    if (size + untold === 0) for (const then of this.#drained.splice(0)) then();
  }
}
