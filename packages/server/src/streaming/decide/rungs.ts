import { linesOf, type PlaybackPlan } from "@playhead/hls";
import type { Rung } from "@playhead/protocol";

/** Best first, as a menu shows them. */
export function rungsOf({ video }: PlaybackPlan): Rung[] {
  return video
    .map((rung) => ({
      rendition: rung.id,
      lines: linesOf(rung),
      width: rung.width,
      height: rung.height,
      bitrateBps: rung.averageBandwidthBps ?? rung.bandwidthBps,
      original: rung.mode === "copy",
    }))
    .toSorted((a, b) => Number(b.original) - Number(a.original) || b.lines - a.lines);
}
