import type { HardwareEncoder } from "@playhead/hls";
import { channelsOf } from "../channel.js";

/**
 * What streaming tells to whoever listens (telemetry, metrics), on `node:diagnostics_channel`. Nothing here waits for a
 * listener, and without one a message costs next to nothing. Times are Unix ms, durations ms, sizes bytes.
 */
export interface StreamingMessages {
  /** Somebody asked to play a film, and was told how. */
  "playhead:playback.request": {
    /** When it came. */
    readonly ts: number;
    /** Null for a film that is played as it is. */
    readonly hlsSessionId: string | null;
    readonly mediaId: string;
    readonly userId: string;
    readonly delivery: "direct" | "copy" | "transcode";
    readonly container: string;
    /** ffmpeg's name of the film's first picture's codec. */
    readonly codec: string;
    /** To decide how the film is delivered. */
    readonly planMs: number;
    /** Until its session was open, with that. */
    readonly tookMs: number;
    /** What it found: a session that was made ready before, one that is played already, or none. */
    readonly found: "warm" | "open" | "nothing";
  };
  /** A browser was given an HLS session. */
  "playhead:hls.session.start": {
    readonly ts: number;
    readonly hlsSessionId: string;
    readonly mediaId: string;
    readonly userId: string;
    readonly delivery: "copy" | "transcode";
    readonly container: string;
    /** ffmpeg's name of the film's first picture's codec. */
    readonly codec: string;
    /** To plan and open it. */
    readonly tookMs: number;
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
    /** `unused`: it was prepared, and nobody played it. */
    readonly reason: "idle" | "client" | "shutdown" | "unused";
    readonly delivery: "copy" | "transcode";
    readonly durationMs: number;
    /** Segment requests that were answered. */
    readonly segments: number;
    readonly bytes: number;
  };
  /**
   * An ffmpeg had to wait for others before it could be started: until it was granted a slot, its viewer was told that
   * all are busy, or nobody wanted it any more.
   */
  "playhead:encoder.wait": EncoderFields & {
    readonly priority: "playing" | "look-ahead" | "prewarm" | "thumbnails";
    readonly waitedMs: number;
    readonly outcome: "granted" | "busy" | "left";
  };
  /** An ffmpeg was started. */
  "playhead:ffmpeg.start": EncoderFields & { readonly pid: number | null; readonly queuedMs: number };
  /** Its first segment is there. */
  "playhead:ffmpeg.first_segment": EncoderFields & {
    readonly index: number;
    readonly afterMs: number;
    /** Until it wrote anything at all: it had found its input, and its encoder had begun. */
    readonly outputAfterMs: number;
  };
  /** One more segment is there; `tookMs` since the one before it (or the start), without the time it stood still. */
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
  /** The hardware encoders were tried at the start: which is used, and what each did. */
  "playhead:hardware.probe": {
    readonly ts: number;
    readonly encoder: HardwareEncoder | null;
    readonly results: Readonly<Record<string, string>>;
  };
  /** Hardware failed in mid-run; software goes on at the segment that it owed. */
  "playhead:hardware.fallback": EncoderFields & { readonly hardware: HardwareEncoder; readonly message: string };
  /** A segment or init segment was asked for and answered, or given up by the client. */
  "playhead:segment.request": {
    readonly ts: number;
    readonly hlsSessionId: string;
    readonly mediaId: string;
    readonly userId: string;
    readonly rendition: string;
    /** Subtitles are waited for without the picture waiting: a wait of theirs stalls nobody. */
    readonly kind: "video" | "audio" | "subtitle";
    /** Subtitles count as copied. */
    readonly delivery: "copy" | "transcode";
    /** Null for the init segment. */
    readonly index: number | null;
    /** Until the segment was made: 0 when it was there. */
    readonly waitMs: number;
    /** Reading it from the file or the disk cache. */
    readonly readMs: number;
    readonly bytes: number;
    /** Whether it had been made before; null for subtitles, which are read and not made. */
    readonly cached: boolean | null;
    readonly outcome: "sent" | "error" | "client_left";
    readonly error: string | null;
  };
  /** A request on which its player said something about itself (CMCD), once its answer is over. */
  "playhead:cmcd.request": {
    /** When it came. */
    readonly ts: number;
    /** As they were sent: from the query, from headers; not yet read. */
    readonly reports: readonly string[];
    readonly userAgent: string | undefined;
    /** As a proxy told; ISO 3166-1 alpha-2. */
    readonly country: string | undefined;
    /** Null for a file that is played as it is. */
    readonly hlsSessionId: string | null;
    readonly mediaId: string;
    readonly delivery: "direct" | "copy" | "transcode";
    readonly kind: "playlist" | "init" | "segment" | "file";
    readonly mediaType: "video" | "audio" | "subtitle" | null;
    readonly rendition: string | null;
    readonly index: number | null;
    /** Where the segment begins in the media. */
    readonly startMs: number | null;
    /** 499: the client left before it had all. */
    readonly status: number;
    /** Until the segment was made. */
    readonly waitMs: number;
    /** Until the answer began, and until it was handed over whole. */
    readonly ttfbMs: number;
    readonly durationMs: number;
    readonly bytes: number;
  };
}

export interface EncoderFields {
  readonly ts: number;
  /** Names this ffmpeg among all of this server's life. */
  readonly runId: number;
  readonly mediaId: string;
  readonly rendition: string;
  readonly kind: "video" | "audio";
  /** Of the film: ffprobe's format in one word. */
  readonly container: string;
  /** Of the film: ffmpeg's name of the codec that is converted. */
  readonly codec: string;
  /** ffmpeg's name of what converts it: `libx264`, `h264_nvenc`, `aac`. */
  readonly encoder: string;
  /** The hardware that encodes; null for software. */
  readonly hardware: HardwareEncoder | null;
  /** The HLS sessions that it works for at this moment. */
  readonly hlsSessionIds: readonly string[];
  readonly startSegment: number;
}

export type StreamingChannel = keyof StreamingMessages;

export const { publish, listen } = channelsOf<StreamingMessages>();
