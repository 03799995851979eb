import { attempt, guard } from "./guard.js";
import { listen, type Stop } from "./listen.js";
import type { Observed } from "./observed.js";
import { whenMoving } from "./playhead.js";

/** How long a moving playhead waits for word of a picture, ms; audio and hidden tabs present none. */
const PICTURE_WAIT_MS = 1_000;

/**
 * The first frame: the later of "a frame was presented" (`requestVideoFrameCallback`) and "the playhead began to move".
 * Without the callback the movement alone decides; so it does where a picture stands there before the intent (a paused
 * film that was loaded ahead): the next one tells nothing of the start.
 */
export function observeFirstFrame({ video, clock, playback }: Observed, joinedLate: boolean): Stop {
  let presentedAt: number | undefined;
  let movedAt: number | undefined;
  let stopMoving: Stop | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const decide = guard(() => {
    if (movedAt === undefined) return;
    stop();
    playback.firstFrame(Math.max(movedAt, presentedAt ?? movedAt, playback.intentAt ?? movedAt), !joinedLate);
  });
  const stands = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0;
  const canTell = !stands && typeof video.requestVideoFrameCallback === "function";
  const handle = attempt(() =>
    canTell
      ? video.requestVideoFrameCallback((now, frame) => {
          // Not the first: that one was shown unheard, before anybody asked or while the page was busy, and this tells nothing.
          presentedAt = frame.presentedFrames > 1 ? 0 : Math.min(frame.presentationTime || now, clock.now());
          decide();
        })
      : undefined,
  );
  const moved = (at: number) => {
    movedAt = at;
    const pictureToCome = handle !== undefined && presentedAt === undefined && video.videoWidth > 0;
    if (pictureToCome && document.visibilityState === "visible") timer = setTimeout(decide, PICTURE_WAIT_MS);
    else decide();
  };
  const watch = () => {
    if (!stopMoving && !video.paused) stopMoving = whenMoving(video, clock, moved);
  };
  const unlisten = listen(video, ["play", "playing"], watch);
  // A playhead that moved and is then taken elsewhere has shown something: no picture is waited for any more.
  const unlistenEarly = listen(video, ["seeking", "pause"], decide);
  const stop = () => {
    unlisten();
    unlistenEarly();
    stopMoving?.();
    clearTimeout(timer);
    if (handle !== undefined) attempt(() => video.cancelVideoFrameCallback(handle));
  };
  watch();
  return stop;
}
