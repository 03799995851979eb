import type { Batch, Context, PlayheadEvent } from "@playhead/protocol";
import { readDevice } from "./observe/device.js";
import { observeElement } from "./observe/element.js";
import { observeElementErrors } from "./observe/element-errors.js";
import { observeElementQuality } from "./observe/element-quality.js";
import { observeFirstFrame } from "./observe/first-frame.js";
import { frameCounter } from "./observe/frames.js";
import { attempt, faultCount } from "./observe/guard.js";
import { observeInteractions } from "./observe/interactions.js";
import { every, type Stop, startAll } from "./observe/listen.js";
import { readNetwork } from "./observe/network.js";
import type { Observed, Rendered } from "./observe/observed.js";
import { observePageLifecycle } from "./observe/page-lifecycle.js";
import { observePlayhead } from "./observe/playhead.js";
import { observeRebuffering } from "./observe/rebuffering.js";
import { observeSeeks } from "./observe/seeks.js";
import type { AttachOptions, PageError, Stats, ViewContext } from "./options.js";
import { observeHls } from "./players/hlsjs/observe.js";
import { EventQueue } from "./queue/event-queue.js";
import { createClock } from "./record/clock.js";
import { Failures } from "./record/failures.js";
import { known, whole } from "./record/known.js";
import type { PlayerMetrics } from "./record/metrics.js";
import { type EndReason, Playback } from "./record/playback.js";
import { createRecorder } from "./record/recorder.js";
import { uuidv7 } from "./record/uuid.js";
import { Sender } from "./send/sender.js";

/** The protocol's `SCHEMA_VERSION`, as a type only: its schemas stay out of the browser. */
const SCHEMA: Batch["schema"] = 1;
/** While nothing plays, one heartbeat in this many is sent. */
const QUIET_HEARTBEATS = 6;
/** How long a page with a recovering player has to recover, ms. */
const RECOVERY_MS = 5_000;
/** Types that do not wait for the batch. */
const urgent = new Set<PlayheadEvent["type"]>(["first_frame", "end"]);

/** One view: its observers, its events and their way to the server. */
export interface View {
  readonly viewId: string;
  playRequested(at?: number): void;
  setContext(partial: ViewContext): void;
  custom(name: string, data: unknown): void;
  fail(error: PageError): void;
  flush(): Promise<void>;
  end(reason: EndReason): Promise<void>;
  stats(): Stats;
}

export interface ViewStart {
  /** The `play` that opened this view, `performance.now()`: it was pressed before anybody listened. */
  readonly playedAt?: number;
  /** The media has played to its end, and the view with it. */
  readonly onEnded: () => void;
}

export function openView(video: HTMLVideoElement, options: AttachOptions, start: ViewStart): View {
  const clock = createClock(options.now);
  const openedAt = clock.now();
  const viewId = options.viewId ?? uuidv7(clock.unix(openedAt));
  let context: Context = { viewId, ...known({ device: readDevice() }), ...contextOf(options) };

  const queue = new EventQueue();
  let recorded = 0;
  let dropped = 0;
  const sender = new Sender({
    queue,
    url: endpointOf(options),
    batchMs: options.batchMs ?? 10_000,
    head: () => {
      const now = { ...context, ...known({ network: readNetwork() }) };
      const sentAt = clock.unix(clock.now());
      return `{"schema":${SCHEMA},"sentAt":${sentAt},"context":${JSON.stringify(now)},"events":[`;
    },
    onDropped: (count) => {
      dropped += count;
      record({ type: "custom", name: "playhead.dropped", data: { count } });
    },
  });

  const playhead = observePlayhead(video, clock);
  const record = createRecorder({
    clock,
    positionMs: () => playhead.positionMs(),
    beforeSend: options.beforeSend,
    enqueue: (event) => {
      recorded++;
      attempt(() => queue.add(event));
      sender.wake(urgent.has(event.type) || (event.type === "error" && event.fatal));
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
        bitrateBps: rendered.bitrateBps,
        width: video.videoWidth || undefined,
        height: video.videoHeight || undefined,
        playerWidth: whole(video.clientWidth) || undefined,
        playerHeight: whole(video.clientHeight) || undefined,
      }),
    };
  };
  const rendered: Rendered = { bitrateBps: undefined, width: 0, height: 0 };
  const playback = new Playback(record, () => attempt(metrics) ?? {}, openedAt);
  const failures = new Failures(record, playback, clock, options.hls ? RECOVERY_MS : 0);
  const ownSeek = { expected: false };
  const observed: Observed = { video, clock, playhead, playback, failures, record, rendered, ownSeek };
  const { hls } = options;
  const autoplay = options.autoplay ?? video.autoplay;

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
    () =>
      observeElement(observed, autoplay, () => {
        void end("ended");
        start.onEnded();
      }),
    () => observeSeeks(observed),
    () => observeRebuffering(observed),
    () => observeElementErrors(observed),
    () => (hls ? observeHls(observed, hls) : observeElementQuality(observed)),
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
  ]);
  // In a microtask, so that an intent given right after `attach` comes first, as it did.
  queueMicrotask(() => {
    attempt(() => {
      const source = video.currentSrc || video.src || hls?.url;
      if (source) playback.load(openedAt, hls?.url ?? source);
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
    fail: (error) => failures.giveUp({ ...error, fatal: true }),
    flush: () => sender.flush(),
    end,
    stats: () => ({
      viewId,
      state: playback.state,
      recorded,
      stored: sender.counts.stored,
      queued: queue.size,
      dropped,
      requests: sender.counts.requests,
      failedRequests: sender.counts.failures,
      faults: faultCount(),
    }),
  };
}

function contextOf(options: ViewContext): ViewContext {
  const { viewerId, mediaId, hlsSessionId, player, stream, experiment, custom } = options;
  return known({ viewerId, mediaId, hlsSessionId, player, stream, experiment, custom });
}

function endpointOf({ endpoint = "/telemetry", key }: AttachOptions): string {
  if (key === undefined) return endpoint;
  return `${endpoint}${endpoint.includes("?") ? "&" : "?"}key=${encodeURIComponent(key)}`;
}

/** Media buffered without a gap from the playhead on, ms. */
function bufferAhead({ buffered, currentTime }: HTMLVideoElement): number {
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= currentTime + 0.1 && currentTime <= buffered.end(i)) {
      return Math.round((buffered.end(i) - currentTime) * 1000);
    }
  }
  return 0;
}
