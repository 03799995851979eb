import type { PlayheadEvent } from "@playhead/protocol";

/**
 * What the viewer saw. `silent`: no sign of life although signs were due (a sleeping laptop); it belongs to no metric.
 * `waiting_start`: from the intent to the first frame.
 */
export type PlaybackState =
  | "idle"
  | "waiting_start"
  | "playing"
  | "paused"
  | "seeking"
  | "rebuffering"
  | "silent"
  | "ended"
  | "failed";

/** One state from `from` to `to`, Unix ms of the viewer's clock. */
export interface Span {
  readonly state: PlaybackState;
  readonly from: number;
  readonly to: number;
  /** Goes on after a silence: the same stall or seek, not another one. */
  readonly resumed: boolean;
  /** Whether playback was asked for: a seek while paused is pause. */
  readonly wantsPlay: boolean;
  /** Seeks only: their latency, ms; null when no event told their end. */
  readonly latencyMs: number | null;
}

/** A view as ordered, gapless spans. Every metric of time reads this, and none reads the events' order again. */
export interface Timeline {
  readonly spans: readonly Span[];
  /** When the viewer meant to play, Unix ms. */
  readonly intentAt: number | null;
  /** First frame with the playhead moving, Unix ms. */
  readonly startedAt: number | null;
  /** After the last event. */
  readonly state: PlaybackState;
  /** The fatal error that stood, if playback did not go on after it. */
  readonly failure: PlayheadEvent | null;
  /** The `end`, or the change of state to `ended`, that stood, if playback did not go on after it. */
  readonly end: PlayheadEvent | null;
}

/** Heartbeats come every 10 s, so a longer silence than this means that nobody was there. */
export const SILENCE_MS = 30_000;
/** What is credited of a silence: one heartbeat's worth. */
export const SIGN_OF_LIFE_MS = 10_000;

/** Walks the playing spans in step with events: how many ms had been played by a time. Times must not go back. */
export class PlayedClock {
  readonly #spans: readonly Span[];
  #index = 0;
  #played = 0;

  constructor(timeline: Timeline) {
    this.#spans = timeline.spans;
  }

  /** Ms played from the start of the view until `ts`. */
  at(ts: number): number {
    for (; this.#index < this.#spans.length; this.#index++) {
      const span = this.#spans[this.#index];
      if (span === undefined || span.from >= ts) break;
      if (span.state === "playing") {
        if (span.to > ts) return this.#played + ts - span.from;
        this.#played += span.to - span.from;
      } else if (span.to > ts) break;
    }
    return this.#played;
  }
}
