import type { Delivery } from "@playhead/protocol";
import { type ReadonlySignal, signal } from "@preact/signals";

/** Shorter waits are not worth a word. */
const PATIENCE_MS = 350;

/** True while the film should go on and can't, for lack of data. Returns the signal and its stop function. */
export function watchWaiting(video: HTMLVideoElement): { waiting: ReadonlySignal<boolean>; stop: () => void } {
  const waiting = signal(true);
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const look = () => {
    clearTimeout(timer);
    const lacking = (!video.paused || video.seeking) && video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
    if (!lacking) {
      waiting.value = false;
      return;
    }
    timer = setTimeout(() => {
      waiting.value = true;
    }, PATIENCE_MS);
  };
  for (const name of ["waiting", "seeking", "seeked", "playing", "canplay", "pause", "play", "emptied", "ended"]) {
    video.addEventListener(name, look, { signal: stop.signal });
  }
  return {
    waiting,
    stop: () => {
      clearTimeout(timer);
      stop.abort();
    },
  };
}

/** What is being waited for, in words. */
export function waitingFor(delivery: Delivery | undefined, recovering: boolean): string {
  if (recovering) return navigator.onLine ? "Trying to reach the server again…" : "This device is offline. Waiting…";
  if (delivery === undefined) return "Asking how to play this film…";
  if (delivery === "transcode") return "Converting this part of the film…";
  if (delivery === "copy") return "Preparing this part of the film…";
  return "Loading…";
}
