import { DEFAULT_APP_ID, type LiveReply } from "@playhead/protocol";
import type { TelemetryStore } from "@playhead/store";
import type { FastifyBaseLogger } from "fastify";
import type { Sessionizer } from "./sessionizer.js";
import { concurrent, viewRow } from "./view-row.js";

/** Heartbeats come every 10 s, in a throttled tab every minute: who is silent for longer than this is not here now. */
const LIVE_FOR_MS = 90_000;
/** At most so often, however many views are folded; the first of a burst is told at once. */
const PUSH_EVERY_MS = 500;
/** Views that fell silent leave the list without a fold. */
const REFRESH_MS = 10_000;

export interface LiveViewsOptions {
  readonly store: TelemetryStore;
  readonly sessionizer: Sessionizer;
  readonly log: FastifyBaseLogger;
  readonly now?: () => number;
}

/** The views that are open now: read once for all who watch, and only while somebody does. */
export interface LiveViews {
  read(): Promise<LiveReply>;
  /** Calls back soon, and whenever views change. @returns stops that. */
  watch(watcher: (live: LiveReply) => void): () => void;
}

export function createLiveViews({ store, sessionizer, log, now = Date.now }: LiveViewsOptions): LiveViews {
  const watchers = new Set<(live: LiveReply) => void>();
  let stopListening: (() => void) | undefined;
  let refresher: NodeJS.Timeout | undefined;
  let due: NodeJS.Timeout | undefined;
  /** When views were read last, by the monotonic clock. */
  let readAt = Number.NEGATIVE_INFINITY;
  let reading = false;
  let again = false;

  const read = async (): Promise<LiveReply> => {
    const at = now();
    const views = await store.views.live(DEFAULT_APP_ID, at - LIVE_FOR_MS);
    return { at, concurrent: concurrent(views), views: views.map(viewRow) };
  };

  const push = async () => {
    due = undefined;
    reading = true;
    readAt = performance.now();
    try {
      const live = await read();
      for (const watcher of watchers) watcher(live);
    } catch (error) {
      // The next fold, or the next refresh, tries again.
      log.warn({ err: error }, "Could not read the live views");
    } finally {
      reading = false;
      if (again && watchers.size > 0) {
        again = false;
        soon();
      }
    }
  };

  /** At once, unless views were read just now. */
  const soon = () => {
    if (reading) again = true;
    else due ??= setTimeout(() => void push(), Math.max(0, readAt + PUSH_EVERY_MS - performance.now()));
  };

  return {
    read,
    watch(watcher) {
      watchers.add(watcher);
      stopListening ??= sessionizer.onFolded(soon);
      refresher ??= setInterval(soon, REFRESH_MS);
      soon();
      return () => {
        watchers.delete(watcher);
        if (watchers.size > 0) return;
        stopListening?.();
        clearInterval(refresher);
        clearTimeout(due);
        stopListening = refresher = due = undefined;
        again = false;
      };
    },
  };
}
