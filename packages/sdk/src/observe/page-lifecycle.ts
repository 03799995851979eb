import { listen, type Stop, startAll } from "./listen.js";

export interface PageWatcher {
  /** The page can no longer be seen; this may be the last that its scripts hear. */
  hidden(): void;
  /** The page goes, for good (`final`) or into the back/forward cache or a freeze, where no time passes for it. */
  leaving(final: boolean): void;
  /** It is there again. */
  back(): void;
}

/**
 * `pagehide` and `visibilitychange` only: `unload` and `beforeunload` are unreliable on phones, and listening to them
 * keeps a page out of the back/forward cache.
 */
export function observePageLifecycle(watcher: PageWatcher): Stop {
  const seen = () => (document.visibilityState === "hidden" ? watcher.hidden() : watcher.back());
  return startAll([
    () => listen(document, ["visibilitychange"], seen, { capture: true }),
    () => listen(document, ["freeze"], () => watcher.leaving(false), { capture: true }),
    () => listen(document, ["resume"], () => watcher.back(), { capture: true }),
    () =>
      listen(
        window,
        ["pagehide"],
        (event) => watcher.leaving(!(event instanceof PageTransitionEvent && event.persisted)),
        { capture: true },
      ),
    () => listen(window, ["pageshow", "online"], () => watcher.back(), { capture: true }),
  ]);
}
