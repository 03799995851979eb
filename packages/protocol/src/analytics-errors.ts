import Type, { type Static } from "typebox";

const Int = Type.Integer();
const text = Type.String();

/** One error, however often it happened: views whose error has the same code, and the same message but for ids and numbers. */
export const ErrorGroup = Type.Object({
  /** Filter by it: `errorFingerprint:eq:…`. */
  fingerprint: text,
  /** Of the newest view. */
  errorCode: text,
  errorMessage: Type.Union([text, Type.Null()]),
  /** Views whose error this is; those that are in none of the three failures below went on. */
  views: Int,
  viewers: Int,
  startFailures: Int,
  playbackFailures: Int,
  businessFailures: Int,
  /** Start of the first and the last view in the selection, Unix ms. */
  firstSeen: Int,
  lastSeen: Int,
  /** Start of the first view ever, whatever the selection, Unix ms. */
  firstSeenEver: Int,
  /** Up to five view ids, newest first. */
  sampleViews: Type.Array(text),
});
export type ErrorGroup = Static<typeof ErrorGroup>;

/** `GET /api/v1/analytics/errors`: errors by fingerprint, those of the most views first. */
export const ErrorsReply = Type.Object({ from: Int, to: Int, groups: Type.Array(ErrorGroup) });
export type ErrorsReply = Static<typeof ErrorsReply>;
