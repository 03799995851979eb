import Type, { type Static, type TSchema } from "typebox";

const opt = Type.Optional;
const nullable = <const T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Int = Type.Integer();
const text = Type.String();

/**
 * One row of `GET /api/v1/analytics/views`: what a view measured. ms, bits per second, Unix ms. A metric that its sender can't
 * know is null and named in `unknown`.
 */
export const ViewRow = Type.Object({
  viewId: text,
  viewerId: nullable(text),
  mediaId: nullable(text),
  hlsSessionId: nullable(text),
  startedAt: Int,
  lastEventAt: Int,
  eventCount: Int,
  /** Whose word the metrics stand on: `sdk`, `seed003`, `seed004`, `cmcd`, `cmcd-request`, `server`, `api`. */
  source: text,
  /** Metrics that this source can't know; absent where it knows all. */
  unknown: opt(Type.Array(text)),
  /** Null: it never started. */
  startupMs: nullable(Int),
  playRequested: Type.Boolean(),
  watchMs: nullable(Int),
  playingMs: nullable(Int),
  pauseMs: nullable(Int),
  rebufferCount: nullable(Int),
  rebufferMs: nullable(Int),
  seekCount: nullable(Int),
  seekMs: nullable(Int),
  averageBitrateBps: nullable(Int),
  bitrateMs: Int,
  switchesUp: nullable(Int),
  switchesDown: nullable(Int),
  switches: nullable(Int),
  droppedFrames: nullable(Int),
  decodedFrames: nullable(Int),
  fps: nullable(Type.Number()),
  errorCount: Int,
  errorCode: opt(text),
  errorMessage: opt(text),
  /** The same for the same error, whatever ids and numbers its message tells. */
  errorFingerprint: opt(text),
  businessError: Type.Boolean(),
  /** `open`, `ended`, `left`, `before_start`, `start_failure`, `playback_failure`. */
  exit: text,
  /** What the player does now: `waiting_start`, `playing`, `paused`, `seeking`, `rebuffering`, `ended`, `failed`, … */
  state: text,
  positionMs: nullable(Int),
  seedScore: nullable(Type.Number()),
  /** 1–5; absent where it can't be known. */
  mos: opt(Type.Number()),
  mosMs: Int,
  /** 0–100 each. */
  startupScore: nullable(Type.Number()),
  smoothnessScore: nullable(Type.Number()),
  qualityScore: nullable(Type.Number()),
  successScore: nullable(Type.Number()),
  /** Where the time to the first frame went. */
  startServerMs: nullable(Int),
  startNetworkMs: nullable(Int),
  startPlayerMs: nullable(Int),
  /** `encoder`, `network`, `device`, `player`, `unknown`: of a slow start, and of most of the time stalled. */
  startCause: nullable(text),
  stallCause: nullable(text),
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
  cdn: nullable(text),
  country: nullable(text),
  encoder: nullable(text),
  custom: nullable(Type.Record(text, Type.Union([text, Type.Number(), Type.Boolean(), Type.Null()]))),
});
export type ViewRow = Static<typeof ViewRow>;

export const ViewsReply = Type.Object({
  /** Newest first. */
  views: Type.Array(ViewRow),
  /** Give it as `cursor` for the next page; absent on the last one. */
  next: opt(text),
});
export type ViewsReply = Static<typeof ViewsReply>;

/** Why a view waited once: `docs/causes.md`. Times in ms; the four parts come to `durationMs`. */
export const Explanation = Type.Object({
  /** Unix ms of the viewer's clock. */
  at: Int,
  durationMs: Int,
  cause: Type.Union([
    Type.Literal("encoder"),
    Type.Literal("network"),
    Type.Literal("device"),
    Type.Literal("player"),
    Type.Literal("unknown"),
  ]),
  serverMs: Int,
  networkMs: Int,
  blockedMs: Int,
  idleMs: Int,
  /** What was waited for longest. */
  request: nullable(
    Type.Object({
      kind: text,
      rendition: opt(text),
      segment: opt(Int),
      bytes: opt(Int),
      waitMs: Int,
      transferMs: Int,
      bitsPerSecond: nullable(Int),
    }),
  ),
  bufferMs: nullable(Int),
  droppedFrames: Int,
  decodedFrames: Int,
  errorCode: nullable(text),
});
export type Explanation = Static<typeof Explanation>;

/** `GET /api/v1/analytics/views/:id`: the row's fields, the row itself, and the view's canonical events in order. */
export const ViewReply = Type.Interface([ViewRow], {
  view: ViewRow,
  /** Its start, if that was slow or never came, and each stall; empty once its events are gone. */
  explanations: Type.Object({ start: nullable(Explanation), stalls: Type.Array(Explanation) }),
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
  /** Null where `without` left it out. */
  viewers: nullable(Int),
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
  switchesUp: Int,
  switchesDown: Int,
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

/** Of the views that have the value. A percentile that too few views speak for is null, and named in `tooFew`. */
export const Distribution = Type.Object({
  count: Int,
  mean: nullable(Type.Number()),
  p50: nullable(Type.Number()),
  p75: nullable(Type.Number()),
  p90: nullable(Type.Number()),
  p95: nullable(Type.Number()),
  p99: nullable(Type.Number()),
  tooFew: Type.Array(text),
});
export type Distribution = Static<typeof Distribution>;

const range = { from: Int, to: Int };
/** Totals, and the distributions that `metric` asked for. */
const measured = { ...totals, distributions: opt(Type.Record(text, Distribution)) };

export const Measured = Type.Object(measured);
export type Measured = Static<typeof Measured>;

export const OverviewReply = Type.Object({
  ...range,
  ...measured,
  /** With `compare=previous`: the stretch of the same length before. */
  previous: opt(Type.Object({ ...range, ...measured })),
  /** Views starting, playing, seeking or rebuffering now, whatever the selection. */
  concurrent: Int,
});
export type OverviewReply = Static<typeof OverviewReply>;

const Points = Type.Array(Type.Object({ at: Int, ...measured }));

export const TimeseriesReply = Type.Object({
  ...range,
  intervalMs: Int,
  /** One for each interval that touches the range, also when nothing happened in it; `at` is the interval's start. */
  points: Points,
  /** With `by`: the same for each of the values with the most views, in the order of `by`; null is what is not known. */
  series: opt(Type.Array(Type.Object({ values: Type.Array(nullable(text)), points: Points }))),
  previous: opt(Type.Object({ ...range, points: Points })),
});
export type TimeseriesReply = Static<typeof TimeseriesReply>;

export const BreakdownReply = Type.Object({
  ...range,
  by: text,
  /** Most views first; null: the views that do not tell. `value` is the first of `values`, which are in the order of `by`. */
  rows: Type.Array(
    Type.Object({
      value: nullable(text),
      values: Type.Array(nullable(text)),
      ...measured,
      /** With `compare=previous`: null where it had no views. */
      previous: opt(nullable(Measured)),
    }),
  ),
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
