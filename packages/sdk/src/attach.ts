import { attempt, faultCount } from "./observe/guard.js";
import { listen, type Stop } from "./observe/listen.js";
import type { AttachOptions, Handle, Stats } from "./options.js";
import type { Adapter } from "./players/engine.js";
import { mayWatch } from "./privacy.js";
import { createClock } from "./record/clock.js";
import { openView, type View } from "./view.js";

/**
 * Watches one video element: what the viewer experiences is recorded, and sent to `options.endpoint` in batches.
 * Call it before the source is given to the element or to its player, and `playRequested` at the click, so that the
 * startup is seen whole. Nothing in it throws into the page; where a browser lacks something, that is not recorded.
 */
export type Attach = (video: HTMLVideoElement, options?: AttachOptions) => Handle;

/** An `attach` that knows these libraries. */
export const attachWith =
  (...adapters: readonly Adapter[]): Attach =>
  (video, options = {}) =>
    watch(video, options, adapters);

/** What there is to say where no view could be opened. */
const nothing = {
  viewId: "",
  state: "off",
  recorded: 0,
  stored: 0,
  queued: 0,
  dropped: 0,
  requests: 0,
  failedRequests: 0,
} satisfies Omit<Stats, "faults">;

function watch(video: HTMLVideoElement, options: AttachOptions, adapters: readonly Adapter[]): Handle {
  let current: View | undefined;
  let stopped = false;
  let given = options;

  /** Waits for play to be pressed again after the end. */
  let stopWaiting: Stop = () => {};

  const open = (next: AttachOptions, playedAt?: number) => {
    stopWaiting();
    given = next;
    current = attempt(() =>
      mayWatch(next)
        ? openView(video, next, { adapters, onEnded: awaitReplay, ...(playedAt === undefined ? {} : { playedAt }) })
        : undefined,
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
    setEngine: (engine) =>
      act((view) => {
        given = { ...given, engine };
        view.setEngine(engine);
      }),
    fail: (error) => act((view) => view.fail(error)),
    replaceView(next = {}) {
      if (stopped) return;
      void calm(() => current?.end("replaced"));
      const { viewId: _, ...rest } = given;
      open({ ...rest, ...next });
    },
    flush: () => calm(() => current?.flush()),
    stop: (reason = "left") => {
      stopped = true;
      stopWaiting();
      return calm(() => current?.end(reason));
    },
    stats: () => attempt(() => current?.stats()) ?? { ...nothing, faults: faultCount() },
  };
}
