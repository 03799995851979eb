import type { PlayheadEvent } from "@playhead/protocol";
import { type Stop, startAll } from "../../observe/listen.js";
import type { Observed } from "../../observe/observed.js";
import { serverWait } from "../../observe/server-timing.js";
import { known, whole } from "../../record/known.js";
import { plainUrl } from "../../record/plain-url.js";
import type { HlsFragment, HlsResponse, HlsStats } from "./hls-like.js";
import type { On } from "./observe.js";

type Request = Extract<PlayheadEvent, { type: "request" }>;

/**
 * Each playlist and segment that arrived: how long it waited and took, and how often it was tried. A segment is named by
 * its folder and number; its URL would be most of the event and is left out. What failed is told by `errors.ts`.
 */
export function observeHlsRequests({ record, clock, failures }: Observed, on: On): Stop {
  const tell = (
    kind: Request["kind"],
    stats: HlsStats,
    response: HlsResponse | null | undefined,
    url: string | undefined,
    frag?: HlsFragment,
  ) => {
    const { start, first, end } = stats.loading;
    if (!(start > 0) || !(end >= start)) return;
    failures.recovered(start);
    record(
      {
        type: "request",
        kind,
        ...known({
          ttfbMs: first >= start ? whole(first - start) : undefined,
          durationMs: whole(end - start),
          bytes: whole(stats.loaded),
          retries: stats.retry || undefined,
          status: response?.status,
          waitMs: url ? serverWait(url, response) : undefined,
          rendition: url && folderOf(url),
          segment: typeof frag?.sn === "number" ? frag.sn : undefined,
          url: kind === "playlist" ? plainUrl(url) : undefined,
        }),
      },
      Math.min(clock.now(), end),
    );
  };
  const playlist = (event: string) => () =>
    on(event, (_, data) => {
      if (data.stats)
        tell(
          "playlist",
          data.stats,
          data.networkDetails,
          data.url ?? data.networkDetails?.responseURL ?? data.networkDetails?.url,
        );
    });
  return startAll([
    playlist("hlsManifestLoaded"),
    playlist("hlsLevelLoaded"),
    playlist("hlsAudioTrackLoaded"),
    () =>
      on("hlsFragLoaded", (_, { frag, networkDetails }) => {
        if (frag) tell(frag.sn === "initSegment" ? "init" : "segment", frag.stats, networkDetails, frag.url, frag);
      }),
  ]);
}

/** The folder that a segment lies in: in nearly every layout, ours included, the name of its rendition. */
function folderOf(url: string): string | undefined {
  return plainUrl(url)?.split("/").at(-2)?.slice(0, 64);
}
