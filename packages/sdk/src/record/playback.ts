import type { PlayerMetrics } from "./metrics.js";
import { plainUrl } from "./plain-url.js";
import type { RecordEvent } from "./recorder.js";

/** Protocol's `PlayerState`. */
export type State = "idle" | "loading" | "buffering" | "playing" | "paused" | "seeking" | "ended" | "error";
export type EndReason = "ended" | "left" | "error" | "replaced";

/** What the element says of its playhead, seconds of media and its rate. */
export interface Pace {
  readonly currentTime: number;
  readonly playbackRate: number;
}

/** Nobody gave a sign of life for longer than this: the computer slept. So much of it counts, unless the playhead moved, ms. */
const SILENCE_MS = 30_000;
const SIGN_OF_LIFE_MS = 10_000;

/** Time spent so far, ms: `watch` = playing, rebuffering and seeking, after the first frame; pauses apart. */
export interface Totals {
  readonly watchMs: number;
  readonly playingMs: number;
  readonly pauseMs: number;
}

/**
 * The one place that knows what the viewer sees. Observers tell it facts with their instants (`performance.now()`); it
 * decides which are news, and records them. Its rules are those of `docs/telemetry.md`:
 * a wait before the first frame is startup, a wait during a seek is the seek, and a stall ends where a pause, a seek or
 * the end begins. Positions are seconds, as the element has them.
 */
export class Playback {
  readonly #record: RecordEvent;
  readonly #metrics: () => PlayerMetrics;
  readonly #pace: Pace;
  #state: State = "idle";
  /** Until when the totals are added up, and what the time since then counts as. */
  #tallied = 0;
  #position = 0;
  #spending: "watch" | "pause" | null = null;
  #watch = 0;
  #playing = 0;
  #pause = 0;
  #intentAt: number | null = null;
  /** Whether playback is asked for: from `play` until `pause` or the end of the media. */
  #wanted = false;
  #loaded = false;
  #started = false;
  #seek: { at: number; to: number } | null = null;
  #stallAt: number | null = null;
  /** Something else plays on the element (an ad): for the content that is a pause. */
  #away = false;
  #mediaEnded = false;
  #failed = false;
  #over = false;

  constructor(
    record: RecordEvent,
    metrics: () => PlayerMetrics,
    at: number,
    pace: Pace = { currentTime: 0, playbackRate: 1 },
  ) {
    this.#record = record;
    this.#metrics = metrics;
    this.#pace = pace;
    this.#position = pace.currentTime;
    this.#tallied = at;
  }

  get state(): State {
    return this.#state;
  }
  get intentAt(): number | null {
    return this.#intentAt;
  }
  get wanted(): boolean {
    return this.#wanted;
  }
  get started(): boolean {
    return this.#started;
  }
  get seeking(): boolean {
    return this.#seek !== null;
  }
  get stalled(): boolean {
    return this.#stallAt !== null;
  }
  get over(): boolean {
    return this.#over;
  }
  get away(): boolean {
    return this.#away;
  }

  /** The source is handed to the player. Later sources of the same view (recovery, a renewed session) are no news. */
  load(at: number, url: string | null | undefined): void {
    if (this.#over || this.#loaded) return;
    this.#loaded = true;
    this.#record({ type: "load", url: plainUrl(url) }, at);
    this.#settle(at);
  }

  /** The viewer, or autoplay, asks to play. Counted again only if the first asking came to nothing (a blocked autoplay). */
  request(at: number, autoplay: boolean): void {
    if (this.#over || this.#started || (this.#intentAt !== null && this.#wanted)) return;
    if (this.#intentAt !== null && at <= this.#intentAt) return;
    this.#intentAt = at;
    this.#record({ type: "play_request", autoplay }, at);
    this.#settle(at);
  }

  play(at: number, autoplay: boolean): void {
    if (this.#over || this.#away || this.#wanted) return;
    if (this.#intentAt === null) this.request(at, autoplay);
    this.#wanted = true;
    this.#mediaEnded = false;
    this.#record({ type: "play" }, at);
    this.#settle(at);
  }

  pause(at: number): void {
    if (this.#over || this.#away || !this.#wanted) return;
    this.resume(at);
    this.#wanted = false;
    this.#record({ type: "pause", ...this.#metrics() }, at);
    this.#settle(at);
  }

  /** An ad took the element over. */
  leave(at: number): void {
    this.pause(at);
    this.#away = this.#started;
  }

  /** The content is back, and goes on if the viewer did not pause meanwhile. */
  comeBack(at: number, paused: boolean): void {
    if (!this.#away) return;
    this.#away = false;
    if (!paused) this.play(at, false);
  }

  /** The first frame is on screen and the playhead moves. `startupMs` is left out when the intent was not seen. */
  firstFrame(at: number, timed: boolean): void {
    if (this.#over || this.#started) return;
    this.#started = true;
    const startupMs = timed && this.#intentAt !== null ? at - this.#intentAt : undefined;
    this.#record({ type: "first_frame", startupMs, ...this.#metrics() }, at);
    this.#settle(at);
  }

  /** Playback stopped for lack of data. */
  stall(at: number): void {
    if (this.#state !== "playing") return;
    this.#stallAt = at;
    this.#record({ type: "rebuffer_start", ...this.#metrics() }, at);
    this.#settle(at);
  }

  /** The playhead moves again, or something else took the place of the stall. */
  resume(at: number): void {
    if (this.#over || this.#stallAt === null) return;
    this.#tally(at);
    const durationMs = at - this.#stallAt;
    this.#stallAt = null;
    this.#record({ type: "rebuffer_end", durationMs, ...this.#metrics() }, at);
    this.#settle(at);
  }

  /** A seek begins; more of them before `seekEnd` are the same one, dragged on. */
  seekStart(at: number, from: number, to: number): void {
    if (this.#over || this.#away || !this.#started) return;
    if (this.#seek) {
      this.#seek.to = to;
      return;
    }
    this.resume(at);
    this.#seek = { at, to };
    this.#mediaEnded = false;
    const fromMs = from * 1000;
    this.#record({ type: "seek_start", fromMs, toMs: to * 1000, positionMs: fromMs }, at);
    this.#settle(at);
  }

  /** Playing, or ready, at the new place. */
  seekEnd(at: number): void {
    const seek = this.#seek;
    if (this.#over || !seek) return;
    this.#tally(at);
    this.#seek = null;
    this.#record({ type: "seek_end", toMs: seek.to * 1000, durationMs: at - seek.at }, at);
    this.#settle(at);
  }

  /** The media reached its end. */
  ended(at: number): void {
    if (this.#over) return;
    this.resume(at);
    this.seekEnd(at);
    this.#wanted = false;
    this.#mediaEnded = true;
    this.#settle(at);
  }

  fail(at: number): void {
    if (this.#over) return;
    this.resume(at);
    this.#failed = true;
    this.#settle(at);
  }

  /** What was taken for a fatal failure was not: playback goes on. */
  recover(at: number): void {
    if (!this.#failed) return;
    this.#failed = false;
    this.#settle(at);
  }

  /** Closes the view. Nothing is recorded after it. */
  end(at: number, reason: EndReason): void {
    if (this.#over) return;
    this.resume(at);
    this.seekEnd(at);
    this.#tally(at);
    this.#record(
      { type: "end", reason: this.#failed ? "error" : this.#mediaEnded ? "ended" : reason, ...this.#metrics() },
      at,
    );
    this.#over = true;
  }

  totals(at: number): Totals {
    this.#tally(at);
    return { watchMs: this.#watch, playingMs: this.#playing, pauseMs: this.#pause };
  }

  /** Adds the time since the last change to where it was spent. */
  #tally(at: number): void {
    let spent = at - this.#tallied;
    if (spent <= 0) return;
    this.#tallied = at;
    const { currentTime, playbackRate } = this.#pace;
    if (spent > SILENCE_MS && this.#spending === "watch") {
      const moved = ((currentTime - this.#position) / playbackRate) * 1000;
      const alive = Math.min(spent, Math.max(SIGN_OF_LIFE_MS, moved || 0));
      // A stall or seek that the sleep fell into did not last that much longer.
      if (this.#stallAt !== null) this.#stallAt += spent - alive;
      if (this.#seek) this.#seek.at += spent - alive;
      spent = alive;
    }
    this.#position = currentTime;
    if (this.#state === "playing") this.#playing += spent;
    if (this.#spending === "watch") this.#watch += spent;
    if (this.#spending === "pause") this.#pause += spent;
  }

  #settle(at: number): void {
    this.#tally(at);
    const from = this.#state;
    const to = this.#current();
    const watching = to === "playing" || to === "buffering" || (to === "seeking" && this.#wanted);
    const pausing = this.#started && (to === "paused" || to === "seeking");
    this.#spending = watching ? "watch" : pausing ? "pause" : null;
    this.#state = to;
    if (from !== to) this.#record({ type: "state_change", from, to }, at);
  }

  #current(): State {
    if (this.#failed) return "error";
    if (!this.#started) return this.#intentAt === null ? "idle" : "loading";
    if (this.#seek) return "seeking";
    if (this.#stallAt !== null) return "buffering";
    if (this.#mediaEnded) return "ended";
    return this.#wanted ? "playing" : "paused";
  }
}
