interface Job {
  readonly run: () => Promise<void>;
  running: boolean;
  /** Asked for again while it ran. */
  next: (() => Promise<void>) | null;
}

export interface WorkProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Runs jobs in order, a few at a time, one per key. A key that is asked for while its job waits is in already; one that is
 * asked for while its job runs gets one more run, since the job may have looked too early.
 */
export class WorkQueue {
  readonly #limit: number;
  readonly #onProgress: (progress: WorkProgress | null) => void;
  readonly #jobs = new Map<string, Job>();
  readonly #idle: (() => void)[] = [];
  #running = 0;
  #done = 0;
  #closed = false;

  constructor(limit: number, onProgress: (progress: WorkProgress | null) => void = () => {}) {
    this.#limit = limit;
    this.#onProgress = onProgress;
  }

  /** Counted since the queue was last empty; null while it is. */
  get progress(): WorkProgress | null {
    return this.#jobs.size === 0 ? null : { done: this.#done, total: this.#done + this.#jobs.size };
  }

  /** @param run must not reject. */
  add(key: string, run: () => Promise<void>): void {
    if (this.#closed) return;
    const job = this.#jobs.get(key);
    if (job?.running) job.next = run;
    if (job) return;
    this.#jobs.set(key, { run, running: false, next: null });
    this.#pump();
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    if (this.#jobs.size === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Drops what waits and takes nothing more; resolves when what runs has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const [key, job] of this.#jobs) if (!job.running) this.#jobs.delete(key);
    await this.idle();
  }

  #pump(): void {
    for (const [key, job] of this.#jobs) {
      if (this.#running >= this.#limit) return;
      if (!job.running) void this.#run(key, job);
    }
  }

  async #run(key: string, job: Job): Promise<void> {
    job.running = true;
    this.#running++;
    try {
      await job.run();
    } finally {
      this.#running--;
      this.#jobs.delete(key);
      this.#done++;
      if (job.next) this.add(key, job.next);
      this.#pump();
      this.#onProgress(this.progress ?? { done: this.#done, total: this.#done });
      if (this.#jobs.size === 0) {
        this.#done = 0;
        for (const resolve of this.#idle.splice(0)) resolve();
      }
    }
  }
}
