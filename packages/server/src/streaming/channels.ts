import { channel } from "node:diagnostics_channel";

/**
 * What streaming tells to whoever listens (telemetry, metrics), on `node:diagnostics_channel`. Nothing here waits for a
 * listener, and without one a message costs next to nothing. Times are Unix ms, durations ms, sizes bytes.
 */
export interface StreamingMessages {
  /** A browser was given an HLS session. */
  "playhead:hls.session.start": {
    readonly ts: number;
    readonly hlsSessionId: string;
    readonly mediaId: string;
    readonly userId: string;
    readonly delivery: "copy" | "transcode";
    /** Where playback was asked to begin. */
    readonly positionMs: number;
    /** Whether it was prepared before anyone pressed play. */
    readonly preload: boolean;
  };
  "playhead:hls.session.end": {
    readonly ts: number;
    readonly hlsSessionId: string;
    readonly mediaId: string;
    readonly userId: string;
    readonly reason: "idle" | "client" | "shutdown";
    readonly durationMs: number;
    /** Segment requests that were answered. */
    readonly segments: number;
    readonly bytes: number;
  };
  /** An ffmpeg was started. */
  "playhead:ffmpeg.start": EncoderFields & { readonly pid: number | null; readonly queuedMs: number };
  /** Its first segment is there. */
  "playhead:ffmpeg.first_segment": EncoderFields & { readonly index: number; readonly afterMs: number };
  /** One more segment is there; `tookMs` since the one before it (or the start). */
  "playhead:ffmpeg.segment": EncoderFields & {
    readonly index: number;
    readonly bytes: number;
    readonly mediaMs: number;
    readonly tookMs: number;
  };
  "playhead:ffmpeg.end": EncoderFields & {
    readonly reason: "finished" | "stopped" | "failed";
    readonly segments: number;
    readonly lifeMs: number;
  };
  /** It failed; a first failure is repaired by a new run, a second in a row reaches the player. */
  "playhead:ffmpeg.error": EncoderFields & { readonly message: string; readonly exitCode: number | null };
  /** A segment or init segment was asked for and answered, or given up by the client. */
  "playhead:segment.request": {
    readonly ts: number;
    readonly hlsSessionId: string;
    readonly mediaId: string;
    readonly userId: string;
    readonly rendition: string;
    readonly kind: "video" | "audio";
    readonly delivery: "copy" | "transcode";
    /** Null for the init segment. */
    readonly index: number | null;
    /** Until the segment was made: 0 when it was there. */
    readonly waitMs: number;
    /** Reading it from the file or the disk cache. */
    readonly readMs: number;
    readonly bytes: number;
    readonly outcome: "sent" | "error" | "client_left";
    readonly error: string | null;
  };
}

export interface EncoderFields {
  readonly ts: number;
  /** Names this ffmpeg among all of this server's life. */
  readonly runId: number;
  readonly mediaId: string;
  readonly rendition: string;
  readonly kind: "video" | "audio";
  /** The HLS sessions that it works for at this moment. */
  readonly hlsSessionIds: readonly string[];
  readonly startSegment: number;
}

export type StreamingChannel = keyof StreamingMessages;

/** Publishes without waiting. */
export function publish<C extends StreamingChannel>(name: C, message: StreamingMessages[C]): void {
  const target = channel(name);
  if (target.hasSubscribers) target.publish(message);
}

/** Listens to one channel. @returns the function that stops listening. */
export function listen<C extends StreamingChannel>(
  name: C,
  listener: (message: StreamingMessages[C]) => void,
): () => void {
  const onMessage = (message: unknown) => {
    if (isMessageOf(name, message)) listener(message);
  };
  const target = channel(name);
  target.subscribe(onMessage);
  return () => {
    target.unsubscribe(onMessage);
  };
}

/** Only `publish` writes to our channels, so what comes out of one is of its type. */
function isMessageOf<C extends StreamingChannel>(_name: C, message: unknown): message is StreamingMessages[C] {
  return typeof message === "object" && message !== null;
}
