import path from "node:path";
import { decide, masterPlaylist, mediaPlaylist, type PlaybackPlan, type Rendition } from "@playhead/hls";
import type { PlaybackReply, PlaybackRequest } from "@playhead/protocol";
import type { User } from "@playhead/store";
import type { FastifyBaseLogger } from "fastify";
import type { Config } from "../config.js";
import { AppError } from "../errors.js";
import type { FindMedia, MediaItem } from "../library/media-item.js";
import { SegmentStore } from "./cache/segment-store.js";
import { publish } from "./channels.js";
import { createEncoder, type EncoderStats } from "./encoder/encoder.js";
import type { Made, Viewer } from "./encoder/transcoded-rendition.js";
import { createPackager } from "./packager/packager.js";
import { type PlayableItem, playable } from "./playable.js";
import { segmentAt } from "./segment-at.js";
import type { EndReason, HlsSession } from "./sessions/hls-session.js";
import { SessionRegistry } from "./sessions/session-registry.js";

export interface StreamingDeps {
  readonly findMedia: FindMedia;
  readonly config: Pick<Config, "dataDir" | "ffmpeg" | "maxEncoders" | "cacheMaxBytes" | "hlsIdleTimeoutMs">;
  readonly log: FastifyBaseLogger;
  /** Unix ms. */
  readonly now?: () => number;
  readonly limits?: StreamingLimits;
}

/** What tests make small. */
export interface StreamingLimits {
  /** Longest wait for one segment; a player's own time-out must be longer. */
  readonly segmentWaitMs?: number;
  readonly slotWaitMs?: number;
  readonly lookAheadS?: number;
  readonly lookAheadBytes?: number;
}

/** Bytes of a segment and how long they took. */
export interface DeliveredPart {
  readonly bytes: Uint8Array;
  readonly kind: "video" | "audio";
  /** Until it was made, ms; 0 when it was there. */
  readonly waitMs: number;
  /** Reading and packaging, ms. */
  readonly readMs: number;
}

export interface Streaming {
  /** @throws {AppError} media_not_found, media_not_ready, media_unplayable */
  playback(user: User, request: PlaybackRequest): PlaybackReply;
  /** Prepares playback before anyone presses play. @throws {AppError} as `playback`, and playback_not_needed */
  preload(user: User, request: PlaybackRequest): { readonly status: "warming"; readonly hlsSessionId: string };
  /** Ends what `preload` began, if nobody plays it. */
  cancelPreload(user: User, mediaId: string): void;
  /** The item, if it can be played now. @throws {AppError} as `playback` */
  item(mediaId: string): PlayableItem;
  /** @throws {AppError} session_not_found, session_ended; so do all that follow */
  masterPlaylist(user: User, sessionId: string): string;
  mediaPlaylist(user: User, sessionId: string, renditionId: string): string;
  /**
   * @param part `init` or the segment's index.
   * @param signal aborts when the client leaves.
   * @throws {AppError} not_found, media_not_found, media_unreadable, transcode_failed, ffmpeg_missing, busy
   */
  part(
    user: User,
    sessionId: string,
    renditionId: string,
    part: "init" | number,
    signal: AbortSignal,
  ): Promise<DeliveredPart>;
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

export function createStreaming(deps: StreamingDeps): Streaming {
  const { findMedia, config, log } = deps;
  const now = deps.now ?? Date.now;
  const limits = deps.limits ?? {};
  const segmentWaitMs = limits.segmentWaitMs ?? 45_000;
  const folder = path.join(config.dataDir, "cache", "segments");
  const store = new SegmentStore({ folder, maxBytes: config.cacheMaxBytes, log });
  const packager = createPackager();
  const encoder = createEncoder({
    ...limits,
    ffmpeg: config.ffmpeg,
    maxEncoders: config.maxEncoders,
    store,
    log,
  });
  /** Rendition of each kind that a session is at, to let go of the one before. */
  const current = new WeakMap<HlsSession, Map<Rendition["kind"], Rendition>>();
  /** What is prepared for a session ends with it. */
  const warming = new Map<HlsSession, AbortController>();

  const sessions = new SessionRegistry({
    idleTimeoutMs: config.hlsIdleTimeoutMs,
    now,
    onLinger: (session) => encoder.release(session.id),
    onEnd(session, reason) {
      warming.get(session)?.abort();
      encoder.release(session.id);
      tellEnd(session, reason);
    },
  });

  function tellEnd(session: HlsSession, reason: EndReason): void {
    const { id: hlsSessionId, mediaId, userId, segments, bytes } = session;
    const durationMs = now() - session.startedAt;
    publish("playhead:hls.session.end", {
      ts: now(),
      hlsSessionId,
      mediaId,
      userId,
      reason,
      durationMs,
      segments,
      bytes,
    });
  }

  function openSession(
    user: User,
    item: MediaItem,
    plan: PlaybackPlan,
    positionMs: number,
    isPreload: boolean,
  ): HlsSession {
    const delivery = plan.delivery === "copy" ? "copy" : "transcode";
    const wanted = { item, userId: user.id, plan, delivery, positionMs, isPreload } as const;
    const { session, isNew } = sessions.open(wanted);
    if (isNew) {
      const { id: hlsSessionId, mediaId, userId } = session;
      const ts = now();
      publish("playhead:hls.session.start", {
        ts,
        hlsSessionId,
        mediaId,
        userId,
        delivery,
        positionMs,
        preload: isPreload,
      });
    }
    warm(session);
    return session;
  }

  /** Begins the first segments before the player asks for them: its way through the playlists costs some 100 ms. */
  function warm(session: HlsSession): void {
    if (warming.has(session)) return;
    const giveUp = new AbortController();
    warming.set(session, giveUp);
    const signal = AbortSignal.any([giveUp.signal, AbortSignal.timeout(segmentWaitMs)]);
    const first = [session.plan.video[0], session.plan.audio.find((audio) => audio.isDefault) ?? session.plan.audio[0]];
    const jobs = first.flatMap((rendition) => {
      if (rendition === undefined) return [];
      const index = segmentAt(rendition.plan, session.positionMs / 1000);
      return [make(session, rendition, "init", signal), make(session, rendition, index, signal)];
    });
    void settle();

    async function settle(): Promise<void> {
      const results = await Promise.allSettled(jobs);
      warming.delete(session);
      const failed = results.find((result) => result.status === "rejected");
      // The player's own request will tell its viewer.
      if (failed !== undefined && !giveUp.signal.aborted) log.debug({ err: failed.reason }, "Warming up failed");
    }
  }

  async function make(
    session: HlsSession,
    rendition: Rendition,
    part: "init" | number,
    signal: AbortSignal,
  ): Promise<Made> {
    const { item } = session;
    const { info } = item;
    if (info === null) throw new AppError("media_not_ready");
    const source = { mediaId: item.id, fileId: item.fileId, absolutePath: item.absolutePath, info };
    if (rendition.mode === "copy") {
      const copy = part === "init" ? packager.init(source, rendition) : packager.segment(source, rendition, part);
      return { bytes: await copy, waitMs: 0 };
    }
    const viewer: Viewer = {
      id: session.id,
      priority: session.state === "warming" && session.isPreload ? "prewarm" : "playing",
    };
    if (part !== "init") return encoder.segment(source, rendition, part, viewer, signal);
    return encoder.init(source, rendition, segmentAt(rendition.plan, session.positionMs / 1000), viewer, signal);
  }

  /** The session, and its file if that is still the one that the plan was made for. */
  function use(user: User, sessionId: string): HlsSession {
    const session = sessions.use(sessionId, user.id);
    const item = findMedia(session.mediaId);
    if (item === undefined) throw new AppError("media_not_found");
    if (item.fileId !== session.item.fileId) {
      // Another file lies there now: its player asks anew, and gets a plan for that one.
      sessions.end(session, "client");
      throw new AppError("session_ended");
    }
    return session;
  }

  function renditionOf(session: HlsSession, renditionId: string): Rendition {
    const { video, audio } = session.plan;
    const rendition = [...video, ...audio].find((candidate) => candidate.id === renditionId);
    if (rendition === undefined) throw new AppError("not_found");
    return rendition;
  }

  /** A session is at one rendition of each kind; its work on the one before is let go. */
  function turnTo(session: HlsSession, rendition: Rendition): void {
    let of = current.get(session);
    if (of === undefined) current.set(session, (of = new Map()));
    const before = of.get(rendition.kind);
    of.set(rendition.kind, rendition);
    const { info, id: mediaId, fileId, absolutePath } = session.item;
    if (before === undefined || before === rendition || before.mode !== "transcode" || info === null) return;
    encoder.release(session.id, { mediaId, fileId, absolutePath, info }, before);
  }

  function plan(request: PlaybackRequest): { readonly item: PlayableItem; readonly plan: PlaybackPlan } {
    const item = playable(findMedia(request.mediaId));
    const options = request.prefer === undefined ? {} : { prefer: request.prefer };
    return { item, plan: decide(item.info, new Set(request.supported), options) };
  }

  return {
    item: (mediaId) => playable(findMedia(mediaId)),

    playback(user, request) {
      const { item, plan: decided } = plan(request);
      const { delivery } = decided;
      const reasons = [...decided.reasons];
      if (delivery === "direct") {
        return { delivery, url: `/api/v1/stream/${encodeURIComponent(item.id)}?direct=1`, reasons };
      }
      const session = openSession(user, item, decided, request.positionMs ?? 0, false);
      return { delivery, url: `/api/v1/hls/${session.id}/index.m3u8`, hlsSessionId: session.id, reasons };
    },

    preload(user, request) {
      const { item, plan: decided } = plan(request);
      if (decided.delivery === "direct") throw new AppError("playback_not_needed");
      const session = openSession(user, item, decided, request.positionMs ?? 0, true);
      return { status: "warming", hlsSessionId: session.id };
    },

    cancelPreload(user, mediaId) {
      const session = sessions.findPreload(mediaId, user.id);
      if (session !== undefined) sessions.end(session, "client");
    },

    masterPlaylist: (user, sessionId) => masterPlaylist(use(user, sessionId).plan),

    mediaPlaylist: (user, sessionId, renditionId) => mediaPlaylist(renditionOf(use(user, sessionId), renditionId)),

    async part(user, sessionId, renditionId, part, clientSignal) {
      const session = use(user, sessionId);
      const rendition = renditionOf(session, renditionId);
      if (part !== "init" && part > rendition.plan.boundaries.length - 2) throw new AppError("not_found");
      if (part !== "init") session.positionMs = (rendition.plan.boundaries[part] ?? 0) * 1000;
      turnTo(session, rendition);

      const tooLong = AbortSignal.timeout(segmentWaitMs);
      const startedAt = performance.now();
      const { id: hlsSessionId, mediaId, userId } = session;
      /** What was not waiting was reading. A request that failed has only waited. */
      const tell = (
        outcome: "sent" | "error" | "client_left",
        bytes: number,
        error: string | null,
        waited?: number,
      ) => {
        const tookMs = Math.round(performance.now() - startedAt);
        const waitMs = Math.min(tookMs, Math.round(waited ?? tookMs));
        const readMs = tookMs - waitMs;
        publish("playhead:segment.request", {
          ts: now(),
          hlsSessionId,
          mediaId,
          userId,
          rendition: rendition.id,
          kind: rendition.kind,
          delivery: rendition.mode,
          index: part === "init" ? null : part,
          waitMs,
          readMs,
          bytes,
          outcome,
          error,
        });
        return { waitMs, readMs };
      };

      session.inFlight++;
      try {
        const { bytes, waitMs } = await make(session, rendition, part, AbortSignal.any([clientSignal, tooLong]));
        session.segments++;
        session.bytes += bytes.byteLength;
        return { bytes, kind: rendition.kind, ...tell("sent", bytes.byteLength, null, waitMs) };
      } catch (error) {
        if (clientSignal.aborted) {
          tell("client_left", 0, null);
          throw error;
        }
        const told =
          tooLong.aborted && !(error instanceof AppError)
            ? new AppError("busy", { cause: error, retryAfterS: 5 })
            : error;
        tell("error", 0, told instanceof AppError ? told.code : "internal");
        throw told;
      } finally {
        session.inFlight--;
        session.lastSeenAt = now();
      }
    },

    heartbeat(user, sessionId, positionMs) {
      const session = sessions.use(sessionId, user.id);
      if (positionMs !== undefined) session.positionMs = positionMs;
    },

    end: (user, sessionId) => sessions.end(sessions.use(sessionId, user.id), "client"),

    start: () => store.start(),

    async stop() {
      sessions.stop();
      await encoder.stop();
      packager.stop();
      await store.stop();
    },

    stats() {
      const count = { warming: 0, active: 0, lingering: 0 };
      for (const { state } of sessions.all()) if (state !== "ended") count[state]++;
      return { sessions: count, encoder: encoder.stats(), cache: store.stats() };
    },
  };
}
