import { randomUUID } from "node:crypto";
import { DEFAULT_APP_ID } from "@playhead/protocol";
import { StoreUnavailableError, type WorkBatch, type WorkStore, workAges } from "@playhead/store";
import type { FastifyBaseLogger } from "fastify";
import type { Handlers } from "../subscriber.js";
import { createTally } from "./tally.js";

export interface KeepWorkOptions {
  readonly work: WorkStore;
  readonly log: FastifyBaseLogger;
  /** Unix ms. */
  readonly now?: () => number;
  /** Until what came is added to the store, ms. */
  readonly everyMs?: number;
}

/** Keeps the sums of what sessions and encoders did (decision 46). */
export interface WorkKeeper {
  readonly handlers: Handlers;
  /** Messages that are in no stored sum. */
  readonly lost: number;
  start(): void;
  /** Adds to the store now what came, and what could not be added before. Never rejects. */
  flush(): Promise<void>;
  /** The same, once, and not again. */
  stop(): Promise<void>;
}

const EVERY_MS = 10_000;
const THIN_EVERY_MS = 6 * 3_600_000;

export function keepWork({ work, log, now = Date.now, everyMs = EVERY_MS }: KeepWorkOptions): WorkKeeper {
  const tally = createTally();
  const writer = randomUUID();
  let seq = 0;
  /** Sent, and not answered: it stays as it is until it is, so that the store knows it again. */
  let batch: WorkBatch | undefined;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let thinnedAt = Number.NEGATIVE_INFINITY;
  let away = false;

  const nextBatch = (): WorkBatch | undefined =>
    tally.size === 0 ? undefined : { appId: DEFAULT_APP_ID, writer, seq: ++seq, ...tally.take() };

  async function add(): Promise<void> {
    // Twice: one that was left, and what came meanwhile.
    for (let turn = 0; turn < 2; turn++) {
      batch ??= nextBatch();
      if (batch === undefined) return;
      try {
        await work.add(batch);
      } catch (error) {
        if (error instanceof StoreUnavailableError) throw error;
        log.error({ err: error }, "What encoders did could not be stored, and is left out");
      }
      batch = undefined;
    }
  }

  async function thin(): Promise<void> {
    if (now() - thinnedAt < THIN_EVERY_MS) return;
    thinnedAt = now();
    for (const { olderThanMs, slotMs } of workAges) await work.thin(now() - olderThanMs, slotMs);
  }

  async function run(): Promise<void> {
    try {
      await add();
      if (away) log.info("What encoders do is stored again");
      away = false;
      if (timer !== undefined) await thin();
    } catch (error) {
      if (!away) log.warn({ err: error }, "What encoders do waits to be stored");
      away = true;
    }
  }

  const flush = async () => {
    await running;
    running ??= run().finally(() => {
      running = undefined;
    });
    await running;
  };

  return {
    handlers: tally.handlers,
    get lost() {
      return tally.lost;
    },
    start() {
      timer ??= setInterval(() => {
        if (running === undefined) void flush();
      }, everyMs);
      timer.unref();
    },
    flush,
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await flush();
    },
  };
}
