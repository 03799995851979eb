import type { Clock } from "../record/clock.js";
import type { Failures } from "../record/failures.js";
import type { Playback } from "../record/playback.js";
import type { RecordEvent } from "../record/recorder.js";
import type { Playhead } from "./playhead.js";

/** What an observer works with: the element it watches, and where it says what it saw. */
export interface Observed {
  readonly video: HTMLVideoElement;
  readonly clock: Clock;
  readonly playhead: Playhead;
  readonly playback: Playback;
  readonly failures: Failures;
  readonly record: RecordEvent;
  readonly rendered: Rendered;
  readonly ownSeek: OwnSeek;
  /** What was asked for, as the player names it; undefined while it has not said. */
  readonly source: () => string | null | undefined;
  /** Undefined: nobody has said. */
  readonly isLive: () => boolean | undefined;
  /** The media reached its end, and with it the view. */
  readonly atEnd: (at: number) => void;
}

/** The rendition on screen, as far as the player tells. */
export interface Rendered {
  bitrateBps: number | undefined;
  width: number;
  height: number;
}

/** A seek that the player, not the viewer, is making: over a gap, out of a stall, to where a new source goes on. */
export interface OwnSeek {
  expected: boolean;
}
