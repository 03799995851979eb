import { AppError } from "../../errors.js";

/** Whoever waits in front of a player goes first. */
export type EncoderPriority = "playing" | "prewarm";

/** Holds a slot, and says how well it could do without it. */
export interface SlotHolder {
  /** Segments that it is ahead of its viewers; undefined while someone waits for it. */
  readonly slack: () => number | undefined;
  /** Gives the slot up: its encoder ends. */
  readonly yieldSlot: () => void;
}

interface Waiter {
  readonly priority: EncoderPriority;
  readonly holder: SlotHolder;
  readonly grant: () => void;
}

/** An encoder this many segments ahead may be ended for somebody who waits: a later request starts it again. */
const slackToYield = 4;

/**
 * The limit of encoders that run at once. Waiters are served in order, players before pre-warming; an encoder that only
 * works ahead yields to somebody who has nothing to play.
 */
export class EncoderSlots {
  readonly #limit: number;
  readonly #waitMs: number;
  readonly #holders = new Set<SlotHolder>();
  readonly #waiters: Waiter[] = [];

  constructor(limit: number, waitMs = 30_000) {
    this.#limit = limit;
    this.#waitMs = waitMs;
  }

  get inUse(): number {
    return this.#holders.size;
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  /**
   * Waits for a slot. The caller gives it back with `release`.
   * @throws {AppError} busy, when none got free in time.
   */
  async acquire(holder: SlotHolder, priority: EncoderPriority, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#holders.size < this.#limit && this.#waiters.length === 0) {
      this.#holders.add(holder);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        const place = this.#waiters.indexOf(waiter);
        if (place >= 0) this.#waiters.splice(place, 1);
      };
      const onAbort = () => {
        leave();
        reject(signal.reason instanceof Error ? signal.reason : new Error("No longer wanted"));
      };
      const timer = setTimeout(() => {
        leave();
        reject(new AppError("busy", { message: "All encoders are busy. Try again in a moment.", retryAfterS: 5 }));
      }, this.#waitMs);
      const waiter: Waiter = {
        priority,
        holder,
        grant: () => {
          leave();
          this.#holders.add(holder);
          resolve();
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  release(holder: SlotHolder): void {
    if (this.#holders.delete(holder)) this.#serve();
  }

  /** Somebody's slack changed: perhaps it can yield now. */
  reconsider(): void {
    if (this.#waiters.length > 0) this.#serve();
  }

  #serve(): void {
    for (;;) {
      const next = this.#waiters.find((waiter) => waiter.priority === "playing") ?? this.#waiters[0];
      if (next === undefined) return;
      if (this.#holders.size < this.#limit) {
        next.grant();
        continue;
      }
      if (next.priority !== "playing") return;
      const idle = [...this.#holders]
        .map((holder) => ({ holder, slack: holder.slack() ?? -1 }))
        .filter(({ slack }) => slack >= slackToYield)
        .toSorted((a, b) => b.slack - a.slack)[0];
      if (idle === undefined) return;
      this.#holders.delete(idle.holder);
      idle.holder.yieldSlot();
    }
  }
}
