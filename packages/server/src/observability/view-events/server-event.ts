import type { PlayheadEvent } from "@playhead/protocol";
import type { EncoderFields, StreamingMessages } from "../../streaming/channels.js";

/** An event without what its view gives it. */
export type Told = PlayheadEvent extends infer E ? (E extends PlayheadEvent ? Omit<E, "id" | "seq"> : never) : never;

type Message<C extends keyof StreamingMessages> = StreamingMessages[C];

/** What is told on channels, as events of a view (`docs/telemetry.md`). `ts` is the server's clock. */
export const serverEvent = {
  sessionStart: ({ ts, delivery, tookMs, positionMs, preload, ...m }: Message<"playhead:hls.session.start">): Told => ({
    type: "hls_session_start",
    ts,
    ...film(m),
    delivery,
    positionMs,
    durationMs: tookMs,
    preload,
  }),

  sessionEnd: ({ ts, reason, durationMs, segments, bytes }: Message<"playhead:hls.session.end">): Told => ({
    type: "hls_session_end",
    ts,
    reason,
    durationMs,
    segments,
    bytes,
  }),

  ffmpegStart: (m: Message<"playhead:ffmpeg.start">): Told => ({
    type: "ffmpeg_start",
    ...run(m),
    segment: m.startSegment,
    durationMs: m.queuedMs,
  }),

  firstSegment: (m: Message<"playhead:ffmpeg.first_segment">): Told => ({
    type: "first_segment",
    ...run(m),
    segment: m.index,
    durationMs: m.afterMs,
    outputAfterMs: m.outputAfterMs,
  }),

  segment: (m: Message<"playhead:segment.request">): Told => ({
    type: "segment",
    ts: m.ts,
    rendition: m.rendition,
    mediaType: m.kind,
    // Without a number it is the init segment.
    ...(m.index !== null && { segment: m.index }),
    durationMs: m.waitMs + m.readMs,
    waitMs: m.waitMs,
    bytes: m.bytes,
    ...(m.cached !== null && { cached: m.cached }),
    ...(m.outcome !== "sent" && { outcome: m.outcome }),
    ...(m.error !== null && { code: m.error }),
  }),

  transcodeError: (m: Message<"playhead:ffmpeg.error">): Told => ({
    type: "transcode_error",
    ...run(m),
    segment: m.startSegment,
    code: m.exitCode === null ? "ffmpeg_failed" : `ffmpeg_exit_${m.exitCode}`,
    message: m.message.slice(0, 4096),
  }),
} as const;

const film = ({ container, codec }: { readonly container: string; readonly codec: string }) => ({ container, codec });

/** Of a run. Codec and encoder of a view are its picture's: those of sound have names of their own. */
function run(m: EncoderFields) {
  const { ts, rendition, kind, container, codec, encoder, runId } = m;
  const what = kind === "video" ? { codec, encoder } : { soundCodec: codec, soundEncoder: encoder };
  return { ts, rendition, mediaType: kind, container, ...what, runId };
}
