/**
 * Runs in the page, beside the player and without its help: an independent measure of what the viewer saw, frame by
 * frame, to hold the stored view against.
 */
export interface PageMeasure {
  /** Intent to play → playhead moving, ms. */
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
  addEventListener("seeking", () => measure.seeks++, true);

  let lastAt = performance.now();
  let lastPosition: number | null = null;
  let stillSince: number | null = null;
  let disturbed = false;
  const look = () => {
    requestAnimationFrame(look);
    const now = performance.now();
    const video = document.querySelector("video");
    if (!video) return;
    const moving = lastPosition !== null && video.currentTime !== lastPosition && !video.seeking;
    const idle = video.paused || video.ended;
    if (measure.startupMs === null) {
      if (moving && !idle && clickAt !== null) measure.startupMs = now - clickAt;
    } else if (!idle) {
      measure.watchMs += now - lastAt;
    }
    if (measure.startupMs !== null) {
      if (video.seeking || idle) disturbed = true;
      if (moving) {
        if (stillSince !== null && !disturbed && now - stillSince >= 250) measure.stallsMs.push(now - stillSince);
        stillSince = null;
        disturbed = false;
      } else stillSince ??= lastAt;
    }
    lastAt = now;
    lastPosition = video.currentTime;
  };
  requestAnimationFrame(look);
}
