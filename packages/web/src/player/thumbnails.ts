const AGAIN_MS = 5_000;

/**
 * Gives the seek bar its pictures as soon as something has played; while the server still makes them it is asked again.
 * Returns its stop function.
 */
export function addThumbnails(video: HTMLVideoElement, mediaId: string): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const src = `/api/v1/media/${encodeURIComponent(mediaId)}/thumbnails.vtt`;
  let timer: number | undefined;
  const ask = async (): Promise<void> => {
    const answer = await fetch(src, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (answer?.status === 200) {
      // The seek bar finds the track by its label.
      video.append(
        Object.assign(document.createElement("track"), { kind: "metadata", label: "thumbnails", default: true, src }),
      );
    } else if (!answer || answer.headers.has("retry-after")) timer = window.setTimeout(() => void ask(), AGAIN_MS);
  };
  // The first picture has the connection to itself.
  if (video.currentTime > 0 && !video.paused) void ask();
  else video.addEventListener("playing", () => void ask(), { once: true, signal });
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}
