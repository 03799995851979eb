import type { Context } from "@playhead/protocol";
import { observeBlocked } from "./observe/blocked.js";
import { readDevice } from "./observe/device.js";
import { observeElement } from "./observe/element.js";
import { observeElementErrors } from "./observe/element-errors.js";
import { observeElementQuality } from "./observe/element-quality.js";
import { observeFirstFrame } from "./observe/first-frame.js";
import { frameCounter } from "./observe/frames.js";
import { attempt, faultCount, guard } from "./observe/guard.js";
import { observeInteractions } from "./observe/interactions.js";
import { every, listen, type Stop, startAll } from "./observe/listen.js";
import { readNetwork } from "./observe/network.js";
import type { Observed, Rendered } from "./observe/observed.js";
import { observePageLifecycle, pageState } from "./observe/page-lifecycle.js";
import { bufferAhead, observePlayhead } from "./observe/playhead.js";
import { observeRebuffering } from "./observe/rebuffering.js";
import { observeSeeks } from "./observe/seeks.js";
import type { AttachOptions, PageError, Stats, ViewContext } from "./options.js";
import type { Adapter, Engine } from "./players/engine.js";
import { viewerOf } from "./privacy.js";
import { DROPPED, EventQueue } from "./queue/event-queue.js";
import { createClock } from "./record/clock.js";
import { Failures } from "./record/failures.js";
import { known, whole } from "./record/known.js";
import type { PlayerMetrics } from "./record/metrics.js";
import { type EndReason, Playback } from "./record/playback.js";
import { createRecorder } from "./record/recorder.js";
import { uuidv7 } from "./record/uuid.js";
import { openLeftovers, swapLeftover, sweepLeftovers } from "./send/leftovers.js";
import { Sender } from "./send/sender.js";

/** While nothing plays, one heartbeat in this many is sent. */
const QUIET_HEARTBEATS = 6;
/** How long a page with a recovering player has to recover, ms. */
const RECOVERY_MS = 5_000;
/** Types that do not wait for the batch: `first_frame` and `end`. Patterns, for they weigh less than lists. */
const urgent = /^(f|en)/;
/**
 * Types that change what the viewer does (play, pause, seek, rebuffer): who watches live hears of it within two seconds, the
 * server's part included.
 */
const telling = /^(p|se|reb)/;
const SOON_MS = 1_000;

/** One view: its observers, its events and their way to the server. */
export interface View {
  readonly viewId: string;
  playRequested(at?: number): void;
  setContext(partial: ViewContext): void;
  custom(name: string, data: unknown): void;
  setEngine(engine: unknown): void;
  fail(error: PageError): void;
  flush(): Promise<void>;
  end(reason: EndReason): Promise<void>;
  stats(): Stats;
}

export interface ViewStart {
  /** The libraries that are known. */
  readonly adapters: readonly Adapter[];
  /** The `play` that opened this view, `performance.now()`: it was pressed before anybody listened. */
  readonly playedAt?: number;
  /** The media has played to its end, and the view with it. */
  readonly onEnded: () => void;
}

export function openView(video: HTMLVideoElement, options: AttachOptions, start: ViewStart): View {
  const clock = createClock(options.now);
  const openedAt = clock.now();
  const viewId = options.viewId ?? uuidv7(clock.unix(openedAt));
  let context: Context = {
    viewId,
    ...known({ device: readDevice(), viewerId: viewerOf(options) }),
    ...contextOf(options),
  };

  const queue = new EventQueue();
  let recorded = 0;
  openLeftovers();
  const sender = new Sender({
    queue,
    url: endpointOf(options),
    batchMs: options.batchMs ?? 10_000,
    maxRetries: options.maxRetries ?? 50,
    context: () => {
      const { name, version } = engine ?? {};
      return {
        ...(name && { player: { name, ...known({ version }) } }),
        ...context,
        stream: { ...known({ isLive: isLive(), durationMs: lengthOf(video) }), ...context.stream },
        ...known({ network: readNetwork() }),
      };
    },
    now: () => clock.unix(clock.now()),
    onDropped: (count) => record({ type: "custom", name: DROPPED, data: { count } }),
    onStored: () => {
      void sweepLeftovers((count) => {
        queue.untold += count;
      });
    },
    keep: swapLeftover,
    page: pageState,
  });

  let soon: ReturnType<typeof setTimeout> | undefined;
  const sendSoon = guard(() => {
    soon = undefined;
    sender.wake(true);
  });

  const playhead = observePlayhead(video, clock);
  const record = createRecorder({
    clock,
    positionMs: () => playhead.positionMs(),
    beforeSend: options.beforeSend,
    enqueue: (event) => {
      recorded++;
      attempt(() => queue.add(event));
      const now = urgent.test(event.type) || (event.type === "error" && event.fatal);
      sender.wake(now);
      if (now) {
        // All that waits leaves with it.
        clearTimeout(soon);
        soon = undefined;
      } else if (telling.test(event.type)) soon ??= setTimeout(sendSoon, SOON_MS);
    },
  });

  const frames = frameCounter(video);
  let interactionCount = 0;
  const metrics = (): PlayerMetrics => {
    const { watchMs, pauseMs, playingMs } = playback.totals(clock.now());
    return {
      watchMs,
      pauseMs,
      interactionCount,
      ...frames(playingMs),
      ...known({
        bufferMs: attempt(() => bufferAhead(video)),
        blockedMs: blocked?.ms(),
        bitrateBps: rendered.bitrateBps,
        width: video.videoWidth || undefined,
        height: video.videoHeight || undefined,
        playerWidth: whole(video.clientWidth) || undefined,
        playerHeight: whole(video.clientHeight) || undefined,
      }),
    };
  };
  const rendered: Rendered = { bitrateBps: undefined, width: 0, height: 0 };
  const playback = new Playback(record, () => attempt(metrics) ?? {}, openedAt, video);
  const blocked = attempt(() => observeBlocked(() => playback.intentAt));
  const failures = new Failures(record, playback, clock, RECOVERY_MS);
  const ownSeek = { expected: false };
  const source = () => (engine ? engine.url : video.currentSrc || video.src);
  const isLive = () =>
    attempt(() => engine?.isLive) ?? (video.duration > 0 ? video.duration === Number.POSITIVE_INFINITY : undefined);
  const atEnd = (at: number) => {
    if (playback.away) return;
    playback.ended(at);
    void end("ended");
    start.onEnded();
  };
  const observed: Observed = {
    video,
    clock,
    playhead,
    playback,
    failures,
    record,
    rendered,
    ownSeek,
    source,
    isLive,
    atEnd,
  };
  const autoplay = options.autoplay ?? video.autoplay;

  let engine: Engine | undefined;
  let stopEngine: Stop | undefined;
  const setEngine = (given: unknown) => {
    stopEngine?.();
    engine = undefined;
    for (const adapter of start.adapters) engine ??= adapter(given, video);
    const found = engine;
    stopEngine = attempt(() => found?.observe(observed));
  };

  let suspended = false;
  let beats = 0;
  const heartbeat = () => record({ type: "heartbeat", ...metrics() });
  const stopPage = observePageLifecycle({
    hidden: () => {
      if (!playback.over && playback.intentAt !== null) heartbeat();
      sender.farewell();
    },
    leaving: (final) => {
      if (final) void end("left");
      else if (playback.wanted) {
        suspended = true;
        playback.pause(clock.now());
      }
      sender.farewell();
    },
    back: () => {
      if (suspended && !video.paused) playback.play(clock.now(), autoplay);
      suspended = false;
      sender.comeBack();
    },
  });

  // A page that attaches in mid-play did not see the start, so there is none to time.
  const joinedLate = !video.paused && start.playedAt === undefined && video.currentTime > 0;
  if (start.playedAt !== undefined) playback.play(start.playedAt, false);
  else if (!video.paused) playback.play(openedAt, autoplay);

  const stopObservers = startAll([
    () => observeFirstFrame(observed, joinedLate),
    () => observeElement(observed, autoplay),
    () => observeSeeks(observed),
    () => observeRebuffering(observed),
    () => observeElementErrors(observed),
    () => {
      setEngine(options.engine);
      // A library may well come to the element after us, and leave its trace then.
      const stopLooking = listen(video, ["loadstart", "play"], () => engine || setEngine(undefined));
      return () => {
        stopLooking();
        stopEngine?.();
      };
    },
    () => observeElementQuality(observed, () => !engine?.tellsQuality),
    () =>
      observeInteractions(options.root ?? video.parentElement ?? video, () => {
        interactionCount++;
      }),
    () =>
      every(options.heartbeatMs ?? 10_000, () => {
        const { state } = playback;
        const quiet = state === "paused" || state === "ended" || state === "error" || state === "idle";
        beats = quiet ? beats + 1 : 0;
        if (beats % QUIET_HEARTBEATS === 0 && state !== "idle") heartbeat();
      }),
    () => () => playhead.stop(),
    () => () => blocked?.stop(),
  ]);
  // In a microtask, so that an intent given right after `attach` comes first, as it did.
  queueMicrotask(() => {
    attempt(() => {
      if (source()) playback.load(openedAt, source());
    });
  });

  const stop: Stop = () => {
    stopObservers();
    // The page's end still matters to what waits to be sent.
    sender.whenDrained(stopPage);
  };
  async function end(reason: EndReason): Promise<void> {
    if (!playback.over) {
      failures.confirm();
      playback.end(clock.now(), reason);
      stop();
    }
    await sender.flush();
  }

  return {
    viewId,
    playRequested: (at = clock.now()) => playback.request(at, autoplay),
    setContext: (partial) => {
      context = { ...context, ...contextOf(partial) };
    },
    custom: (name, data) => {
      if (playback.over) return;
      record({ type: "custom", name: name.slice(0, 128), ...(data === undefined ? {} : { data }) });
    },
    setEngine,
    fail: (error) => failures.giveUp({ ...error, fatal: true }),
    flush: () => sender.flush(),
    end,
    stats: () => ({
      viewId,
      state: playback.state,
      recorded,
      stored: sender.counts.stored,
      queued: queue.size,
      dropped: queue.dropped,
      requests: sender.counts.requests,
      failedRequests: sender.counts.failures,
      faults: faultCount(),
    }),
  };
}

/** The options that are sent along. */
function contextOf(options: ViewContext): ViewContext {
  const { viewerId, mediaId, hlsSessionId, player, stream, experiment, custom } = options;
  return known({ viewerId, mediaId, hlsSessionId, player, stream, experiment, custom });
}

/** In full, for what a later page sends of this one may be sent from another folder. */
function endpointOf({ endpoint = "/telemetry", key }: AttachOptions): string {
  const url = attempt(() => new URL(endpoint, document.baseURI).href) ?? endpoint;
  return key === undefined ? url : `${url}${url.includes("?") ? "&" : "?"}key=${encodeURIComponent(key)}`;
}

/** ms; a live stream has none. */
function lengthOf({ duration }: HTMLVideoElement): number | undefined {
  return duration < Number.POSITIVE_INFINITY ? whole(duration * 1000) : undefined;
}
