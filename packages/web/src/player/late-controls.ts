import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

/** A start that takes longer is one that a viewer may want to leave, ms. */
const PATIENCE_MS = 400;

/**
 * True once the controls are worth drawing: with the first picture, or when that is long in coming. Drawn before it, they take
 * as much of the page's one thread as the start itself, which waits for it at each of its steps.
 */
export function useLateControls(video: HTMLVideoElement, starts: boolean): ReadonlySignal<boolean> {
  const due = useSignal(!starts);
  useLayoutEffect(() => {
    if (due.peek()) return undefined;
    const show = () => (due.value = true);
    const timer = setTimeout(show, PATIENCE_MS);
    const stop = new AbortController();
    const frame = "requestVideoFrameCallback" in video ? video.requestVideoFrameCallback(show) : undefined;
    for (const name of ["playing", "error"]) video.addEventListener(name, show, { signal: stop.signal });
    return () => {
      clearTimeout(timer);
      if (frame !== undefined) video.cancelVideoFrameCallback(frame);
      stop.abort();
    };
  }, [due, video]);
  return due;
}
