import type { PictureMeans } from "@playhead/hls";
import type { PlaybackReply, PlaybackRequest, PreloadReply } from "@playhead/protocol";
import type { User } from "@playhead/store";
import type { EncoderStats } from "./encoder/encoder.js";
import type { Scheduler } from "./encoder/scheduler.js";
import type { LinkedAddress } from "./linked-views.js";
import type { MeasuredPart } from "./parts/part-request.js";
import type { PlayableItem } from "./playable.js";
import type { WholeTrack } from "./subtitles/subtitles.js";

/** What is known of a part before it is made. */
export interface PartFacts {
  readonly kind: "video" | "audio" | "subtitle";
  /**
   * Entity tag (RFC 9110 §8.8.3), from the address: strong where each making gives the same bytes, weak where an encoder
   * that began elsewhere may give others that look the same.
   */
  readonly etag: string;
  /** Where the segment begins in the media; null for an init segment and for subtitles. */
  readonly startMs: number | null;
}

export interface SessionFacts {
  readonly hlsSessionId: string;
  readonly mediaId: string;
  readonly delivery: "copy" | "transcode";
}

/** Bytes of a segment and how long they took. */
export interface DeliveredPart extends MeasuredPart {
  readonly kind: PartFacts["kind"];
}

/** The streaming engine as the rest of the server sees it: `createStreaming` makes it. */
export interface Streaming {
  /** The limit of encoders, for whoever else starts an ffmpeg. */
  readonly scheduler: Scheduler;
  /** What the ffmpeg at hand can do; known from `start` on. */
  readonly pictureMeans: () => PictureMeans;
  /**
   * @param isNear the viewer is on this machine or in its network.
   * @throws {AppError} media_not_found, media_not_ready, media_unplayable, playback_off
   */
  playback(user: User, request: PlaybackRequest, isNear?: boolean): PlaybackReply;
  /** Prepares playback before anyone presses play. @throws {AppError} as `playback`, and not_needed */
  preload(user: User, request: PlaybackRequest, isNear?: boolean): PreloadReply;
  /**
   * Somebody looks at this film: its file is opened, so that a copy begins sooner. Resolves when it is; a file that can't be
   * opened is left to the play, which tells.
   */
  openAhead(mediaId: string): Promise<void>;
  /** Ends what `preload` began, unless it is played by now. */
  cancelPreload(user: User, mediaId: string): void;
  /** The item, if it can be played now. @throws {AppError} as `playback` */
  item(mediaId: string): PlayableItem;
  /** What a session is about. @throws {AppError} session_not_found, session_ended; so do all that follow */
  sessionFacts(user: User, sessionId: string): SessionFacts;
  masterPlaylist(user: User, sessionId: string): string;
  mediaPlaylist(user: User, sessionId: string, renditionId: string): string;
  /**
   * @param part `init` or the segment's index.
   * @param signal aborts when the client leaves.
   * @param isWarmUp fetched ahead of a click: a session that was only prepared stays so.
   * @throws {AppError} not_found, media_not_found, media_unreadable, transcode_failed, ffmpeg_missing, busy
   */
  part(
    user: User,
    sessionId: string,
    renditionId: string,
    part: "init" | number,
    signal: AbortSignal,
    isWarmUp?: boolean,
  ): Promise<DeliveredPart>;
  /** What is known of a part without making it. @throws {AppError} not_found */
  partFacts(user: User, sessionId: string, renditionId: string, part: "init" | number, isWarmUp?: boolean): PartFacts;
  /** A part that is made already; starts nothing. @throws {AppError} not_found */
  keptPart(user: User, sessionId: string, renditionId: string, part: "init" | number): Promise<Uint8Array | undefined>;
  /**
   * A view through a signed link: one player's own session.
   * @param how `begin`: whether the player is about to ask for it; `isNear`: whether it is in this network.
   * @returns the view's name; undefined when the file plays as it is.
   * @throws {AppError} as `playback`
   */
  openLinked(
    user: User,
    address: LinkedAddress,
    how: { readonly begin: boolean; readonly isNear: boolean },
  ): string | undefined;
  /** The session of a view through a signed link, opened again if it had ended. @throws {AppError} as `playback` */
  linkedSession(user: User, address: LinkedAddress): string;
  /**
   * A text track as a file of its own, for players of plain files. @param atMs where the viewer is: read first.
   * @throws {AppError} as `item`, and not_found, media_unreadable
   */
  subtitleTrack(mediaId: string, trackId: string, atMs: number, signal: AbortSignal): Promise<WholeTrack>;
  /** The film is no longer there: neither is what was read out of it. */
  forget(fileId: string): Promise<void>;
  heartbeat(user: User, sessionId: string, positionMs?: number): void;
  end(user: User, sessionId: string): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  stats(): StreamingStats;
}

export interface StreamingStats {
  readonly sessions: Readonly<Record<"warming" | "active" | "lingering", number>>;
  readonly encoder: EncoderStats;
  readonly cache: { readonly files: number; readonly bytes: number; readonly memoryBytes: number };
}
