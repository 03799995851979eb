import type { Clock } from "../record/clock.js";
import { attempt, guard } from "./guard.js";
import { every, listen, type Stop, startAll } from "./listen.js";

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
  /** When a playhead that now stands must have stopped: never after `at`, never before the last sample. */
  stoppedAt(at: number): number;
  stop: Stop;
}

export function observePlayhead(video: HTMLVideoElement, clock: Clock): Playhead {
  let at = clock.now();
  let position = video.currentTime;
  let moving = false;
  let known = position;
  const sample = (isMoving: boolean) => {
    if (video.seeking || video.readyState === 0) return;
    at = clock.now();
    position = video.currentTime;
    moving = isMoving && !video.paused;
  };
  const stop = startAll([
    () => listen(video, ["timeupdate", "ratechange"], () => sample(true)),
    () => listen(video, ["pause", "waiting", "seeked", "ended"], () => sample(false)),
  ]);
  return {
    positionMs: () =>
      attempt(() => {
        if (video.readyState > 0) known = video.currentTime;
        return Number.isFinite(known) ? Math.round(known * 1000) : undefined;
      }),
    expected: (when) => (moving ? position + ((when - at) / 1000) * video.playbackRate : position),
    stoppedAt(when) {
      const ran = ((video.currentTime - position) / video.playbackRate) * 1000;
      if (!moving || !(ran >= 0) || when - at > STALE_MS) return when;
      return Math.min(when, at + ran);
    },
    stop,
  };
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
