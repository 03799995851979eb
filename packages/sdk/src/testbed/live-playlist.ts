/** Segments that are there at a time. */
const WINDOW = 4;

/** A media playlist of a finished film as that of one which is on air since `elapsedS` (RFC 8216 §6.2.2). */
export function livePlaylist(film: string, elapsedS: number): string {
  const segments = [...film.matchAll(/#EXTINF:([\d.]+),\n\S+/g)];
  const head = film
    .slice(0, segments[0]?.index)
    .split("\n")
    .filter((line) => !/PLAYLIST-TYPE|MEDIA-SEQUENCE/.test(line));
  const seconds = Number(segments[0]?.[1] ?? 1);
  const first = Math.max(0, Math.min(Math.floor(elapsedS / seconds), segments.length - WINDOW));
  const window = segments.slice(first, first + WINDOW).map(([segment]) => segment);
  return [...head.filter(Boolean), `#EXT-X-MEDIA-SEQUENCE:${first}`, ...window, ""].join("\n");
}
