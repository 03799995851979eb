/** One segment of a complete playlist, seconds from the film's start. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  readonly url: string;
}

export interface PlaylistCuts {
  readonly init: string | undefined;
  readonly cuts: readonly Cut[];
}

/** How a complete media playlist (RFC 8216) is cut, before hls.js has read it. Its addresses stay as they are written. */
export function playlistCuts(playlist: string): PlaylistCuts {
  const init = /^#EXT-X-MAP:URI="([^"]+)"/m.exec(playlist)?.[1];
  let end = 0;
  const cuts = Array.from(playlist.matchAll(/^#EXTINF:([\d.]+),.*\n(.+)$/gm), ([, duration, url = ""]): Cut => {
    const start = end;
    end += Number(duration);
    return { start, end, url };
  });
  return { init, cuts };
}
