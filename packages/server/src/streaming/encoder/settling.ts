/** Seeks that come closer together than this belong together. */
const calmMs = 1000;
/** A second seek may be the last; from the third on, the next one is due when the pauses so far have passed twice. */
const settleMs = { least: 250, most: 600 };
/** Segments this close to the last one asked for are the same seek. */
const sameSeek = 2;

/**
 * How long a viewer's seek waits for its encoder. A single seek waits for nothing. When the next one follows at once,
 * each waits until its viewer stands still for a moment: those in between are dropped with their requests, and a storm
 * costs the start of its first seek and that of its last.
 */
export class Settling {
  readonly #nowMs: () => number;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #lastIndex = Number.NEGATIVE_INFINITY;
  #longestGapMs = 0;
  #seeks = 0;
  #dueAtMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** A segment is asked for that no encoder will make soon. @returns ms until one is started for it; 0: at once. */
  seek(index: number): number {
    const now = this.#nowMs();
    const isSame = Math.abs(index - this.#lastIndex) <= sameSeek && now - this.#lastAtMs < calmMs;
    this.#lastIndex = index;
    if (isSame) return Math.max(0, this.#dueAtMs - now);
    const gapMs = now - this.#lastAtMs;
    this.#lastAtMs = now;
    if (gapMs >= calmMs) {
      this.#seeks = 0;
      this.#longestGapMs = 0;
    } else this.#longestGapMs = Math.max(this.#longestGapMs, gapMs);
    this.#seeks++;
    const waitMs = this.#waitMs();
    this.#dueAtMs = now + waitMs;
    return waitMs;
  }

  #waitMs(): number {
    if (this.#seeks === 1) return 0;
    if (this.#seeks === 2) return settleMs.least;
    return Math.min(settleMs.most, Math.max(settleMs.least, 2 * this.#longestGapMs));
  }
}
