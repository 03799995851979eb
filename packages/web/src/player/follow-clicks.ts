export interface FollowClicksOptions {
  readonly video: HTMLVideoElement;
  /** The picture with its controls. */
  readonly stage: HTMLElement;
  readonly onFullscreen: () => void;
}

/**
 * A double click on the picture means full screen, as elsewhere. Its two single clicks have paused and played meanwhile;
 * whether it plays is put back to what it was before them. Fingers tap for the controls, and are left alone.
 */
export function followClicks({ video, stage, onFullscreen }: FollowClicksOptions): () => void {
  const stop = new AbortController();
  const options = { signal: stop.signal, capture: true };
  let byMouse = false;
  let wasPaused = video.paused;

  stage.addEventListener("pointerdown", (event) => (byMouse = event.pointerType === "mouse"), options);
  stage.addEventListener("click", (event) => event.detail === 1 && (wasPaused = video.paused), options);
  stage.addEventListener(
    "dblclick",
    (event) => {
      if (!byMouse || onControl(event)) return;
      if (wasPaused) video.pause();
      else video.play().catch(() => undefined);
      onFullscreen();
    },
    options,
  );
  return () => stop.abort();
}

/** Twice on a button is two presses. */
function onControl(event: MouseEvent): boolean {
  return event.composedPath().some((each) => each instanceof Element && each.matches(".player-top, .player-bottom"));
}
