import { AppError } from "../../errors.js";
import { isForViewers, mayTake, rank, type SlotClaim, urgencyS } from "./slot-claim.js";

/** Wants a slot, or has one. */
export interface SlotHolder {
  /** What it is worth at this moment: a run's worth changes as its viewers come, wait and go. */
  readonly claim: () => SlotClaim;
  /** Gives the slot up: its encoder ends. */
  readonly yieldSlot: () => void;
}

export interface EncoderSlotsOptions {
  /** Longest wait of somebody who plays, ms. Warm-ups and thumbnails wait until their signal aborts. */
  readonly waitMs?: number;
  /** Whether this machine keeps up with one viewer more; without that, a newcomer takes nobody's slot. */
  readonly hasRoomForNewcomer?: () => boolean;
}

interface Waiter {
  readonly holder: SlotHolder;
  readonly grant: () => void;
}

/**
 * The limit of encoders that run at once, and who goes first: playing, then look-ahead, then warm-ups, then thumbnails.
 * A lower class yields at once to a higher one; among those who play, whoever runs dry first is served first.
 */
export class EncoderSlots {
  readonly #limit: number;
  readonly #options: EncoderSlotsOptions;
  readonly #holders = new Set<SlotHolder>();
  readonly #waiters: Waiter[] = [];

  constructor(limit: number, options: EncoderSlotsOptions = {}) {
    this.#limit = limit;
    this.#options = options;
  }

  get limit(): number {
    return this.#limit;
  }

  get inUse(): number {
    return this.#holders.size;
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  /**
   * Waits for a slot. The caller gives it back with `release`.
   * @throws {AppError} busy, when none got free in time for somebody who plays.
   */
  async acquire(holder: SlotHolder, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#holders.size < this.#limit && this.#waiters.length === 0) {
      this.#holders.add(holder);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const waitMs = this.#options.waitMs ?? 30_000;
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
      // What was a warm-up may have become somebody's playing since: its wait counts from then on.
      let isPlaying = isForViewers(holder.claim());
      const onTooLong = () => {
        const wasPlaying = isPlaying;
        isPlaying = isForViewers(holder.claim());
        if (!wasPlaying || !isPlaying) {
          timer = setTimeout(onTooLong, waitMs);
          return;
        }
        leave();
        reject(new AppError("busy", { message: this.#whyBusy(holder.claim()), retryAfterS: 5 }));
      };
      let timer = setTimeout(onTooLong, waitMs);
      const waiter: Waiter = {
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

  /** Somebody's claim changed: perhaps a slot goes to another now. */
  reconsider(): void {
    if (this.#waiters.length > 0) this.#serve();
  }

  #serve(): void {
    while (this.#waiters.length > 0) {
      const inOrder = this.#waiters
        .map((waiter) => ({ waiter, claim: waiter.holder.claim() }))
        .toSorted((a, b) => rank(a.claim) - rank(b.claim) || urgencyS(a.claim) - urgencyS(b.claim));
      if (this.#holders.size < this.#limit) {
        inOrder[0]?.waiter.grant();
        continue;
      }
      const victim = inOrder.flatMap(({ claim }) => this.#victimOf(claim) ?? [])[0];
      if (victim === undefined) return;
      this.#holders.delete(victim);
      victim.yieldSlot();
    }
  }

  /** Of those who may have to yield to a claim, the one who misses the slot least. */
  #victimOf(claim: SlotClaim): SlotHolder | undefined {
    const hasRoom = this.#hasRoomFor(claim);
    return [...this.#holders]
      .map((holder) => ({ holder, held: holder.claim() }))
      .filter(({ held }) => mayTake(claim, held, hasRoom))
      .toSorted((a, b) => rank(b.held) - rank(a.held) || b.held.runwayS - a.held.runwayS)[0]?.holder;
  }

  #hasRoomFor(claim: SlotClaim): boolean {
    return claim.isNewcomer !== true || (this.#options.hasRoomForNewcomer?.() ?? true);
  }

  #whyBusy(claim: SlotClaim): string {
    if (!this.#hasRoomFor(claim)) {
      return "The server already converts as many films as it can without holding up those who watch. Try again later.";
    }
    const encoders = this.#limit === 1 ? "The encoder is" : `All ${this.#limit} encoders are`;
    return `${encoders} busy with what others watch. Try again in a moment.`;
  }
}
