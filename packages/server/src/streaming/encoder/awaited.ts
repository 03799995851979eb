/** Something that is being made, and those who wait for it. */
export class Awaited<T> {
  readonly #promise: Promise<T>;
  #resolve: (value: T) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #waiters = 0;

  constructor() {
    this.#promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Nobody may be left to hear of a failure.
    this.#promise.catch(() => {});
  }

  /** How many still wait. */
  get waiters(): number {
    return this.#waiters;
  }

  resolve(value: T): void {
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#reject(error);
  }

  /**
   * Waits until it is there, or until the one who waits gives up.
   * @param onGivenUp called when the last one gave up.
   */
  async wait(signal: AbortSignal, onGivenUp: () => void): Promise<T> {
    signal.throwIfAborted();
    this.#waiters++;
    let onAbort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error("No longer wanted"));
      signal.addEventListener("abort", onAbort, { once: true });
    });
    try {
      return await Promise.race([this.#promise, aborted]);
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#waiters--;
      if (this.#waiters === 0 && signal.aborted) onGivenUp();
    }
  }
}
