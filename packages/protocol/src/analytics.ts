import Type, { type Static, type TSchema } from "typebox";

const opt = Type.Optional;
const nullable = <const T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Int = Type.Integer();
const text = Type.String();

/** One row of `GET /api/v1/analytics/views`: what a view measured. ms, bits per second, Unix ms. */
export const ViewRow = Type.Object({
  viewId: text,
  viewerId: nullable(text),
  mediaId: nullable(text),
  hlsSessionId: nullable(text),
  startedAt: Int,
  lastEventAt: Int,
  eventCount: Int,
  /** Null: it never started. */
  startupMs: nullable(Int),
  playRequested: Type.Boolean(),
  watchMs: Int,
  playingMs: Int,
  pauseMs: Int,
  rebufferCount: Int,
  rebufferMs: Int,
  seekCount: Int,
  seekMs: Int,
  averageBitrateBps: nullable(Int),
  bitrateMs: Int,
  switchesUp: Int,
  switchesDown: Int,
  switches: Int,
  droppedFrames: Int,
  decodedFrames: Int,
  fps: nullable(Type.Number()),
  errorCount: Int,
  errorCode: opt(text),
  errorMessage: opt(text),
  businessError: Type.Boolean(),
  /** `open`, `ended`, `left`, `before_start`, `start_failure`, `playback_failure`. */
  exit: text,
  /** What the player does now: `waiting_start`, `playing`, `paused`, `seeking`, `rebuffering`, `ended`, `failed`, … */
  state: text,
  positionMs: nullable(Int),
  seedScore: Type.Number(),
  mos: opt(Type.Number()),
  startupScore: nullable(Type.Number()),
  smoothnessScore: nullable(Type.Number()),
  browser: nullable(text),
  os: nullable(text),
  deviceType: nullable(text),
  playerName: nullable(text),
  playerVersion: nullable(text),
  codec: nullable(text),
  container: nullable(text),
  delivery: nullable(text),
  experiment: nullable(text),
  variant: nullable(text),
});
export type ViewRow = Static<typeof ViewRow>;

export const ViewsReply = Type.Object({
  /** Newest first. */
  views: Type.Array(ViewRow),
  /** Give it as `cursor` for the next page; absent on the last one. */
  next: opt(text),
});
export type ViewsReply = Static<typeof ViewsReply>;

/** `GET /api/v1/analytics/views/:id`: the row's fields, the row itself, and the view's canonical events in order. */
export const ViewReply = Type.Interface([ViewRow], {
  view: ViewRow,
  events: Type.Array(
    Type.Object(
      { id: text, seq: Int, type: text, ts: Int, source: text, receivedAt: Int },
      { additionalProperties: true },
    ),
  ),
});
export type ViewReply = Static<typeof ViewReply>;

const totals = {
  views: Int,
  /** Views with an intent to play. */
  attempts: Int,
  started: Int,
  viewers: Int,
  startFailures: Int,
  playbackFailures: Int,
  exitsBeforeStart: Int,
  /** Failures in which the viewer is simply not allowed: in none of the rates. */
  businessFailures: Int,
  watchMs: Int,
  playingMs: Int,
  rebufferMs: Int,
  rebufferCount: Int,
  seekCount: Int,
  switches: Int,
  droppedFrames: Int,
  decodedFrames: Int,
  averageBitrateBps: nullable(Type.Number()),
  startupP50Ms: nullable(Type.Number()),
  startupP75Ms: nullable(Type.Number()),
  startupP95Ms: nullable(Type.Number()),
  seedScore: nullable(Type.Number()),
  /** Σ rebuffering / Σ watch time, 0–1. */
  rebufferRatio: nullable(Type.Number()),
  /** Stalls per minute of watch time. */
  rebufferFrequencyPerMinute: nullable(Type.Number()),
  /** Of the attempts, 0–1. */
  startFailureRate: nullable(Type.Number()),
  /** Of the views that started, 0–1. */
  playbackFailureRate: nullable(Type.Number()),
  /** Of the attempts, 0–1. */
  exitBeforeStartRate: nullable(Type.Number()),
  /** Mean of the known latencies, ms. */
  seekLatencyMs: nullable(Type.Number()),
  /** Σ dropped / Σ (decoded + dropped), 0–1. */
  droppedFrameRatio: nullable(Type.Number()),
};
/** Sums over a selection of views, and the ratios made of them; a ratio without a denominator is null. */
export const Totals = Type.Object(totals);
export type Totals = Static<typeof Totals>;

const range = { from: Int, to: Int };

export const OverviewReply = Type.Object({
  ...range,
  ...totals,
  /** Views starting, playing, seeking or rebuffering now, whatever the selection. */
  concurrent: Int,
});
export type OverviewReply = Static<typeof OverviewReply>;

export const TimeseriesReply = Type.Object({
  ...range,
  intervalMs: Int,
  /** One for each interval that touches the range, also when nothing happened in it; `at` is the interval's start. */
  points: Type.Array(Type.Object({ at: Int, ...totals })),
});
export type TimeseriesReply = Static<typeof TimeseriesReply>;

export const BreakdownReply = Type.Object({
  ...range,
  by: text,
  /** Most views first; null: the views that do not tell. */
  rows: Type.Array(Type.Object({ value: nullable(text), ...totals })),
});
export type BreakdownReply = Static<typeof BreakdownReply>;

export const HistogramReply = Type.Object({
  ...range,
  metric: text,
  /** Views that started, by startup time in [fromMs, toMs); the last bin is open. */
  bins: Type.Array(Type.Object({ fromMs: Int, toMs: nullable(Int), views: Int })),
});
export type HistogramReply = Static<typeof HistogramReply>;

/** Each `views` event of `GET /api/v1/analytics/live`. */
export const LiveReply = Type.Object({
  at: Int,
  concurrent: Int,
  views: Type.Array(ViewRow),
});
export type LiveReply = Static<typeof LiveReply>;
