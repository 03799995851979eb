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

/** A wait of this length makes one ask whether the server is there at all. */
const DOUBT_MS = 4_000;

/** True while a wait is long and the server gives no sign of life: a browser that loads a file itself does not tell. */
export function watchServer(waiting: ReadonlySignal<boolean>): { away: ReadonlySignal<boolean>; stop: () => void } {
  const away = signal(false);
  let timer: ReturnType<typeof setInterval> | undefined;

  const ask = async () => {
    const answer = await fetch("/healthz", { signal: AbortSignal.timeout(DOUBT_MS) }).catch(() => undefined);
    if (timer !== undefined) away.value = answer === undefined;
  };
  const rest = () => {
    clearInterval(timer);
    timer = undefined;
    away.value = false;
  };
  const stop = waiting.subscribe((now) => {
    rest();
    if (now) timer = setInterval(() => void ask(), DOUBT_MS);
  });
  return {
    away,
    stop: () => {
      stop();
      rest();
    },
  };
}

/** What is being waited for, in words. `away`: the server does not answer. */
export function waitingFor(delivery: Delivery | undefined, recovering: boolean, away: boolean): string {
  if (away && navigator.onLine) return "The server does not answer. Waiting for it…";
  if (recovering || away)
    return navigator.onLine ? "Trying to reach the server again…" : "This device is offline. Waiting…";
  if (delivery === undefined) return "Getting the film ready…";
  if (delivery === "transcode") return "Converting this part of the film…";
  if (delivery === "copy") return "Preparing this part of the film…";
  return "Loading…";
}
