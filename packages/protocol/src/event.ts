import Type, { type Static, type TObject, type TProperties } from "typebox";

/**
 * The canonical telemetry event, one schema per type (DESIGN §4).
 *
 * Units are fixed and carried in the name: `…Ms` milliseconds, `…Bps` bits per second, `…Bytes` bytes, pixels for widths
 * and heights. All are integers. `ts` is Unix time in ms; the SDK derives it from the monotonic clock
 * (`performance.timeOrigin + performance.now()`), so that differences within one view are exact.
 */

/** Largest integer that survives JSON, and the bound of every count and duration on the wire. */
const MAX = Number.MAX_SAFE_INTEGER;
const count = Type.Integer({ minimum: 0, maximum: MAX });
const ms = count;
const bps = count;
const px = Type.Integer({ minimum: 0, maximum: 65_535 });
const text = (maxLength: number) => Type.String({ maxLength });
const opt = Type.Optional;

/** Identifiers: short, printable, without control characters, so that they can stand in logs and URLs. */
export const Id = Type.String({ minLength: 1, maxLength: 128, pattern: "^[^\\u0000-\\u001f\\u007f]+$" });

/** What the player does; CTA-2066 names where it has them. */
export const PlayerState = Type.Union([
  Type.Literal("idle"),
  Type.Literal("loading"),
  Type.Literal("buffering"),
  Type.Literal("playing"),
  Type.Literal("paused"),
  Type.Literal("seeking"),
  Type.Literal("ended"),
  Type.Literal("error"),
]);
export type PlayerState = Static<typeof PlayerState>;

const base = {
  /** UUIDv7 when it is ours; any unique string when it comes from elsewhere. */
  id: Id,
  /** Position in the view, from 0, without gaps when nothing was lost. */
  seq: count,
  /** Unix time, ms. */
  ts: Type.Integer({ minimum: 0, maximum: MAX }),
  /** Playhead position in the media, ms. */
  positionMs: opt(Type.Integer({ minimum: -MAX, maximum: MAX })),
  /** What the player does, by senders that tell it with every event. */
  state: opt(PlayerState),
};

function event<const T extends string, P extends TProperties>(type: T, fields: P) {
  return Type.Object({ ...base, type: Type.Literal(type), ...fields }, { additionalProperties: true });
}

/** Why the rendition changed; `initial` is no switch (seed 004). */
export const QualityChangeReason = Type.Union([
  Type.Literal("abr"),
  Type.Literal("manual"),
  Type.Literal("buffer"),
  Type.Literal("initial"),
]);

/** How the browser's picture is doing now; every field is absent when the browser does not tell. */
const playerMetrics = {
  bufferMs: opt(ms),
  bitrateBps: opt(bps),
  width: opt(px),
  height: opt(px),
  /** Size of the player on the page, CSS px. */
  playerWidth: opt(px),
  playerHeight: opt(px),
  /** Cumulative since the view began, `getVideoPlaybackQuality`. */
  droppedFrames: opt(count),
  decodedFrames: opt(count),
  /** Δframes/Δtime since the last sample. */
  fps: opt(Type.Number({ minimum: 0, maximum: 1000 })),
  /** Cumulative since the intent: how long tasks of over 50 ms held the page's main thread. */
  blockedMs: opt(ms),
  watchMs: opt(ms),
  pauseMs: opt(ms),
  interactionCount: opt(count),
  downlinkMbps: opt(Type.Number({ minimum: 0, maximum: 1e6 })),
  rttMs: opt(ms),
  effectiveType: opt(text(16)),
};

/** What the server did: `codec` and `container` are the film's. */
const server = {
  codec: opt(text(64)),
  container: opt(text(64)),
  rendition: opt(text(64)),
  segment: opt(count),
};
/** One ffmpeg. Codec and encoder are the picture's; sound has names of its own, so that a view's are never taken for it. */
const ffmpeg = {
  ...server,
  encoder: opt(text(64)),
  soundCodec: opt(text(64)),
  soundEncoder: opt(text(64)),
  mediaType: opt(text(16)),
  /** Names the ffmpeg while the server runs. */
  runId: opt(count),
};

export const eventSchemas = {
  /** The source is handed to the player. */
  load: event("load", { url: opt(text(2048)), isLive: opt(Type.Boolean()) }),
  /** The intent to play: a click, or autoplay. The clock of the startup time starts here. */
  play_request: event("play_request", { autoplay: opt(Type.Boolean()) }),
  /** First frame with the playhead moving. `startupMs` is the page's own measure from the intent. */
  first_frame: event("first_frame", { startupMs: opt(ms), ...playerMetrics }),
  /** Playback was asked to go on (after a pause or the first time). */
  play: event("play", playerMetrics),
  pause: event("pause", playerMetrics),
  seek_start: event("seek_start", { fromMs: opt(ms), toMs: opt(ms) }),
  /** Playing, or ready at the new place. */
  seek_end: event("seek_end", { toMs: opt(ms), durationMs: opt(ms) }),
  /** Playback stopped for lack of data while it should play. Sent even if it turns out shorter than 250 ms. */
  rebuffer_start: event("rebuffer_start", playerMetrics),
  rebuffer_end: event("rebuffer_end", { durationMs: opt(ms), ...playerMetrics }),
  /** The rendered rendition changed. */
  quality_change: event("quality_change", {
    fromBitrateBps: opt(bps),
    toBitrateBps: opt(bps),
    fromWidth: opt(px),
    fromHeight: opt(px),
    toWidth: opt(px),
    toHeight: opt(px),
    codec: opt(text(64)),
    reason: opt(QualityChangeReason),
  }),
  state_change: event("state_change", { from: opt(PlayerState), to: PlayerState }),
  /** Every 10 s while the view is open, and with each batch that closes it. */
  heartbeat: event("heartbeat", playerMetrics),
  /** One request of the player: playlist, init or media segment, key. */
  request: event("request", {
    kind: Type.Union([
      Type.Literal("playlist"),
      Type.Literal("init"),
      Type.Literal("segment"),
      Type.Literal("key"),
      Type.Literal("file"),
      Type.Literal("other"),
    ]),
    url: opt(text(2048)),
    status: opt(Type.Integer({ minimum: 0, maximum: 999 })),
    ttfbMs: opt(ms),
    durationMs: opt(ms),
    bytes: opt(count),
    retries: opt(count),
    /** From `Server-Timing`: how long the segment was not ready. */
    waitMs: opt(ms),
    rendition: opt(text(64)),
    segment: opt(count),
    /** `video` holds the picture, alone or with sound; also `audio`, `subtitle`. */
    mediaType: opt(text(16)),
    /** What the player says of the object that it asks for: its duration, its encoded bitrate, its own buffer. */
    mediaMs: opt(ms),
    /** Where the object begins in the media, by the server's segment plan. */
    mediaStartMs: opt(ms),
    bitrateBps: opt(bps),
    bufferMs: opt(ms),
    /** The buffer ran dry since the request before, and the object is needed at once (CTA-5004 `bs`, `su`). */
    starved: opt(Type.Boolean()),
    urgent: opt(Type.Boolean()),
  }),
  error: event("error", {
    code: text(128),
    message: opt(text(2048)),
    fatal: Type.Boolean(),
    /** `network`, `media`, `key`, `mux`, `other`: hls.js's classes. */
    category: opt(text(64)),
    status: opt(Type.Integer({ minimum: 0, maximum: 999 })),
    /** The viewer is simply not allowed; counted apart from technical failures. */
    business: opt(Type.Boolean()),
  }),
  /** The view is over: the media ended, the viewer left, or a fatal error closed it. */
  end: event("end", {
    reason: opt(
      Type.Union([Type.Literal("ended"), Type.Literal("left"), Type.Literal("error"), Type.Literal("replaced")]),
    ),
    ...playerMetrics,
  }),
  custom: event("custom", { name: text(128), data: opt(Type.Unknown()) }),

  /** `durationMs`: to plan and open it. */
  hls_session_start: event("hls_session_start", {
    ...server,
    delivery: opt(text(16)),
    durationMs: opt(ms),
    preload: opt(Type.Boolean()),
  }),
  /** `durationMs`: of its life. */
  hls_session_end: event("hls_session_end", {
    ...server,
    reason: opt(text(32)),
    durationMs: opt(ms),
    segments: opt(count),
    bytes: opt(count),
  }),
  /** `durationMs`: it waited for others before. */
  ffmpeg_start: event("ffmpeg_start", { ...ffmpeg, durationMs: opt(ms) }),
  /** `durationMs`, `outputAfterMs`: from ffmpeg's start to its first segment, and to its first byte. */
  first_segment: event("first_segment", { ...ffmpeg, durationMs: opt(ms), outputAfterMs: opt(ms) }),
  /** `durationMs`: until its bytes were there; without `segment` it is the init segment. */
  segment: event("segment", {
    ...server,
    mediaType: opt(text(16)),
    durationMs: opt(ms),
    waitMs: opt(ms),
    bytes: opt(count),
    cached: opt(Type.Boolean()),
    outcome: opt(text(16)),
    code: opt(text(128)),
  }),
  transcode_error: event("transcode_error", { ...ffmpeg, code: text(128), message: opt(text(4096)) }),
} satisfies Record<string, TObject>;

export type EventType = keyof typeof eventSchemas;
export type EventOf<T extends EventType> = Static<(typeof eventSchemas)[T]>;
/** Any canonical event; a discriminated union on `type`. Unknown extra fields are kept, not refused. */
export type PlayheadEvent = { [T in EventType]: EventOf<T> }[EventType];

export const isEventType = (name: string): name is EventType => Object.hasOwn(eventSchemas, name);
export const eventTypes: readonly EventType[] = Object.keys(eventSchemas).filter(isEventType);
/** Types that only the server itself records; the ingest door refuses them from clients. */
export const serverEventTypes: ReadonlySet<string> = new Set<EventType>([
  "hls_session_start",
  "hls_session_end",
  "ffmpeg_start",
  "first_segment",
  "segment",
  "transcode_error",
]);
