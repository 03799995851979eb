import type { PlayheadEvent } from "@playhead/protocol";
import type { Clock } from "./clock.js";
import type { Playback } from "./playback.js";
import type { RecordEvent } from "./recorder.js";

type ErrorEvent = Extract<PlayheadEvent, { type: "error" }>;
export type Failure = Omit<ErrorEvent, "id" | "seq" | "ts" | "type" | "positionMs">;

/** One kind of passing error is told at most this often, ms: a player may repeat it several times a second. */
const REPEAT_MS = 5_000;

/**
 * Errors, and which of them end a view. Players call an error fatal when they cannot go on by themselves, and the page
 * may yet recover (`recoverMediaError`, a renewed session): so a fatal one is held for `graceMs`, and told as fatal only
 * when nothing was loaded after it by then, when the view ends in it, or when the page gives up.
 */
export class Failures {
  readonly #record: RecordEvent;
  readonly #playback: Playback;
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #told = new Map<string, number>();
  #held: { failure: Failure; at: number; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(record: RecordEvent, playback: Playback, clock: Clock, graceMs: number) {
    this.#record = record;
    this.#playback = playback;
    this.#clock = clock;
    this.#graceMs = graceMs;
  }

  report(failure: Failure, at: number): void {
    if (this.#playback.over) return;
    if (!failure.fatal) {
      const told = this.#told.get(failure.code);
      if (told !== undefined && at - told < REPEAT_MS) return;
      this.#told.set(failure.code, at);
      this.#record({ type: "error", ...failure }, at);
      return;
    }
    if (this.#held || this.#playback.state === "error") return;
    this.#held = { failure, at, timer: setTimeout(() => this.confirm(), this.#graceMs) };
  }

  /** The held error was the end of playback. */
  confirm(): void {
    const held = this.#release();
    if (!held) return;
    this.#record({ type: "error", ...held.failure }, held.at);
    this.#playback.fail(this.#clock.now());
  }

  /** Something was loaded that was asked for at `since`; if after the failure, then somebody goes on trying. */
  recovered(since: number): void {
    if (this.#held && since <= this.#held.at) return;
    const held = this.#release();
    if (held) this.report({ ...held.failure, fatal: false }, held.at);
    this.#playback.recover(this.#clock.now());
  }

  /** The page itself gives up; what is held already says why, better than the page's word. */
  giveUp(failure: Failure): void {
    if (!this.#held) this.report({ ...failure, fatal: true }, this.#clock.now());
    this.confirm();
  }

  #release(): { failure: Failure; at: number } | null {
    const held = this.#held;
    this.#held = null;
    if (held) clearTimeout(held.timer);
    return held;
  }
}
