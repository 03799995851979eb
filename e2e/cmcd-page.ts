import type { Page } from "playwright-core";
import type { BarePlayer } from "./bare-player-page.js";

/** How a player is told to speak CMCD. */
export interface CmcdMode {
  readonly version: 1 | 2;
  readonly useHeaders?: boolean;
  /** Where the event mode posts. */
  readonly collector?: string;
}

export interface CmcdWatch {
  readonly player: BarePlayer;
  readonly url: string;
  readonly sessionId: string;
  readonly mode: CmcdMode;
  /** How the SDK, which is on the page then, watches the same. */
  readonly sdk: { readonly endpoint: string; readonly key: string; readonly viewId: string } | null;
}

/** What the page itself saw. */
export interface CmcdWatched {
  readonly errors: readonly string[];
  /** Intent → playhead moving, ms. */
  readonly startupMs: number;
  readonly stallsMs: readonly number[];
  /** From the first frame to the end, without pauses, ms. */
  readonly watchMs: number;
}

declare global {
  var Playhead: {
    attach(video: HTMLVideoElement, options: object): { playRequested(at: number): void; stop(): Promise<void> };
  };
  interface Window {
    cmcd: {
      readonly video: HTMLVideoElement;
      readonly errors: string[];
      readonly stallsMs: number[];
      startupMs: number;
      startedAt: number;
      destroy(): Promise<void> | void;
      /** The playhead has stood still for so long, ms. */
      stands(ms: number): Promise<void>;
      /** Seeks, and plays on from there for longer than a hand needs for the next thing. */
      seek(toS: number): Promise<void>;
      /** The film is over: what the page saw of it. */
      ended(): Promise<CmcdWatched>;
      /** The playhead has moved on by so many seconds, however often it was set meanwhile. */
      played(seconds: number): Promise<void>;
    };
  }
}

/** Puts a player that speaks CMCD on the page and starts it, as a click would. */
export const openCmcd = (page: Page, what: CmcdWatch): Promise<void> =>
  page.evaluate(async ({ player, url, sessionId, mode, sdk }) => {
    const video = document.createElement("video");
    video.muted = true;
    document.body.append(video);
    const errors: string[] = [];
    const frames = (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => (condition() || errors.length > 0 ? resolve() : requestAnimationFrame(look));
        look();
      });
    const over = new Promise<number>((resolve) => {
      video.addEventListener("ended", () => resolve(performance.now()), { once: true });
    });
    const state = {
      video,
      errors,
      stallsMs: [] as number[],
      startupMs: Number.NaN,
      startedAt: Number.NaN,
      destroy: () => {},
      played(seconds: number) {
        const from = video.currentTime;
        return frames(() => video.currentTime >= from + seconds);
      },
      stands(ms: number) {
        let at = video.currentTime;
        let since = performance.now();
        return frames(() => {
          if (video.currentTime !== at) since = performance.now();
          at = video.currentTime;
          return performance.now() - since >= ms;
        });
      },
      async seek(toS: number) {
        const done = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
        video.currentTime = toS;
        await done;
        await state.played(0.4);
      },
      async ended() {
        const endedAt = await over;
        const { startupMs, stallsMs, startedAt } = state;
        return { errors, startupMs, stallsMs, watchMs: endedAt - startedAt };
      },
    };
    Object.assign(window, { cmcd: state });

    const events = ["ps", "bc", "rr", "e", "t"];
    const eventTargets =
      mode.collector === undefined ? [] : [{ url: mode.collector, events, interval: 1, batchSize: 1, version: 2 }];
    if (player === "hls.js") {
      const hls = new Hls({
        enableWorker: false,
        // So little that a cut network is felt at once.
        maxBufferLength: 2,
        maxMaxBufferLength: 2,
        cmcd: { sessionId, version: mode.version, useHeaders: mode.useHeaders ?? false, eventTargets },
      });
      hls.on(Hls.Events.ERROR, (_, data) => {
        if (data.fatal) errors.push(`${data.type} ${data.details}`);
      });
      const handle = sdk && Playhead.attach(video, { ...sdk, engine: hls });
      hls.attachMedia(video);
      Object.assign(state, {
        destroy: async () => {
          hls.destroy();
          await handle?.stop();
        },
      });
      state.startedAt = performance.now();
      handle?.playRequested(state.startedAt);
      hls.loadSource(url);
    } else {
      const shakaPlayer = new shaka.Player();
      shakaPlayer.configure({
        // With less it calls each of its requests urgent.
        streaming: { bufferingGoal: 3 },
        cmcd: {
          enabled: true,
          sessionId,
          contentId: "",
          useHeaders: mode.useHeaders ?? false,
          version: mode.version,
          eventTargets: eventTargets.map((target) => ({ ...target, enabled: true })),
        },
      });
      shakaPlayer.addEventListener("error", ({ detail }) => errors.push(String(detail?.code)));
      await shakaPlayer.attach(video);
      Object.assign(state, { destroy: () => shakaPlayer.destroy() });
      state.startedAt = performance.now();
      void shakaPlayer.load(url).catch((error: unknown) => errors.push(String(error)));
    }
    const intentAt = state.startedAt;
    video.play().catch((error: unknown) => errors.push(`play: ${String(error)}`));
    await frames(() => video.currentTime > 0 && !video.paused);
    state.startedAt = performance.now();
    state.startupMs = state.startedAt - intentAt;

    let stillSince: number | undefined;
    let last = video.currentTime;
    let disturbed = false;
    const watch = () => {
      const now = performance.now();
      disturbed ||= video.seeking || video.paused || video.ended;
      if (video.currentTime === last) stillSince ??= now;
      else {
        if (stillSince !== undefined && !disturbed && now - stillSince >= 250) state.stallsMs.push(now - stillSince);
        stillSince = undefined;
        disturbed = false;
      }
      last = video.currentTime;
      requestAnimationFrame(watch);
    };
    watch();
  }, what);
