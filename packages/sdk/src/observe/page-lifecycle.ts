import { attempt } from "./guard.js";
import { listen, type Stop, startAll } from "./listen.js";

export interface PageWatcher {
  /** The page can no longer be seen; this may be the last that its scripts hear. */
  hidden(): void;
  /** The page goes, for good (`final`) or into the back/forward cache or a freeze, where no time passes for it. */
  leaving(final: boolean): void;
  /** It is there again. */
  back(): void;
}

/** What this page is to its viewer. Nothing promises that the scripts of one that is not seen run again. */
export type PageState = "seen" | "hidden" | "gone";

let gone = false;

const unseen = (): boolean => attempt(() => document.visibilityState) === "hidden";

export const pageState = (): PageState => (gone ? "gone" : unseen() ? "hidden" : "seen");

/**
 * `pagehide` and `visibilitychange` only: `unload` and `beforeunload` are unreliable on phones, and listening to them
 * keeps a page out of the back/forward cache.
 */
export function observePageLifecycle(watcher: PageWatcher): Stop {
  const leaving = (final: boolean) => {
    gone = true;
    watcher.leaving(final);
  };
  const back = () => {
    gone = false;
    watcher.back();
  };
  const turned = () => (unseen() ? watcher.hidden() : back());
  return startAll([
    () => listen(document, ["visibilitychange"], turned, true),
    () => listen(document, ["freeze"], () => leaving(false), true),
    () => listen(document, ["resume"], back, true),
    () =>
      listen(
        window,
        ["pagehide"],
        (event) => leaving(!(event instanceof PageTransitionEvent && event.persisted)),
        true,
      ),
    () => listen(window, ["pageshow"], back, true),
    () => listen(window, ["online"], () => watcher.back(), true),
  ]);
}
