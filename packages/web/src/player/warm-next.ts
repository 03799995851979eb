import { useEffect } from "preact/hooks";
import { loadMedia } from "../api/library.js";
import { capabilitiesFor } from "./known-capabilities.js";
import { type WarmUp, warmFilm } from "./warm-film.js";

/** Seconds before the end in which the next episode is made ready. */
const LAST_S = 60;

/** Has the next episode ready in the last minute of this one, and for as long as that lasts. */
export function useWarmNext(video: HTMLVideoElement, nextId: string | undefined): void {
  useEffect(() => {
    if (nextId === undefined) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    let begun = false;
    let warm: WarmUp | undefined;
    const begin = async (): Promise<void> => {
      const media = await loadMedia(nextId, signal);
      const capabilities = await capabilitiesFor(media);
      if (!signal.aborted) warm = warmFilm(media, capabilities, 0);
    };
    const look = (): void => {
      if (!(video.duration - video.currentTime <= LAST_S)) return;
      warm?.renew();
      if (begun) return;
      begun = true;
      // It is asked for again when it is played, and tells its viewer then.
      begin().catch(() => undefined);
    };
    video.addEventListener("timeupdate", look, { signal });
    return () => {
      stop.abort();
      warm?.leave();
    };
  }, [video, nextId]);
}
