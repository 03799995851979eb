import { type Stop, startAll } from "../../observe/listen.js";
import type { Observed } from "../../observe/observed.js";
import { type Loaded, logRequests } from "../requests.js";
import type { HlsResponse, HlsStats } from "./hls-like.js";
import type { On } from "./observe.js";

/** Playlists and segments that hls.js has loaded; what failed is told by `errors.ts`. */
export function observeHlsRequests(observed: Observed, on: On): Stop {
  const log = logRequests(observed);
  const tell = (
    kind: Loaded["kind"],
    { loading: { start, first, end }, loaded, retry }: HlsStats,
    response: HlsResponse | null | undefined,
    url: string | undefined,
    segment?: number,
  ) => {
    if (!(start > 0)) return;
    log.loaded({
      kind,
      url,
      segment,
      durationMs: end - start,
      endAt: end,
      ttfbMs: first >= start ? first - start : undefined,
      bytes: loaded,
      retries: retry,
      status: response?.status,
      header: (name) => response?.headers?.get(name) ?? response?.getResponseHeader?.(name),
    });
  };
  const playlist = (event: string) => () =>
    on(event, (_, { stats, networkDetails: response, url }) => {
      if (stats) tell("playlist", stats, response, url ?? response?.responseURL ?? response?.url);
    });
  return startAll([
    playlist("hlsManifestLoaded"),
    playlist("hlsLevelLoaded"),
    playlist("hlsAudioTrackLoaded"),
    () =>
      on("hlsFragLoaded", (_, { frag, networkDetails }) => {
        if (!frag) return;
        const { sn, stats, url } = frag;
        if (typeof sn === "number") tell("segment", stats, networkDetails, url, sn);
        else tell("init", stats, networkDetails, url);
      }),
  ]);
}
