import { randomUUID } from "node:crypto";
import type { PlaybackPlan } from "@playhead/hls";
import { AppError } from "../../errors.js";
import type { MediaItem } from "../../library/media-item.js";
import type { EndReason, HlsSession } from "./hls-session.js";
import { planFingerprint } from "./plan-fingerprint.js";

export interface SessionRegistryOptions {
  readonly idleTimeoutMs: number;
  /** Unix ms. */
  readonly now: () => number;
  /** A session fell silent: what it holds can be let go, it may still come back. */
  readonly onLinger: (session: HlsSession) => void;
  readonly onEnd: (session: HlsSession, reason: EndReason) => void;
}

export interface OpenSession {
  readonly item: MediaItem;
  readonly userId: string;
  readonly plan: PlaybackPlan;
  readonly delivery: "copy" | "transcode";
  readonly positionMs: number;
  readonly isWarmUp: boolean;
  /** Sets a player apart from others of the same user, file and plan; unset, they share a session. */
  readonly view?: string | undefined;
}

/** How many ended sessions are remembered, to tell their players 410 and not 404. */
const rememberedEnds = 10_000;

/** The HLS sessions, found in O(1) by their id and by (media, user, plan); one timer ends the silent ones. */
export class SessionRegistry {
  readonly #options: SessionRegistryOptions;
  readonly #byId = new Map<string, HlsSession>();
  readonly #byKey = new Map<string, HlsSession>();
  /** Ended session → its user. */
  readonly #ended = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SessionRegistryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byId.size;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  all(): Iterable<HlsSession> {
    return this.#byId.values();
  }

  /** Gives the session of this user, file and plan; makes it when there is none. */
  open(wanted: OpenSession): { readonly session: HlsSession; readonly isNew: boolean } {
    const key = keyOf(wanted);
    const known = this.#byKey.get(key);
    const now = this.#options.now();
    if (known !== undefined) {
      // Somebody who looks at a film's page in a second tab must not move the one who watches it.
      if (known.isWarmUp || !wanted.isWarmUp) known.positionMs = wanted.positionMs;
      this.#see(known);
      // Whoever asks for playback plays: what was prepared is now in use, and no longer to be cancelled.
      if (!wanted.isWarmUp) known.state = "active";
      return { session: known, isNew: false };
    }
    const session: HlsSession = {
      id: randomUUID(),
      mediaId: wanted.item.id,
      userId: wanted.userId,
      item: wanted.item,
      view: wanted.view,
      plan: wanted.plan,
      delivery: wanted.delivery,
      startedAt: now,
      isWarmUp: wanted.isWarmUp,
      state: "warming",
      positionMs: wanted.positionMs,
      lastSeenAt: now,
      inFlight: 0,
      segments: 0,
      bytes: 0,
    };
    this.#byId.set(session.id, session);
    this.#byKey.set(key, session);
    this.#schedule();
    return { session, isNew: true };
  }

  /**
   * Finds a session for its user; that counts as a sign of life.
   * @throws {AppError} session_not_found for another user's, session_ended.
   */
  use(id: string, userId: string): HlsSession {
    const session = this.look(id, userId);
    session.state = "active";
    return session;
  }

  /** As `use`, but a session that was only prepared stays so. @throws {AppError} as `use` */
  look(id: string, userId: string): HlsSession {
    const session = this.#byId.get(id);
    if (session !== undefined && session.userId === userId) {
      this.#see(session);
      return session;
    }
    throw new AppError(this.#ended.get(id) === userId ? "session_ended" : "session_not_found");
  }

  /** The sessions of this user on a media item that were only prepared. */
  warmUps(mediaId: string, userId: string): HlsSession[] {
    return [...this.#byId.values()].filter(
      (session) => session.isWarmUp && session.mediaId === mediaId && session.userId === userId,
    );
  }

  end(session: HlsSession, reason: EndReason): void {
    if (!this.#byId.delete(session.id)) return;
    this.#byKey.delete(keyOf(session));
    session.state = "ended";
    this.#ended.set(session.id, session.userId);
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= rememberedEnds) break;
      this.#ended.delete(oldest);
    }
    this.#options.onEnd(session, reason);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const session of this.#byId.values()) this.end(session, "shutdown");
  }

  /** Ends what is silent for too long. Called by the timer; tests call it with a clock of their own. */
  sweep(): void {
    const { now, idleTimeoutMs, onLinger } = this.#options;
    const time = now();
    for (const session of this.#byId.values()) {
      if (session.inFlight > 0) continue;
      const silentMs = time - session.lastSeenAt;
      if (silentMs >= idleTimeoutMs) this.end(session, "idle");
      else if (silentMs >= idleTimeoutMs / 2 && session.state === "active") {
        session.state = "lingering";
        onLinger(session);
      }
    }
  }

  #see(session: HlsSession): void {
    session.lastSeenAt = this.#options.now();
    if (session.state === "lingering") session.state = "active";
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#byId.size === 0) return;
    const everyMs = Math.min(Math.max(this.#options.idleTimeoutMs / 8, 100), 10_000);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.sweep();
      this.#schedule();
    }, everyMs);
    this.#timer.unref();
  }
}

/** One user's two browsers may play different codecs: the plan is part of the key. */
function keyOf({ item, userId, plan, view }: Pick<OpenSession, "item" | "userId" | "plan" | "view">): string {
  // A subtitle file may come or change while the film stays what it is.
  const texts = plan.subtitles.map(({ id, plan: { version } }) => `${id}@${version}`);
  return JSON.stringify([item.id, userId, planFingerprint(item.fileId, plan), texts, view ?? null]);
}
