import type { ViewReply } from "@playhead/protocol";
import { type EncoderLane, encoderLane } from "./encoder-lane.js";
import { type FrameSpan, frameSpans } from "./frame-lane.js";
import { untoldRequests } from "./untold-requests.js";
import { flagOf, isServerEvent, numberOf, textOf, type ViewEvent } from "./view-event.js";

export type ViewState =
  | "idle"
  | "startup"
  | "playing"
  | "paused"
  | "seeking"
  | "rebuffering"
  | "silent"
  | "failed"
  | "ended";

export const stateNames: Readonly<Record<ViewState, string>> = {
  idle: "Before play",
  startup: "Starting",
  playing: "Playing",
  paused: "Paused",
  seeking: "Seeking",
  rebuffering: "Stalled",
  silent: "Silent",
  failed: "Failed",
  ended: "Ended",
};

/** All times are ms from the view's first event. */
export interface Span {
  readonly state: ViewState;
  readonly from: number;
  readonly to: number;
}

export interface QualitySpan {
  readonly from: number;
  readonly to: number;
  readonly bitrateBps: number;
  readonly height: number | undefined;
}

export interface RequestBar {
  /** When it was asked for, and when its last byte was there. */
  readonly from: number;
  readonly to: number;
  /** Of that, how long the server had nothing to send yet. */
  readonly waitMs: number;
  readonly failed: boolean;
  /** The viewer left before it was there. */
  readonly unfinished: boolean;
  readonly event: ViewEvent;
}

export interface Mark {
  readonly at: number;
  readonly kind: "fatal" | "error" | "stall" | "switch" | "seek" | "server";
  readonly event: ViewEvent;
}

/** A view as lanes over one axis. */
export interface ViewTimeline {
  /** Unix ms of the axis' zero. */
  readonly zero: number;
  readonly lengthMs: number;
  readonly spans: readonly Span[];
  readonly quality: readonly QualitySpan[];
  readonly buffer: readonly { readonly at: number; readonly bufferMs: number }[];
  readonly frames: readonly FrameSpan[];
  readonly requests: readonly RequestBar[];
  readonly encoder: EncoderLane;
  readonly marks: readonly Mark[];
}

/** Shorter stops are no stalls (CTA-2066, and how the server counts). */
const MIN_STALL_MS = 250;
/** Heartbeats come every 10 s: after this long without a sign of life nobody was there. */
const SILENCE_MS = 30_000;
const SIGN_OF_LIFE_MS = 10_000;

/** Draws the lanes from the events, which are in order. Players that tell no changes of state are read by what they do. */
export function viewTimeline(
  events: readonly ViewEvent[],
  explanations: ViewReply["explanations"] = { start: null, stalls: [] },
): ViewTimeline {
  const player = events.filter((event) => !isServerEvent(event));
  const zero = (player[0] ?? events[0])?.ts ?? 0;
  const last = player.reduce((until, event) => Math.max(until, event.ts), zero);
  const lengthMs = Math.max(1, last - zero);
  const spans = stateSpans(player, zero);
  const stalls = new Set(spans.filter(({ state }) => state === "rebuffering").map(({ from }) => from));
  return {
    zero,
    lengthMs,
    spans,
    quality: qualitySpans(player, zero, lengthMs),
    buffer: player.flatMap((event) => {
      const bufferMs = numberOf(event, "bufferMs");
      return bufferMs === undefined ? [] : [{ at: event.ts - zero, bufferMs }];
    }),
    frames: frameSpans(player, zero),
    encoder: encoderLane(events, zero, lengthMs),
    requests: [
      ...player.flatMap((event) => (event.type === "request" ? [requestBar(event, zero)] : [])),
      ...untoldRequests(explanations, events, zero),
    ],
    marks: events.flatMap((event) => {
      const kind = markKind(event);
      // Only what is drawn as a stall is marked as one.
      if (!kind || (kind === "stall" && !stalls.has(event.ts - zero))) return [];
      return [{ at: event.ts - zero, kind, event }];
    }),
  };
}

/** The state at a time, for whoever reads the axis by ear. */
export function stateAt(timeline: ViewTimeline, at: number): ViewState {
  return timeline.spans.find((span) => at >= span.from && at < span.to)?.state ?? "ended";
}

function stateSpans(player: readonly ViewEvent[], zero: number): readonly Span[] {
  const spans: Span[] = [];
  const beats = player.some((event) => event.type === "heartbeat");
  const now: { state: ViewState; since: number } = { state: "idle", since: 0 };
  let started = false;
  let wantsPlay = true;
  let lastAt = 0;
  const move = (next: ViewState, at: number) => {
    addSpan(spans, { state: now.state, from: now.since, to: at });
    now.state = next;
    now.since = at;
  };

  for (const event of player) {
    const at = event.ts - zero;
    const lively = now.state === "playing" || now.state === "rebuffering" || now.state === "seeking";
    if (beats && lively && at - lastAt > SILENCE_MS) {
      const resumed = now.state;
      move("silent", lastAt + SIGN_OF_LIFE_MS);
      move(resumed, at);
    }
    lastAt = at;
    if (event.type === "first_frame") started = true;
    if (event.type === "play") wantsPlay = true;
    if (event.type === "pause") wantsPlay = false;
    const next = stateAfter(event, { state: now.state, started, wantsPlay });
    if (next !== undefined && next !== now.state) move(next, at);
    if (next === "playing") started = true;
  }
  addSpan(spans, { state: now.state, from: now.since, to: lastAt });
  return spans;
}

/** Joins what is one: a stop that is too short for a stall was playing. */
function addSpan(spans: Span[], { state, from, to }: Span): void {
  if (to <= from) return;
  const kept = state === "rebuffering" && to - from < MIN_STALL_MS ? "playing" : state;
  const before = spans.at(-1);
  if (before?.state === kept && before.to === from) spans[spans.length - 1] = { ...before, to };
  else spans.push({ state: kept, from, to });
}

interface Situation {
  readonly state: ViewState;
  readonly started: boolean;
  readonly wantsPlay: boolean;
}

/** Protocol's `PlayerState` as a lane's. */
const told: Readonly<Record<string, ViewState>> = {
  idle: "idle",
  loading: "startup",
  buffering: "rebuffering",
  playing: "playing",
  paused: "paused",
  seeking: "seeking",
  ended: "ended",
  error: "failed",
};

function stateAfter(event: ViewEvent, { state, started, wantsPlay }: Situation): ViewState | undefined {
  switch (event.type) {
    case "state_change":
      return told[textOf(event, "to") ?? ""];
    case "load":
    case "play_request":
      return state === "idle" ? "startup" : undefined;
    case "first_frame":
      return "playing";
    case "play":
      if (!started) return state === "idle" ? "startup" : undefined;
      return state === "seeking" ? undefined : "playing";
    case "pause":
      return started && state !== "seeking" ? "paused" : undefined;
    case "seek_start":
      return started ? "seeking" : undefined;
    case "seek_end":
      return state === "seeking" ? (wantsPlay ? "playing" : "paused") : undefined;
    case "rebuffer_start":
      return started && state === "playing" ? "rebuffering" : undefined;
    case "rebuffer_end":
      return state === "rebuffering" ? "playing" : undefined;
    case "error":
      return flagOf(event, "fatal") ? "failed" : undefined;
    case "end":
      return state === "failed" ? undefined : "ended";
    default:
      return undefined;
  }
}

function qualitySpans(player: readonly ViewEvent[], zero: number, lengthMs: number): readonly QualitySpan[] {
  const spans: QualitySpan[] = [];
  for (const event of player) {
    const change = event.type === "quality_change";
    const bitrateBps = change ? numberOf(event, "toBitrateBps") : numberOf(event, "bitrateBps");
    if (bitrateBps === undefined || bitrateBps <= 0) continue;
    const height = change ? numberOf(event, "toHeight") : numberOf(event, "height");
    const at = event.ts - zero;
    const before = spans.at(-1);
    if (before && before.bitrateBps === bitrateBps) continue;
    if (before) spans[spans.length - 1] = { ...before, to: at };
    spans.push({ from: at, to: lengthMs, bitrateBps, height });
  }
  return spans.filter((span) => span.to > span.from);
}

/** A request is told when it is over. */
function requestBar(event: ViewEvent, zero: number): RequestBar {
  const to = event.ts - zero;
  const took = numberOf(event, "durationMs") ?? numberOf(event, "ttfbMs") ?? 0;
  const status = numberOf(event, "status");
  return {
    from: to - took,
    to,
    waitMs: Math.min(took, numberOf(event, "waitMs") ?? 0),
    failed: status !== undefined && (status === 0 || status >= 400),
    unfinished: false,
    event,
  };
}

function markKind(event: ViewEvent): Mark["kind"] | undefined {
  switch (event.type) {
    case "error":
      return flagOf(event, "fatal") ? "fatal" : "error";
    case "transcode_error":
      return "error";
    case "quality_change":
      return textOf(event, "reason") === "initial" ? undefined : "switch";
    case "seek_start":
      return "seek";
    case "rebuffer_start":
      return "stall";
    case "hls_session_start":
    case "hls_session_end":
    case "ffmpeg_start":
    case "first_segment":
      return "server";
    default:
      return undefined;
  }
}
