import { guard } from "./guard.js";
import { listen, type Stop, startAll } from "./listen.js";
import type { Observed } from "./observed.js";
import { bufferAhead, whenMoving } from "./playhead.js";

/** A paused viewer who drags makes many seeks; those that follow each other within this time are one, ms. */
const DRAG_MS = 250;
/** Players jump over small holes in what is buffered, s; and how near they land to where data begins again. */
const WIDEST_HOLE = 3;
const LANDING = 0.3;
/** A playhead that is set to where it plays is given a push by the player, seconds at its usual speed. */
const PUSH = 0.3;
/** A looping video jumps from its end to its start by itself, seconds. */
const LOOP_EDGE = 0.5;

/**
 * Seeks of the viewer: where from, where to, and how long until the picture is there: moving, or ready if paused.
 * Before the first frame a seek is part of the startup (a resume point); the player's own seeks are none.
 */
export function observeSeeks({ video, clock, playhead, playback, ownSeek, isLive }: Observed): Stop {
  let stopMoving: Stop | undefined;
  let settled: ReturnType<typeof setTimeout> | undefined;
  let readyAt: number | undefined;

  const forget = () => {
    stopMoving?.();
    stopMoving = undefined;
    clearTimeout(settled);
    readyAt = undefined;
  };
  const finish = guard((at: number) => {
    forget();
    playback.seekEnd(at);
  });

  const onSeeking = (event: Event) => {
    const at = clock.eventTime(event);
    const from = playhead.expected(at);
    const to = video.currentTime;
    if (ownSeek.expected) {
      if (!playback.stalled) ownSeek.expected = false;
      return;
    }
    if (!video.paused && Math.abs(to - from) < PUSH * Math.max(1, video.playbackRate)) return;
    if (jumpsHole(video, from, to)) return;
    // Who waits too long on a live stream is taken back to its edge by the player.
    if (playback.stalled && to > from && isLive()) return;
    if (video.loop && to < LOOP_EDGE && video.duration - from < LOOP_EDGE) return;
    forget();
    playback.seekStart(at, from, to);
    if (!video.paused) stopMoving = whenMoving(video, clock, finish);
  };
  const look = (event: Event) => {
    if (!playback.seeking || video.seeking) return;
    if (!video.paused) {
      // Play was pressed after the seek had settled in a pause: it was over when it was ready.
      if (readyAt !== undefined) finish(readyAt);
      else stopMoving ??= whenMoving(video, clock, finish);
    } else if (readyAt === undefined && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const at = clock.eventTime(event);
      readyAt = at;
      stopMoving?.();
      settled = setTimeout(() => finish(at), DRAG_MS);
    }
  };
  return startAll([
    () => listen(video, ["seeking"], onSeeking),
    () => listen(video, ["seeked", "canplay", "play", "playing", "pause", "timeupdate"], look, true),
    () => forget,
  ]);
}

/** From where there is no data, a little on to where it begins again: the player did that, whichever it is. */
function jumpsHole(video: HTMLVideoElement, from: number, to: number): boolean {
  if (video.paused || to <= from || to - from > WIDEST_HOLE || bufferAhead(video, from) > 100) return false;
  const { buffered } = video;
  for (let i = 0; i < buffered.length; i++) {
    const into = to - buffered.start(i);
    if (buffered.start(i) > from && into >= 0 && into < LANDING) return true;
  }
  return false;
}
