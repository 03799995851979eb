import { masterPlaylist, mediaPlaylist, type VideoRendition } from "@playhead/hls";
import type { HlsSession } from "./sessions/hls-session.js";

/** Above this a media playlist (that of some 10 hours) is asked for by itself: it would hold up the answer. Characters. */
const LONGEST = 250_000;

/**
 * The playlists that a player asks for first, by their paths: the master, the first picture and the sound that plays.
 * Sent along with the answer to "how is it played", they save its player two round trips.
 */
export function inlinePlaylists({ id, plan }: HlsSession, firstRung?: VideoRendition): Record<string, string> {
  const base = `/api/v1/hls/${id}`;
  const playlists: Record<string, string> = { [`${base}/index.m3u8`]: masterPlaylist(plan) };
  const first = [firstRung ?? plan.video[0], plan.audio.find((audio) => audio.isDefault) ?? plan.audio[0]];
  for (const rendition of first) {
    if (rendition === undefined) continue;
    const playlist = mediaPlaylist(rendition);
    if (playlist.length <= LONGEST) playlists[`${base}/${rendition.id}/index.m3u8`] = playlist;
  }
  return playlists;
}
