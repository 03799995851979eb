import Type, { type Static } from "typebox";
import { Delivery } from "./context.js";

const opt = Type.Optional;
const Int = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Px = Type.Integer({ minimum: 1, maximum: 100_000 });

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
  /** When that was last changed, Unix ms: the last time of watching. */
  watchedAt: opt(Int),
  /** Where nothing but credits is left: who came here has seen it. Absent where no chapter tells. */
  creditsMs: opt(Int),
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
  /** High dynamic range: shown as it is by such screens only. */
  hdr: opt(Type.Boolean()),
  /** Video: why it is converted, even for a browser that decodes it, unless the file itself is played. Up to "so". */
  noCopy: opt(Type.String()),
  channels: opt(Int),
  sampleRate: opt(Int),
  bitrateBps: opt(Int),
  /** Subtitles: what a menu calls the track. */
  name: opt(Type.String()),
  /** Subtitles: only what a viewer who understands the sound still needs. */
  forced: opt(Type.Boolean()),
  /** Subtitles: for the deaf and hard of hearing. */
  hearingImpaired: opt(Type.Boolean()),
  /** Subtitles: a file beside the film. */
  external: opt(Type.Boolean()),
  /** Subtitles of text: its name among the renditions, and the whole track as WebVTT. Bitmaps have none. */
  id: opt(Type.String()),
  url: opt(Type.String()),
});
export type MediaTrack = Static<typeof MediaTrack>;

/** What a chapter is to a viewer, told from its name. */
export const ChapterKind = Type.Union([
  Type.Literal("intro"),
  Type.Literal("recap"),
  Type.Literal("credits"),
  /** Of the next episode. */
  Type.Literal("preview"),
]);
export type ChapterKind = Static<typeof ChapterKind>;

export const MediaChapter = Type.Object({
  title: Type.String(),
  startMs: Int,
  endMs: Int,
  /** Absent: the film itself. */
  kind: opt(ChapterKind),
});
export type MediaChapter = Static<typeof MediaChapter>;

/** `GET /api/v1/media/:id`. */
export const MediaReply = Type.Interface([LibraryItem], {
  container: opt(Type.String()),
  sizeBytes: opt(Int),
  codecs: Type.Array(Type.String()),
  tracks: Type.Array(MediaTrack),
  chapters: Type.Array(MediaChapter),
  positionMs: Int,
});
export type MediaReply = Static<typeof MediaReply>;

/** A viewer's own choice of picture: the lines of a rung (720 for "720p"), or the file's own. */
export const Quality = Type.Union([Type.Literal("original"), Type.Integer({ minimum: 1, maximum: 100_000 })]);
export type Quality = Static<typeof Quality>;

/** What a player knows of its viewer before it plays: the first rung is chosen from it. */
export const ViewerMeans = Type.Object({
  /** Where the picture will be shown, in device pixels. */
  screen: opt(Type.Object({ width: Px, height: Px })),
  /** Measured before, bits per second. */
  bandwidthBps: opt(Int),
  /** Absent: automatic. */
  quality: opt(Quality),
  /** Whether the screen shows HDR. Absent: as far as the browser plays its codec. */
  hdr: opt(Type.Boolean()),
});
export type ViewerMeans = Static<typeof ViewerMeans>;

/** `POST /api/v1/playback`. */
export const PlaybackRequest = Type.Object({
  ...ViewerMeans.properties,
  mediaId: Type.String({ minLength: 1, maxLength: 128 }),
  /** The codec strings of the item that this browser plays. */
  supported: Type.Array(Type.String({ maxLength: 128 }), { maxItems: 64 }),
  positionMs: opt(Int),
  /** `hls` asks for playlists even where the file itself would do. */
  prefer: opt(Type.Literal("hls")),
  /** Index of a bitmap subtitle stream to be drawn into the picture, which is converted for it. */
  burnSubtitle: opt(Int),
  /** Id of the video rendition that the player will begin with: that one is made first. Ignored when unknown. */
  rendition: opt(Type.String({ maxLength: 128 })),
});
export type PlaybackRequest = Static<typeof PlaybackRequest>;

/** One picture that can be chosen. */
export const Rung = Type.Object({
  /** The folder of its playlist. */
  rendition: Type.String(),
  /** Lines of the smallest 16:9 frame that holds it: the 1080 of "1080p", of 1920×800 too. */
  lines: Int,
  width: Int,
  height: Int,
  /** On average, without sound. */
  bitrateBps: Int,
  /** The file's own picture, not converted. */
  original: Type.Boolean(),
});
export type Rung = Static<typeof Rung>;

export const PlaybackReply = Type.Object({
  /** The most costly of its streams. */
  delivery: Delivery,
  url: Type.String(),
  hlsSessionId: opt(Type.String()),
  reasons: Type.Array(Type.String()),
  /** The ladder, best first; of a file that is played as it is, what playlists would offer. */
  rungs: opt(Type.Array(Rung)),
  /** The rendition of the rung to begin with; absent where the file itself is played. */
  firstRung: opt(Type.String()),
  /** Playlists that the player will ask for first, by their paths: it need not ask. */
  playlists: opt(Type.Record(Type.String(), Type.String())),
});
export type PlaybackReply = Static<typeof PlaybackReply>;

/** `POST /api/v1/hls/preload/:mediaId`: being prepared, and how it will play. */
export const PreloadReply = Type.Interface([PlaybackReply], {
  status: Type.Literal("warming"),
  hlsSessionId: Type.String(),
});
export type PreloadReply = Static<typeof PreloadReply>;

/** A request with this header fetches ahead of a click: it keeps a prepared session, and does not make it a played one. */
export const WARM_UP_HEADER = "x-playhead-warm-up";

/** `POST /api/v1/media/:id/link`: plays the item without a sign-in, in any player. */
export const PlaybackLinkReply = Type.Object({
  /** Path and query. The file where every browser plays it, else HLS. */
  url: Type.String(),
  /** The same for players that open any file themselves: the file as it is. */
  fileUrl: Type.String(),
  /** Unix ms. */
  expiresAt: Int,
});
export type PlaybackLinkReply = Static<typeof PlaybackLinkReply>;

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
