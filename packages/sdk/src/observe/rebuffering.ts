import { every, listen, type Stop, startAll } from "./listen.js";
import type { Observed } from "./observed.js";
import { whenMoving } from "./playhead.js";

/** A `waiting` that the element's own state does not bear out is a stall only if the playhead still stands then, ms. */
const DOUBT_MS = 120;
/** Near the end of the media a wait is nearly always `ended` on its way, seconds. */
const NEAR_END = 0.3;
/** For players that never say `waiting`, and pictures that freeze with data at hand: how often to look, ms. */
const WATCHDOG_MS = 1_000;

/**
 * Stalls: playback stands for lack of data while it should play. `Playback` knows what is startup, seek or pause; here
 * it is only found out when the playhead stopped and when it went on, both exact however late the browser says so.
 */
export function observeRebuffering(observed: Observed): Stop {
  const { video, clock, playhead, playback } = observed;
  let stopMoving: Stop | undefined;
  let doubt: ReturnType<typeof setTimeout> | undefined;

  const begin = (at: number) => {
    playback.stall(at);
    watch();
  };
  /** Also taken up for stalls that began elsewhere: a source that was taken away. */
  const watch = () => {
    if (!playback.stalled) return;
    stopMoving?.();
    stopMoving = whenMoving(video, clock, (at) => {
      observed.ownSeek.expected = false;
      playback.resume(at);
    });
  };
  const onWaiting = (event: Event) => {
    if (playback.state !== "playing" || video.ended) return;
    const at = playhead.stoppedAt(clock.eventTime(event));
    const nearEnd = video.duration - video.currentTime < NEAR_END;
    if (video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !nearEnd) return begin(at);
    const stood = video.currentTime;
    clearTimeout(doubt);
    doubt = setTimeout(() => {
      if (video.currentTime === stood && !video.ended && !video.seeking) begin(at);
    }, DOUBT_MS);
  };

  let last = { at: 0, position: -1 };
  const lookAround = () => {
    const now = clock.now();
    const position = video.currentTime;
    // Timers that came late mean that the page or the computer slept; then nobody was watching.
    const regular = now - last.at < 1.5 * WATCHDOG_MS && document.visibilityState === "visible";
    const stands = position === last.position && !video.paused && !video.seeking && !video.ended;
    if (regular && stands && video.playbackRate > 0 && playback.state === "playing") begin(last.at);
    last = { at: now, position };
  };

  return startAll([
    () => listen(video, ["waiting"], onWaiting),
    () => listen(video, ["emptied", "loadedmetadata", "ratechange"], watch),
    () => every(WATCHDOG_MS, lookAround),
    () => () => {
      stopMoving?.();
      clearTimeout(doubt);
    },
  ]);
}
