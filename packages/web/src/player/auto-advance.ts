import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** Until the next episode begins by itself. */
export const COUNTDOWN_S = 10;
/** So many episodes in a row without a sign of the viewer: who knows whether anybody is there. */
export const UNATTENDED_EPISODES = 3;

/** Counts the episodes that began by themselves since the viewer last touched anything. Lives as long as the window. */
export function createAttendance() {
  let unattended = 0;
  return {
    /** An episode is about to begin by itself. */
    advanced: () => void unattended++,
    /** A key, a click, a touch. */
    seen: () => void (unattended = 0),
    /** Ask before going on. */
    get isInDoubt() {
      return unattended >= UNATTENDED_EPISODES;
    },
  };
}

const attendance = createAttendance();

/** Listens for signs of the viewer for as long as a player is open. Returns its stop function. */
export function watchAttendance(): () => void {
  const stop = new AbortController();
  for (const name of ["keydown", "pointerdown"]) {
    addEventListener(name, attendance.seen, { signal: stop.signal, capture: true });
  }
  return () => stop.abort();
}

export interface Countdown {
  /** Seconds that are left; undefined: it does not count. */
  readonly leftS: Signal<number | undefined>;
  /** The viewer has not been heard of for some episodes: nothing counts until they are. */
  readonly isInDoubt: boolean;
  readonly cancel: () => void;
}

/**
 * Counts down while the film runs or is over, and calls `onDone`. It stands still while the film is paused, and while
 * nobody can see it: another tab is in front, and no small window shows the picture.
 */
export function useCountdown(video: HTMLVideoElement, active: boolean, onDone: () => void): Countdown {
  const isInDoubt = attendance.isInDoubt;
  const leftS = useSignal<number | undefined>(undefined);
  useEffect(() => {
    leftS.value = active && !isInDoubt ? COUNTDOWN_S : undefined;
    if (leftS.value === undefined) return undefined;
    const timer = setInterval(() => {
      const left = leftS.value;
      if (left === undefined || (video.paused && !video.ended)) return;
      if (document.hidden && !document.pictureInPictureElement) return;
      leftS.value = left - 1;
      if (left > 1) return;
      clearInterval(timer);
      leftS.value = undefined;
      attendance.advanced();
      onDone();
    }, 1000);
    return () => clearInterval(timer);
  }, [active, isInDoubt]);
  return { leftS, isInDoubt, cancel: () => (leftS.value = undefined) };
}
