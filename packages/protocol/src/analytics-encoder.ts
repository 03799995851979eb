import Type, { type Static } from "typebox";

const Int = Type.Integer();
const nullable = <const T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** Null where there is nothing to divide by. */
const Ratio = nullable(Type.Number());
/** ms; null where too few speak for it. A percentile is exact to a bin of 19 %. */
const Ms = nullable(Type.Number());

/** What HLS sessions did. */
export const SessionFigures = Type.Object({
  started: Int,
  /** Of those that started: made ready before anyone pressed play. */
  preloaded: Int,
  /** Mean time to plan and open one, ms. */
  startMs: Ratio,
  ended: Int,
  /** Ends by reason: without a sign of life for too long; told by the player; with the server; made ready, and never played. */
  timedOut: Int,
  closed: Int,
  shutDown: Int,
  unused: Int,
  /** Timed out, of all that ended. */
  timeoutRate: Ratio,
});
export type SessionFigures = Static<typeof SessionFigures>;

const encoderFigures = {
  starts: Int,
  failures: Int,
  /** Failures, of all starts. */
  failureRate: Ratio,
  /** Runs that had to wait for others, and for how long in the mean, ms. */
  waits: Int,
  waitMs: Ratio,
  /** Mean time from an ffmpeg's start to its first byte, ms. */
  outputMs: Ratio,
  /** Runs with a first segment; the time from an ffmpeg's start to it. */
  firstSegments: Int,
  firstSegmentMs: Ratio,
  firstSegmentP50Ms: Ms,
  firstSegmentP95Ms: Ms,
  /** Segments but the first of each run, and the mean time that one took, ms. */
  segments: Int,
  segmentMs: Ratio,
  /** Σ media time / Σ time it took: 2 is twice as fast as it plays. */
  speed: Ratio,
  /** Of segments: half are at least as fast; 95 in 100 are. */
  speedP50: Ratio,
  speedP5: Ratio,
  /** Segments that took longer than they play, of all. */
  slowRate: Ratio,
};

/** What encoders of one kind did. */
export const EncoderFigures = Type.Object(encoderFigures);
export type EncoderFigures = Static<typeof EncoderFigures>;

const Kind = Type.Union([Type.Literal("video"), Type.Literal("audio")]);
const figures = { sessions: SessionFigures, video: EncoderFigures, audio: EncoderFigures };

/** By what was converted and by what: ffmpeg's names; `other` for what is not in a list of known ones. */
export const EncoderRow = Type.Object({
  kind: Kind,
  codec: Type.String(),
  container: Type.String(),
  encoder: Type.String(),
  ...encoderFigures,
});
export type EncoderRow = Static<typeof EncoderRow>;

const Slots = Type.Object({ limit: Int, inUse: Int, waiting: Int });

/** What the server that answers does at this moment. */
export const EncodersNow = Type.Object({
  sessions: Int,
  /** ffmpeg processes; those of them that stand still, as far ahead as they may be. */
  runs: Int,
  paused: Int,
  video: Slots,
  audio: Slots,
});
export type EncodersNow = Static<typeof EncodersNow>;

/** `GET /api/v1/analytics/encoder`: what the server's sessions and encoders did, of all servers on this database. */
export const EncoderReply = Type.Object({
  /** Whole slots of time: 5 minutes, an hour for what is older than 8 days, a day for what is older than 100. */
  from: Int,
  to: Int,
  intervalMs: Int,
  totals: Type.Object(figures),
  points: Type.Array(Type.Object({ at: Int, ...figures })),
  /** Those with the most starts first. */
  rows: Type.Array(EncoderRow),
  now: EncodersNow,
});
export type EncoderReply = Static<typeof EncoderReply>;
