import { publish } from "./channels.js";
import type { MediaItem } from "./media-item.js";
import type { ProbeOutcome } from "./media-record.js";

/** A file has just been examined. */
export function tellProbe({ id, sizeBytes }: MediaItem, { info, error }: ProbeOutcome, tookMs: number): void {
  publish("playhead:library.probe", {
    ts: Date.now(),
    mediaId: id,
    outcome: info === null ? "error" : "ready",
    error,
    tookMs: Math.round(tookMs),
    sizeBytes,
    container: info?.container ?? null,
    codec: info?.video[0]?.codec ?? null,
    mediaMs: info === null ? null : Math.round(info.durationMs),
  });
}
