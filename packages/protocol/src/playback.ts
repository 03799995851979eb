import Type, { type Static } from "typebox";
import { Delivery } from "./context.js";

const opt = Type.Optional;
const Int = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** One row of `GET /api/v1/library`. */
export const LibraryItem = Type.Object({
  id: Type.String(),
  title: Type.String(),
  /** Relative to the media folder, with forward slashes. */
  path: Type.String(),
  durationMs: Type.Union([Int, Type.Null()]),
  status: Type.Union([Type.Literal("ready"), Type.Literal("pending"), Type.Literal("error")]),
  error: opt(Type.String()),
  /** From the path: series, season and episode, when the name tells. */
  series: opt(Type.String()),
  season: opt(Type.Integer()),
  episode: opt(Type.Integer()),
  year: opt(Type.Integer()),
  width: opt(Int),
  height: opt(Int),
  posterUrl: opt(Type.String()),
  /** The signed-in user's resume point. */
  positionMs: opt(Int),
  addedAt: opt(Int),
});
export type LibraryItem = Static<typeof LibraryItem>;

export const LibraryReply = Type.Object({
  items: Type.Array(LibraryItem),
  /** Present while a scan runs. */
  scan: opt(Type.Object({ done: Int, total: Int })),
});
export type LibraryReply = Static<typeof LibraryReply>;

export const MediaTrack = Type.Object({
  kind: Type.Union([Type.Literal("video"), Type.Literal("audio"), Type.Literal("subtitle")]),
  index: Int,
  codec: Type.String(),
  /** RFC 6381, absent where the codec has none. */
  codecString: opt(Type.String()),
  language: opt(Type.String()),
  title: opt(Type.String()),
  default: opt(Type.Boolean()),
  width: opt(Int),
  height: opt(Int),
  fps: opt(Type.Number()),
  channels: opt(Int),
  sampleRate: opt(Int),
  bitrateBps: opt(Int),
});
export type MediaTrack = Static<typeof MediaTrack>;

/** `GET /api/v1/media/:id`. */
export const MediaReply = Type.Interface([LibraryItem], {
  container: opt(Type.String()),
  sizeBytes: opt(Int),
  codecs: Type.Array(Type.String()),
  tracks: Type.Array(MediaTrack),
  chapters: Type.Array(Type.Object({ title: Type.String(), startMs: Int, endMs: Int })),
  positionMs: Int,
});
export type MediaReply = Static<typeof MediaReply>;

/** `POST /api/v1/playback`. */
export const PlaybackRequest = Type.Object({
  mediaId: Type.String({ minLength: 1, maxLength: 128 }),
  /** The codec strings of the item that this browser plays. */
  supported: Type.Array(Type.String({ maxLength: 128 }), { maxItems: 64 }),
  positionMs: opt(Int),
  /** `hls` asks for playlists even where the file itself would do. */
  prefer: opt(Type.Literal("hls")),
});
export type PlaybackRequest = Static<typeof PlaybackRequest>;

export const PlaybackReply = Type.Object({
  /** The most costly of its streams. */
  delivery: Delivery,
  url: Type.String(),
  hlsSessionId: opt(Type.String()),
  reasons: Type.Array(Type.String()),
});
export type PlaybackReply = Static<typeof PlaybackReply>;

/** `GET` and `PUT /api/v1/progress/:mediaId`. */
export const Progress = Type.Object({
  positionMs: Int,
  durationMs: opt(Int),
  updatedAt: opt(Int),
});
export type Progress = Static<typeof Progress>;

/** Every error of every route. */
export const ErrorReply = Type.Object({ error: Type.Object({ code: Type.String(), message: Type.String() }) });
export type ErrorReply = Static<typeof ErrorReply>;
