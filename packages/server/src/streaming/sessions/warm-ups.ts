import type { PlaybackPlan, Rendition, SegmentPlan } from "@playhead/hls";
import type { FastifyBaseLogger } from "fastify";
import { segmentAt } from "../segment-at.js";
import type { HlsSession } from "./hls-session.js";

export interface WarmUpsOptions {
  /** How long a warm-up waits for somebody to play it, ms. */
  readonly lastsMs: number;
  /** Longest time that its parts may take, ms. */
  readonly partWaitMs: number;
  readonly make: (
    session: HlsSession,
    rendition: Rendition,
    part: "init" | number,
    signal: AbortSignal,
  ) => Promise<unknown>;
  /** All that was to be made is there, or failed. */
  readonly onMade: (session: HlsSession) => void;
  /** Nobody played it in time. */
  readonly onUnused: (session: HlsSession) => void;
  readonly log: FastifyBaseLogger;
}

interface WarmUp {
  /** What is made: rendition and first segment of each kind; undefined once there is nothing to rely on. */
  target: string | undefined;
  readonly giveUp: AbortController;
  timer: NodeJS.Timeout | undefined;
}

/** Made before anybody pressed play: the player shows the first segment and has the next when it needs it… */
const SEGMENTS_AHEAD = 2;
/** …and where they are short, as many as play while an encoder that waits for its place goes on, seconds. */
const AHEAD_S = 2;

/**
 * Makes the first parts of a session before its player asks for them. For one that plays already that saves the way
 * through the playlists, some 100 ms; for one that is only looked at, the start of the encoder too.
 */
export class WarmUps {
  readonly #options: WarmUpsOptions;
  readonly #of = new Map<HlsSession, WarmUp>();

  constructor(options: WarmUpsOptions) {
    this.#options = options;
  }

  /**
   * Makes init and segments at the session's position. Asked again for the same, it only lives on.
   * @param startRendition video rendition that the player will begin with; an unknown one counts as none.
   */
  begin(session: HlsSession, startRendition?: string): void {
    const renditions = firstRenditions(session.plan, startRendition);
    const targets = renditions.map((rendition) => ({
      rendition,
      index: segmentAt(rendition.plan, session.positionMs / 1000),
    }));
    const target = targets.map(({ rendition, index }) => `${rendition.id}/${index}`).join();
    const known = this.#of.get(session);
    if (known?.target === target) {
      this.#keepOn(session, known);
      return;
    }
    this.end(session);
    const warmUp: WarmUp = { target, giveUp: new AbortController(), timer: undefined };
    this.#of.set(session, warmUp);
    this.#keepOn(session, warmUp);
    const jobs = targets.map(({ rendition, index }) => {
      const end = session.isWarmUp ? endOfWarmUp(rendition.plan, index) : index + 1;
      return this.#make(session, warmUp, rendition, index, end);
    });
    void this.#watch(session, warmUp, jobs);
  }

  async #watch(session: HlsSession, warmUp: WarmUp, jobs: readonly Promise<void>[]): Promise<void> {
    const failed = (await Promise.allSettled(jobs)).find((result) => result.status === "rejected");
    // Asked again, it is made again: a player may come back after what was made has gone.
    if (failed !== undefined || !session.isWarmUp) warmUp.target = undefined;
    // The player's own request will tell its viewer.
    if (failed !== undefined && !warmUp.giveUp.signal.aborted) {
      this.#options.log.debug({ err: failed.reason }, "Warming up failed");
    }
    if (!warmUp.giveUp.signal.aborted) this.#options.onMade(session);
  }

  /** It is played now: no clock ends it any more. */
  adopt(session: HlsSession): void {
    clearTimeout(this.#of.get(session)?.timer);
  }

  /** What is still under way is given up. */
  end(session: HlsSession): void {
    const warmUp = this.#of.get(session);
    if (warmUp === undefined) return;
    this.#of.delete(session);
    clearTimeout(warmUp.timer);
    warmUp.giveUp.abort(new Error("The warm-up is over"));
  }

  #keepOn(session: HlsSession, warmUp: WarmUp): void {
    clearTimeout(warmUp.timer);
    if (!session.isWarmUp) return;
    warmUp.timer = setTimeout(() => this.#options.onUnused(session), this.#options.lastsMs);
    warmUp.timer.unref();
  }

  async #make(session: HlsSession, warmUp: WarmUp, rendition: Rendition, index: number, until: number) {
    const { make, partWaitMs } = this.#options;
    const signal = AbortSignal.any([warmUp.giveUp.signal, AbortSignal.timeout(partWaitMs)]);
    const end = Math.min(until, rendition.plan.boundaries.length - 1);
    const indexes = Array.from({ length: Math.max(0, end - index) }, (_, i) => index + i);
    await Promise.all([
      make(session, rendition, "init", signal),
      // All at once: one run makes them in order, and has more to do until the last is there.
      ...indexes.map((each) => make(session, rendition, each, signal)),
    ]);
  }
}

/** The segment behind the last one that is made ahead. */
function endOfWarmUp({ boundaries }: SegmentPlan, index: number): number {
  const enough = (boundaries[index] ?? 0) + AHEAD_S;
  const end = boundaries.findIndex((boundary, i) => i >= index + SEGMENTS_AHEAD && boundary >= enough);
  return end < 0 ? boundaries.length - 1 : end;
}

/** What a player asks for first: one picture and the default sound. */
function firstRenditions(plan: PlaybackPlan, startRendition: string | undefined): Rendition[] {
  const video = plan.video.find(({ id }) => id === startRendition) ?? plan.video[0];
  const audio = plan.audio.find(({ isDefault }) => isDefault) ?? plan.audio[0];
  return [video, audio].filter((rendition) => rendition !== undefined);
}
