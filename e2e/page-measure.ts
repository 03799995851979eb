/**
 * Runs in the page, beside the player and without its help: an independent measure of what the viewer saw, frame by
 * frame, to hold the stored view against.
 */
export interface PageMeasure {
  /** Intent to play → a picture on screen and the playhead moving, ms. */
  startupMs: number | null;
  /** Time in which the playhead moved, stood still for lack of data, or was being sought, ms; pauses excluded. */
  watchMs: number;
  /** Each stop of at least 250 ms that was neither start, seek nor pause, ms. */
  stallsMs: number[];
  seeks: number;
}

declare global {
  interface Window {
    measure: PageMeasure;
  }
}

/** Give to `page.addInitScript`. The intent is a click on whatever says "Play" or "Resume". */
export function measureInPage(): void {
  const measure: PageMeasure = { startupMs: null, watchMs: 0, stallsMs: [], seeks: 0 };
  window.measure = measure;
  let clickAt: number | null = null;
  addEventListener(
    "click",
    (event) => {
      const said = event.composedPath().map((node) => (node instanceof HTMLElement ? node.innerText : ""));
      if (clickAt === null && said.some((text) => /^\s*(Play|Resume)/.test(text))) clickAt = performance.now();
    },
    true,
  );

  // The browser tells when its first picture was on screen, unless that was before it could be asked.
  let presentedAt: number | undefined;
  let asked = false;
  addEventListener(
    "loadstart",
    ({ target }) => {
      if (asked || !(target instanceof HTMLVideoElement)) return;
      asked = true;
      target.requestVideoFrameCallback((_, { presentedFrames, presentationTime }) => {
        presentedAt = presentedFrames === 1 ? presentationTime : 0;
      });
    },
    true,
  );
  const PICTURE_WAIT_MS = 1_000;
  let movedAt: number | undefined;

  const CREEP_S = 0.005;
  const RUN_MS = 80;
  let lastAt = performance.now();
  let lastPosition: number | null = null;
  let sought = false;
  // A browser pauses what it can't decode; the viewer waits until it plays again.
  let broken = false;
  addEventListener("error", ({ target }) => (broken ||= target instanceof HTMLVideoElement), true);
  addEventListener("playing", () => (broken = false), true);
  /** A player that sets the playhead to where it stands pushes it on: for the viewer nothing has changed. */
  const lookWhereTo = () => {
    const position = document.querySelector("video")?.currentTime ?? 0;
    if (!broken && Math.abs(position - (lastPosition ?? 0)) > 0.3) sought = true;
  };
  addEventListener(
    "seeking",
    () => {
      if (!broken) measure.seeks++;
      lookWhereTo();
    },
    true,
  );
  let stillSince: number | null = null;
  let disturbed = false;
  /** From where it seems to play again: if so much of the film runs from there, and at no less than half its speed. */
  let restart: { readonly at: number; readonly position: number } | null = null;
  const look = () => {
    requestAnimationFrame(look);
    const now = performance.now();
    const video = document.querySelector("video");
    if (!video) return;
    // A playhead that creeps by a few ms while data is awaited, or is set to where it stands, does not move.
    const moving = lastPosition !== null && Math.abs(video.currentTime - lastPosition) > CREEP_S && !video.seeking;
    const idle = (video.paused && !broken) || video.ended;
    if (measure.startupMs === null) {
      if (moving && !idle && clickAt !== null) {
        // Frames may come late, above all when a player begins: by then the film has run since its first position.
        const first = video.played.length > 0 ? video.played.start(0) : (lastPosition ?? 0);
        const ranMs = ((video.currentTime - first) * 1000) / video.playbackRate;
        movedAt ??= Math.max(clickAt, now - Math.max(0, ranMs));
        const isPictureToCome = asked && presentedAt === undefined && video.videoWidth > 0;
        if (!isPictureToCome || now - movedAt > PICTURE_WAIT_MS) {
          const startedAt = Math.max(movedAt, presentedAt ?? 0);
          measure.startupMs = startedAt - clickAt;
          measure.watchMs = now - startedAt;
        }
      }
    } else if (!idle) {
      measure.watchMs += now - lastAt;
    }
    if (measure.startupMs !== null) {
      // A frame may come between the seek and its event.
      if (video.seeking) lookWhereTo();
      if (sought || idle) disturbed = true;
      if (!video.seeking) sought = false;
      if (stillSince === null) {
        if (!moving) stillSince = lastAt;
      } else if (video.seeking) restart = null;
      else if (moving && !restart) {
        // Frames may come late, and the film has run since before this one.
        const position = lastPosition ?? 0;
        const ranMs = ((video.currentTime - position) * 1000) / video.playbackRate;
        restart = { at: Math.max(lastAt, now - Math.max(0, ranMs)), position };
      }
      if (stillSince !== null && restart) {
        const ranMs = (video.currentTime - restart.position) * 1000;
        if (ranMs >= RUN_MS) {
          if (!disturbed && restart.at - stillSince >= 250) measure.stallsMs.push(restart.at - stillSince);
          stillSince = null;
          restart = null;
          disturbed = false;
        } else if (now - restart.at > 2 * ranMs + RUN_MS) restart = null;
      }
    }
    lastAt = now;
    if (lastPosition === null || moving || video.seeking) lastPosition = video.currentTime;
  };
  requestAnimationFrame(look);
}
