import type { Clock } from "../record/clock.js";
import { attempt, guard } from "./guard.js";
import { every, listen, type Stop, startAll } from "./listen.js";

/** While it moves at one rate, it is asked so often at most: asking takes longer than calculating, ms. */
const SAMPLE_MS = 1_000;
/** While it moves, `timeupdate` comes at least so often (HTML standard), ms: later it stands, though nobody has said so yet. */
const TICK_MS = 250;
/** A sample older than this says nothing about where playback stopped, ms. */
const STALE_MS = 2_000;
/** Movement is believed from here on, seconds of media: `currentTime` may creep a few ms while data is awaited. */
const MOVED = 0.05;
/** How often to look while there is nothing to play, ms. */
const LOOK_MS = 200;

/**
 * Where the playhead was last seen moving. `timeupdate` comes only every 250 ms; between two of them the position is
 * calculated from the rate, which is exact as long as the media plays.
 */
export interface Playhead {
  /** ms; the last one known while the element is being given a new source. */
  positionMs(): number | undefined;
  /** The position at `at` had playback gone on from the last sample, seconds. Where a seek came from. */
  expected(at: number): number;
  /** When a playhead of which the element now says that it waits must have stopped: never after `at`. */
  stoppedAt(at: number): number;
  stop: Stop;
}

export function observePlayhead(video: HTMLVideoElement, clock: Clock): Playhead {
  let at = clock.now();
  let position = video.currentTime;
  let moving = false;
  let known = position;
  let rate = video.playbackRate;
  let stopped = at;
  let ticked = at;
  let changed = Number.NEGATIVE_INFINITY;
  const sample = (isMoving: boolean) => {
    if (video.seeking || video.readyState === 0) return;
    const now = clock.now();
    const current = video.currentTime;
    const ran = ((current - position) / rate) * 1000;
    if (moving) stopped = ran >= 0 && now - at < STALE_MS ? Math.min(now, at + ran) : now;
    else if (current !== position) stopped = now;
    at = now;
    position = current;
    rate = video.playbackRate;
    moving = isMoving && !video.paused && rate !== 0;
  };
  const stop = startAll([
    () =>
      listen(video, ["timeupdate"], () => {
        ticked = clock.now();
        // A new rate takes a moment to be heard and seen.
        if (!moving || ticked - at >= SAMPLE_MS || ticked - changed < SAMPLE_MS) sample(true);
      }),
    () =>
      listen(video, ["ratechange"], () => {
        changed = clock.now();
        sample(true);
      }),
    () => listen(video, ["pause", "waiting", "seeked", "ended"], () => sample(false)),
    () =>
      listen(video, ["play"], () => {
        stopped = clock.now();
      }),
  ]);
  return {
    positionMs: () =>
      attempt(() => {
        if (video.readyState > 0) known = video.currentTime;
        return Number.isFinite(known) ? Math.round(known * 1000) : undefined;
      }),
    expected: (when) =>
      moving
        ? position + ((Math.min(when, Math.max(at, ticked) + TICK_MS) - at) / 1000) * video.playbackRate
        : position,
    // Not sampled since then: a seek is under way, and the playhead moved until it.
    stoppedAt: (when) => (at >= when ? Math.min(when, stopped) : when),
    stop,
  };
}

/** Media buffered without a gap from `at` on, ms. */
export function bufferAhead({ buffered, currentTime }: HTMLVideoElement, at = currentTime): number {
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= at + 0.1 && at <= buffered.end(i)) {
      return Math.round((buffered.end(i) - at) * 1000);
    }
  }
  return 0;
}

/**
 * Calls back once, when the playhead moves, with the instant at which it began to: between the last look that saw it
 * stand and the first that did not. Those lie a frame apart, or in a hidden tab a quarter of a second; then how far it
 * got says when it left. Seeks, the player's own included, move the starting line and are no movement.
 */
export function whenMoving(video: HTMLVideoElement, clock: Clock, then: (at: number) => void): Stop {
  // Where it last stood still, and when. It is not simply where it was at first: the playhead may creep on for a moment
  // after the browser has said that it waits.
  let base = video.currentTime;
  let stillAt = clock.now();
  let leftAt: number | undefined;
  let seen = base;
  let frame: number | undefined;
  let done = false;
  const look = guard(() => {
    if (done) return;
    const now = clock.now();
    const position = video.currentTime;
    // With nothing to play, whatever moved it was no playback.
    const starved = video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
    if (position !== seen) {
      seen = position;
      if (position > base) leftAt ??= now;
    } else if (starved) base = position;
    if (video.seeking || position < base) base = position;
    if (position === base) {
      stillAt = now;
      leftAt = undefined;
    }
    const moved = position - base;
    if (moved >= MOVED) {
      stop();
      const calculated = now - (moved * 1000) / video.playbackRate;
      then(Math.min(leftAt ?? now, Math.max(stillAt, calculated)));
      return;
    }
    // Looking at every frame is only worth it once there is something to play.
    if (frame === undefined && !starved && !video.paused) {
      frame = attempt(() => requestAnimationFrame(nextFrame));
    }
  });
  const nextFrame = () => {
    frame = undefined;
    look();
  };
  const stopLooking = every(LOOK_MS, look);
  const unlisten = listen(video, ["playing", "timeupdate", "canplay", "seeking", "seeked", "play"], look);
  const stop = () => {
    done = true;
    unlisten();
    stopLooking();
    attempt(() => frame !== undefined && cancelAnimationFrame(frame));
  };
  look();
  return stop;
}
