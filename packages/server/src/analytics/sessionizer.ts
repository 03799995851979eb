import { setTimeout as sleep } from "node:timers/promises";
import { foldView } from "@playhead/qoe";
import { type DueView, type StoredView, StoreUnavailableError, type TelemetryStore } from "@playhead/store";
import type { FastifyBaseLogger } from "fastify";
import { inParallel } from "./in-parallel.js";

/** Events of one view come in bursts: this much later, a burst is folded once. */
const COALESCE_MS = 200;
const BATCH = 200;
/** Views that are read at once: enough to hide a round trip, few enough to leave connections to others. */
const READS = 4;
/** A view without an event for this long is over. */
export const SILENT_AFTER_MS = 5 * 60_000;
const SWEEP_MS = 15_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

export interface SessionizerOptions {
  readonly store: TelemetryStore;
  readonly log: FastifyBaseLogger;
  readonly now?: () => number;
}

interface Folded {
  readonly view: StoredView;
  readonly mark: bigint;
}

export type FoldListener = (views: readonly StoredView[]) => void;

/** Keeps `views` in step with the event log. */
export interface Sessionizer {
  /** Events were committed. Returns at once; their views are folded shortly after. */
  notify(): void;
  /** Calls back after each group of views is stored; with no views when silent ones were closed. @returns stops that. */
  onFolded(listener: FoldListener): () => void;
  /** Resolves when nothing is due that it knows of. */
  idle(): Promise<void>;
  /** Folds what a crash, or another server, left; then goes on until `stop`. */
  start(): Promise<void>;
  /** Folds what is due, unless the database is away: then the next start does. */
  stop(): Promise<void>;
}

export function createSessionizer({ store, log, now = Date.now }: SessionizerOptions): Sessionizer {
  const listeners = new Set<FoldListener>();
  const ending = new AbortController();
  /** Due work was announced, and no pass over it has begun. */
  let wanted = false;
  let sweepWanted = false;
  const complained = new Map<string, bigint>();
  let running: Promise<void> | undefined;
  let sweeper: NodeJS.Timeout | undefined;

  const tell = (views: readonly StoredView[]) => {
    for (const listener of listeners) {
      try {
        listener(views);
      } catch (error) {
        log.error({ err: error }, "A listener to folded views failed");
      }
    }
  };

  const foldOne = async ({ appId, viewId, mark }: DueView) => {
    const events = await store.events.ofView(appId, viewId);
    if (events.length === 0) return undefined;
    try {
      return { view: { ...foldView(events), appId, viewId }, mark };
    } catch (error) {
      complain(error, { appId, viewId, mark });
      return undefined;
    }
  };

  /** One view that can't be folded or stored must not keep the others from it. It is said once, not at every pass. */
  const complain = (error: unknown, { viewId, mark }: DueView) => {
    if (complained.get(viewId) === mark) return;
    if (complained.size >= 1_000) complained.clear();
    complained.set(viewId, mark);
    log.error({ err: error, viewId }, "Could not fold a view");
  };

  const put = async (folded: readonly Folded[]): Promise<readonly Folded[]> => {
    try {
      await store.views.put(folded);
      return folded;
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      const [only] = folded;
      if (only !== undefined && folded.length === 1) {
        complain(error, { ...only.view, mark: only.mark });
        return [];
      }
      const stored: Folded[] = [];
      for (const each of folded) stored.push(...(await put([each])));
      return stored;
    }
  };

  /** Folds all that is due. A pass that stores nothing ends it, so that what can't be folded is not tried for ever. */
  const foldDue = async () => {
    for (;;) {
      let stored = 0;
      const taken = await store.views.withDue(BATCH, async (due) => {
        const folded = (await inParallel(READS, due, foldOne)).filter((view) => view !== undefined);
        if (folded.length === 0) return;
        const done = await put(folded);
        stored = done.length;
        tell(done.map(({ view }) => view));
      });
      if (taken < BATCH || stored === 0) return;
    }
  };

  const closeSilent = async () => {
    const closed = await store.views.closeSilent(now() - SILENT_AFTER_MS);
    if (closed > 0) tell([]);
  };

  /** Works until nothing is wanted; through an outage of the database it waits and tries again. */
  const work = async () => {
    let retryMs = 0;
    while (wanted) {
      await sleep(Math.max(COALESCE_MS, retryMs), undefined, { signal: ending.signal }).catch(() => undefined);
      wanted = false;
      try {
        await foldDue();
        if (sweepWanted) await closeSilent();
        sweepWanted = false;
        if (retryMs > 0) log.info("Views are folded again");
        retryMs = 0;
      } catch (error) {
        wanted = true;
        if (ending.signal.aborted) {
          log.warn({ err: error }, "Views were left for the next start to fold");
          return;
        }
        if (retryMs === 0) log.warn({ err: error }, "Could not fold views; trying again");
        retryMs = retryMs === 0 ? FIRST_RETRY_MS : Math.min(LAST_RETRY_MS, retryMs * 2);
      }
    }
  };

  const notify = () => {
    wanted = true;
    if (ending.signal.aborted) return;
    running ??= work().finally(() => {
      running = undefined;
      if (wanted) notify();
    });
  };

  /** Folds too: another server may have died over its views, and whoever is left takes them. */
  const sweep = () => {
    sweepWanted = true;
    notify();
  };

  return {
    notify,
    onFolded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async idle() {
      for (let work = running; work !== undefined; work = running) await work;
    },
    async start() {
      sweep();
      sweeper = setInterval(sweep, SWEEP_MS);
      sweeper.unref();
    },
    async stop() {
      clearInterval(sweeper);
      ending.abort();
      await running;
    },
  };
}
