import type Hls from "hls.js";
import type { LevelDetails } from "hls.js";

interface Span {
  readonly start: number;
  readonly duration: number;
}

/** Containers round to the ms, and the last picture ends a little before the next begins: a buffer's end is this near. */
const EARLY_S = 0.005;

/**
 * Keeps the times of segments as their playlist tells them, which is exact, but for a few ms: what ends where a segment
 * begins shall be found to be in that one, and not at the end of the one before, which would be loaded for nothing and
 * take pictures away. hls.js corrects the times by the first picture that it reads, without the edit list that a copy
 * with B-frames begins with, and would look for a copied segment up to a few pictures too late.
 */
export function keepPlaylistTimes(HlsClass: typeof Hls, hls: Hls): void {
  const told = new WeakMap<LevelDetails, readonly Span[]>();
  const keep = ({ details }: { readonly details: LevelDetails }): void => {
    let spans = told.get(details);
    if (!spans) told.set(details, (spans = spansOf(details)));
    for (const [i, { start, duration }] of spans.entries()) {
      const fragment = details.fragments[i];
      fragment?.setStart(start);
      fragment?.setDuration(duration);
    }
  };
  // Told before the first segment of a level is chosen, and after each that was read.
  hls.on(HlsClass.Events.LEVEL_UPDATED, (_, data) => keep(data));
  hls.on(HlsClass.Events.LEVEL_PTS_UPDATED, (_, data) => keep(data));
}

function spansOf({ fragments }: LevelDetails): readonly Span[] {
  const starts = fragments.map(({ start }, i) => (i === 0 ? start : start - EARLY_S));
  return fragments.map(({ end }, i) => {
    const start = starts[i] ?? 0;
    return { start, duration: (starts[i + 1] ?? end) - start };
  });
}
