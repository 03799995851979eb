import type { PlayheadEvent } from "@playhead/protocol";
import type { Clock } from "./clock.js";
import { withoutUrls } from "./plain-url.js";
import type { Playback } from "./playback.js";
import type { RecordEvent } from "./recorder.js";

type ErrorEvent = Extract<PlayheadEvent, { type: "error" }>;
type Field<K extends keyof ErrorEvent> = ErrorEvent[K] | undefined;
/** An error as a player tells it: texts of any length, with addresses in them. */
export interface Failure {
  readonly code: string;
  readonly fatal: boolean;
  readonly category?: Field<"category">;
  readonly message?: Field<"message">;
  readonly status?: Field<"status">;
  readonly business?: Field<"business">;
}

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

  report(told: Failure, at = this.#clock.now()): void {
    if (this.#playback.over) return;
    const { code, message, status } = told;
    const failure = {
      ...told,
      code: code.slice(0, 128),
      message: withoutUrls(message),
      // 0 where there was no answer.
      status: status && status < 1000 ? status : undefined,
    };
    if (!failure.fatal) {
      const last = this.#told.get(failure.code);
      if (last !== undefined && at - last < REPEAT_MS) return;
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
  giveUp(told: Failure): void {
    if (!this.#held) this.report({ ...told, fatal: true });
    this.confirm();
  }

  #release(): { failure: Failure; at: number } | null {
    const held = this.#held;
    this.#held = null;
    if (held) clearTimeout(held.timer);
    return held;
  }
}
