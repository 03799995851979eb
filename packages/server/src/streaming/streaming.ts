import path from "node:path";
import {
  decide,
  masterPlaylist,
  mediaPlaylist,
  type Rendition,
  type SubtitleRendition,
  subtitlePlaylist,
} from "@playhead/hls";
import type { PlaybackReply } from "@playhead/protocol";
import type { User } from "@playhead/store";
import type { FastifyBaseLogger } from "fastify";
import type { Config } from "../config.js";
import { AppError } from "../errors.js";
import type { FindMedia } from "../library/media-item.js";
import { SegmentStore } from "./cache/segment-store.js";
import { publish, type StreamingMessages } from "./channels.js";
import { createPlanner, type Planned } from "./decide/planner.js";
import { rungsOf } from "./decide/rungs.js";
import { createEncoder } from "./encoder/encoder.js";
import { createScheduler } from "./encoder/scheduler.js";
import { codecsOf } from "./every-browser.js";
import type { Streaming } from "./face.js";
import { inlinePlaylists } from "./inline-playlists.js";
import { isOfPlan, type LinkedAddress, LinkedViews, newView } from "./linked-views.js";
import { createPackager } from "./packager/packager.js";
import { createPartMaker, sourceOf } from "./parts/part-maker.js";
import { answerPart } from "./parts/part-request.js";
import { partTag } from "./parts/rendition-tag.js";
import { playable } from "./playable.js";
import type { HlsSession } from "./sessions/hls-session.js";
import { planFingerprint } from "./sessions/plan-fingerprint.js";
import { filmOf, tellEnd, tellStart } from "./sessions/session-messages.js";
import { SessionRegistry } from "./sessions/session-registry.js";
import { Turns } from "./sessions/turns.js";
import { WarmUps } from "./sessions/warm-ups.js";
import { Subtitles } from "./subtitles/subtitles.js";

export interface StreamingDeps {
  readonly findMedia: FindMedia;
  readonly config: Pick<
    Config,
    | "dataDir"
    | "ffmpeg"
    | "hardwareEncoder"
    | "maxEncoders"
    | "cacheMaxBytes"
    | "cacheFreeFloorBytes"
    | "hlsIdleTimeoutMs"
    | "playback"
  >;
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
  readonly parkedMs?: number;
  readonly silentMs?: number;
  /** How long a warm-up waits for its play. */
  readonly warmUpMs?: number;
}

/** `startedAt`: `performance.now()`. */
type Timed = Planned & { readonly startedAt: number; readonly planMs: number };

interface Opened {
  readonly session: HlsSession;
  readonly found: StreamingMessages["playhead:playback.request"]["found"];
}

export function createStreaming(deps: StreamingDeps): Streaming {
  const { findMedia, config, log } = deps;
  const now = deps.now ?? Date.now;
  const limits = deps.limits ?? {};
  const segmentWaitMs = limits.segmentWaitMs ?? 45_000;
  const folder = path.join(config.dataDir, "cache", "segments");
  const store = new SegmentStore({
    folder,
    maxBytes: config.cacheMaxBytes,
    freeFloorBytes: config.cacheFreeFloorBytes,
    log,
  });
  const packager = createPackager();
  const scheduler = createScheduler({ ...limits, maxEncoders: config.maxEncoders });
  const encoder = createEncoder({
    ...limits,
    ffmpeg: config.ffmpeg,
    hardware: config.hardwareEncoder,
    scheduler,
    store,
    log,
  });
  const subtitles = new Subtitles({ ffmpeg: config.ffmpeg, dataDir: config.dataDir, log });
  const parts = createPartMaker({ packager, encoder, subtitles });
  const planner = createPlanner(findMedia, config.playback);
  /** Rendition of each kind that a session is at, to let go of the one before. */
  const turns = new Turns({
    rest: (session, rendition) => {
      if (rendition.mode === "transcode") encoder.rest(session.id, sourceOf(session), rendition);
    },
    release: (session, rendition) => {
      if (rendition.mode === "transcode") encoder.release(session.id, sourceOf(session), rendition);
    },
  });
  const warmUps = new WarmUps({
    lastsMs: limits.warmUpMs ?? 45_000,
    partWaitMs: segmentWaitMs,
    make: (...args) => parts.make(...args),
    // Text after the first picture: a slow disk must not be asked for both at once.
    onMade: readSubtitles,
    onUnused: (session) => sessions.end(session, "unused"),
    log,
  });

  const sessions = new SessionRegistry({
    idleTimeoutMs: config.hlsIdleTimeoutMs,
    now,
    onLinger(session) {
      encoder.release(session.id);
      subtitles.release(session.id);
    },
    onEnd(session, reason) {
      warmUps.end(session);
      encoder.release(session.id);
      subtitles.release(session.id);
      tellEnd(session, reason, now());
    },
  });

  const linkedViews = new LinkedViews({
    isOpen: (id) => sessions.has(id),
    // Where its player is will be told by what it asks for.
    open: (address) => reopenLinked(address).id,
  });

  function reopenLinked(address: LinkedAddress & { readonly view: string }): HlsSession {
    const { view } = address;
    const planned = timed(() => planner.planLinked(address));
    const { item, plan } = planned;
    if (plan.delivery === "direct" || !isOfPlan(view, planFingerprint(item.fileId, plan))) {
      throw new AppError("session_ended", { message: "The file has changed. Open the link anew." });
    }
    return openSession(address.userId, planned, false, { view, begin: false });
  }

  /** A plan, and when it was begun and ready. */
  function timed(make: () => Planned): Timed {
    const startedAt = performance.now();
    const planned = make();
    return { ...planned, startedAt, planMs: performance.now() - startedAt };
  }

  /** Somebody wants to play: that is told with what it took. */
  function tellRequest(userId: string, planned: Timed, opened: Opened | null): void {
    const { item, plan, startedAt, planMs } = planned;
    const tookMs = performance.now() - startedAt;
    publish("playhead:playback.request", {
      ts: Math.round(now() - tookMs),
      hlsSessionId: opened?.session.id ?? null,
      mediaId: item.id,
      userId,
      delivery: plan.delivery === "direct" ? "direct" : plan.delivery === "copy" ? "copy" : "transcode",
      ...filmOf(item),
      planMs: Math.round(planMs),
      tookMs: Math.round(tookMs),
      found: opened?.found ?? "nothing",
    });
  }

  /**
   * Opens the session of a plan, and begins its first segments.
   * @param linked of a view through a signed link; `begin`: whether its player starts now, at the position.
   */
  function openSession(
    userId: string,
    planned: Timed,
    isWarmUp: boolean,
    linked?: { readonly view: string; readonly begin: boolean },
  ): HlsSession {
    const { item, plan, request, firstRung: rung, startedAt } = planned;
    const delivery = plan.delivery === "copy" ? "copy" : "transcode";
    const positionMs = request.positionMs ?? 0;
    const view = linked?.view;
    const { session, isNew } = sessions.open({ item, userId, plan, delivery, positionMs, isWarmUp, view });
    if (isNew) tellStart(session, now(), performance.now() - startedAt);
    const found = isNew ? "nothing" : session.isWarmUp ? "warm" : "open";
    if (!isWarmUp) {
      if (linked?.begin !== false) tellRequest(userId, planned, { session, found });
      adopt(session);
    }
    if (linked?.begin !== false) warmUps.begin(session, rung?.id);
    return session;
  }

  /** What was only prepared is played now. */
  function adopt(session: HlsSession): void {
    if (!session.isWarmUp) return;
    session.isWarmUp = false;
    warmUps.adopt(session);
    encoder.reconsider();
  }

  /** Has the text read that is said where the session is. */
  function readSubtitles({ item, id, positionMs }: HlsSession): void {
    const { info } = item;
    if (info !== null) subtitles.begin({ ...item, info }, id, positionMs);
  }

  /** The session, and its file if that is still the one that the plan was made for. */
  function use(user: User, sessionId: string, isWarmUp = false): HlsSession {
    const session = isWarmUp ? sessions.look(sessionId, user.id) : sessions.use(sessionId, user.id);
    const item = findMedia(session.mediaId);
    if (item === undefined) throw new AppError("media_not_found");
    if (item.fileId !== session.item.fileId) {
      // Another file lies there now: its player asks anew, and gets a plan for that one.
      sessions.end(session, "client");
      throw new AppError("session_ended");
    }
    return session;
  }

  function renditionOf(session: HlsSession, renditionId: string): Rendition | SubtitleRendition {
    const { video, audio, subtitles: texts } = session.plan;
    const rendition = [...video, ...audio, ...texts].find((candidate) => candidate.id === renditionId);
    if (rendition === undefined) throw new AppError("not_found");
    return rendition;
  }

  function replyFor(
    session: HlsSession,
    { plan, firstRung: rung }: Planned,
  ): PlaybackReply & { readonly hlsSessionId: string } {
    const { id: hlsSessionId, delivery } = session;
    return {
      delivery,
      url: `/api/v1/hls/${hlsSessionId}/index.m3u8`,
      hlsSessionId,
      reasons: [...plan.reasons],
      rungs: rungsOf(plan),
      ...(rung === undefined ? {} : { firstRung: rung.id }),
      playlists: inlinePlaylists(session, rung),
    };
  }

  /** A rendition of a session, if it has this part. */
  function partOf(session: HlsSession, renditionId: string, part: "init" | number): Rendition | SubtitleRendition {
    const rendition = renditionOf(session, renditionId);
    if (part === "init" && rendition.kind === "subtitle") throw new AppError("not_found");
    if (part !== "init" && part > rendition.plan.boundaries.length - 2) throw new AppError("not_found");
    return rendition;
  }

  return {
    scheduler,
    pictureMeans: () => encoder.means,
    item: (mediaId) => planner.find(mediaId),

    playback(user, request, isNear = false) {
      const planned = timed(() => planner.plan(request, isNear));
      const { delivery, reasons } = planned.plan;
      if (delivery === "direct") {
        tellRequest(user.id, planned, null);
        const url = `/api/v1/stream/${encodeURIComponent(planned.item.id)}?direct=1`;
        const inPlaylists = decide(planned.item.info, new Set(request.supported), { prefer: "hls" });
        return { delivery, url, reasons: [...reasons], rungs: rungsOf(inPlaylists) };
      }
      return replyFor(openSession(user.id, planned, false), planned);
    },

    preload(user, request, isNear = false) {
      const planned = timed(() => planner.plan(request, isNear));
      if (planned.plan.delivery === "direct") throw new AppError("not_needed");
      return { status: "warming", ...replyFor(openSession(user.id, planned, true), planned) };
    },

    async openAhead(mediaId) {
      const item = findMedia(mediaId);
      if (!config.playback || item === undefined || item.info === null) return;
      const { video, audio } = decide(item.info, new Set(codecsOf(item.info)), { prefer: "hls" });
      const first = [...video, ...audio.filter(({ isDefault }) => isDefault)];
      const openings = first.flatMap((one) => (one.mode === "copy" ? [packager.init(sourceOf({ item }), one)] : []));
      await Promise.allSettled(openings);
    },

    cancelPreload(user, mediaId) {
      for (const session of sessions.warmUps(mediaId, user.id)) sessions.end(session, "client");
    },

    sessionFacts(user, sessionId) {
      const { id, mediaId, delivery } = sessions.look(sessionId, user.id);
      return { hlsSessionId: id, mediaId, delivery };
    },

    masterPlaylist: (user, sessionId) => masterPlaylist(use(user, sessionId).plan),

    mediaPlaylist(user, sessionId, renditionId) {
      const rendition = renditionOf(use(user, sessionId), renditionId);
      return rendition.kind === "subtitle" ? subtitlePlaylist(rendition) : mediaPlaylist(rendition);
    },

    async subtitleTrack(mediaId, trackId, atMs, signal) {
      return subtitles.whole(playable(findMedia(mediaId)), trackId, atMs, signal);
    },

    forget: (fileId) => subtitles.forget(fileId),

    async part(user, sessionId, renditionId, part, clientSignal, isWarmUp) {
      const session = use(user, sessionId, isWarmUp);
      const rendition = partOf(session, renditionId, part);
      if (!isWarmUp) adopt(session);
      if (rendition.kind !== "subtitle") {
        if (part !== "init") session.positionMs = (rendition.plan.boundaries[part] ?? 0) * 1000;
      }
      const answered = rendition.kind === "subtitle" ? undefined : turns.asked(session, rendition, part);

      const request = { session, rendition, part, clientSignal, waitMs: segmentWaitMs, now };
      const delivered = await answerPart(request, (signal) => parts.make(session, rendition, part, signal)).finally(
        answered,
      );
      if (rendition.kind === "video" && !isWarmUp) readSubtitles(session);
      return { ...delivered, kind: rendition.kind };
    },

    partFacts(user, sessionId, renditionId, part, isWarmUp) {
      const session = use(user, sessionId, isWarmUp);
      const rendition = partOf(session, renditionId, part);
      const startS = part === "init" || rendition.kind === "subtitle" ? undefined : rendition.plan.boundaries[part];
      return {
        kind: rendition.kind,
        etag: partTag(session.item.fileId, rendition, part),
        startMs: startS === undefined ? null : Math.round(startS * 1000),
      };
    },

    async keptPart(user, sessionId, renditionId, part) {
      const session = use(user, sessionId);
      const rendition = partOf(session, renditionId, part);
      return parts.kept(session, rendition, part);
    },

    openLinked(user, address, { begin, isNear }) {
      const planned = timed(() => planner.planLinked(address, isNear));
      const { item, plan } = planned;
      if (plan.delivery === "direct") return undefined;
      const view = newView(planFingerprint(item.fileId, plan));
      if (begin) openSession(user.id, planned, false, { view, begin });
      return view;
    },

    linkedSession(user, address) {
      const session = linkedViews.sessionOf({ ...address, userId: user.id });
      if (session === undefined) throw new AppError("session_not_found");
      return session;
    },

    heartbeat(user, sessionId, positionMs) {
      const session = sessions.use(sessionId, user.id);
      adopt(session);
      if (positionMs !== undefined) session.positionMs = positionMs;
    },

    end: (user, sessionId) => sessions.end(sessions.use(sessionId, user.id), "client"),

    async start() {
      encoder.start();
      await store.start();
      await subtitles.start();
    },

    async stop() {
      sessions.stop();
      await encoder.stop();
      await subtitles.stop();
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
