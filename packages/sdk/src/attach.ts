import { attempt, faultCount } from "./observe/guard.js";
import { listen, type Stop } from "./observe/listen.js";
import type { AttachOptions, Handle, Stats } from "./options.js";
import { createClock } from "./record/clock.js";
import { openView, type View } from "./view.js";

/**
 * Watches one video element: what the viewer experiences is recorded, and sent to `options.endpoint` in batches.
 * Call it before the source is given to the element or to hls.js, and `playRequested` at the click, so that the startup
 * is seen whole. Nothing in it throws into the page; where a browser lacks something, that is not recorded.
 */
export function attach(video: HTMLVideoElement, options: AttachOptions = {}): Handle {
  let current: View | undefined;
  let stopped = false;
  let given = options;

  /** Waits for play to be pressed again after the end. */
  let stopWaiting: Stop = () => {};

  const open = (next: AttachOptions, playedAt?: number) => {
    stopWaiting();
    given = next;
    current = attempt(() =>
      openView(video, next, { onEnded: awaitReplay, ...(playedAt === undefined ? {} : { playedAt }) }),
    );
  };
  const awaitReplay = () => {
    stopWaiting = listen(video, ["play"], (event) => {
      const { viewId: _, ...rest } = given;
      open(rest, createClock(given.now).eventTime(event));
    });
  };
  /** Promises of the handle resolve, whatever happens. */
  const calm = async (work: () => Promise<void> | undefined) => {
    await attempt(work)?.catch(() => {});
  };
  const act = (work: (view: View) => void) => {
    if (current && !stopped) attempt(() => current && work(current));
  };

  open(options);
  return {
    get viewId() {
      return current?.viewId ?? "";
    },
    playRequested: (at) => act((view) => view.playRequested(at)),
    setContext: (partial) =>
      act((view) => {
        given = { ...given, ...partial };
        view.setContext(partial);
      }),
    custom: (name, data) => act((view) => view.custom(name, data)),
    fail: (error) => act((view) => view.fail(error)),
    replaceView: (next = {}) =>
      act((view) => {
        void view.end("replaced").catch(() => {});
        const { viewId: _, ...rest } = given;
        open({ ...rest, ...next });
      }),
    flush: () => calm(() => current?.flush()),
    stop: (reason = "left") => {
      stopped = true;
      stopWaiting();
      return calm(() => current?.end(reason));
    },
    stats: () => attempt(() => current?.stats()) ?? none(faultCount()),
  };
}

/** What there is to say when no view could be opened. */
function none(faults: number): Stats {
  const [recorded, stored, queued, dropped, requests, failedRequests] = [0, 0, 0, 0, 0, 0];
  return { viewId: "", state: "idle", recorded, stored, queued, dropped, requests, failedRequests, faults };
}
