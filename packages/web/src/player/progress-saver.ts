import type { MediaReply, Progress } from "@playhead/protocol";
import { knownLibrary, knownMedia } from "../api/library.js";
import { request } from "../api/request.js";

const EVERY_MS = 10_000;
/** Not worth a request. */
const LEAST_MOVE_MS = 1_000;

/**
 * Keeps the viewer's place: every 10 s of playing, at each pause, at the end, and on leaving. Returns its stop function,
 * which saves once more.
 */
export function keepProgress(video: HTMLVideoElement, media: MediaReply): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let saved = media.positionMs;
  let begun = false;

  const save = () => {
    if (!begun) return;
    const positionMs = Math.round(video.ended ? (media.durationMs ?? 0) : video.currentTime * 1000);
    if (Math.abs(positionMs - saved) < LEAST_MOVE_MS) return;
    saved = positionMs;
    const body: Progress = media.durationMs === null ? { positionMs } : { positionMs, durationMs: media.durationMs };
    rememberProgress(media.id, positionMs);
    // A lost save costs ten seconds of the viewer's place; the next one makes up for it.
    request(`/api/v1/progress/${encodeURIComponent(media.id)}`, { method: "PUT", body, keepalive: true }).catch(
      () => undefined,
    );
  };

  const timer = setInterval(() => {
    if (!video.paused) save();
  }, EVERY_MS);
  // Until something has played, the element's position is no place that the viewer has been to.
  const begin = () => {
    begun = true;
  };
  video.addEventListener("playing", begin, { signal });
  for (const name of ["pause", "ended"]) video.addEventListener(name, save, { signal });
  addEventListener("pagehide", save, { signal });
  document.addEventListener("visibilitychange", () => document.hidden && save(), { signal });

  return () => {
    save();
    clearInterval(timer);
    stop.abort();
  };
}

/** What the other pages show is right at once, without asking again. */
export function rememberProgress(id: string, positionMs: number): void {
  const watchedAt = Date.now();
  const media = knownMedia(id);
  if (media.value) media.value = { ...media.value, positionMs, watchedAt };
  const library = knownLibrary.value;
  if (!library) return;
  knownLibrary.value = {
    ...library,
    items: library.items.map((item) => (item.id === id ? { ...item, positionMs, watchedAt } : item)),
  };
}
