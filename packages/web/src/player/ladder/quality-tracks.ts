import type { PlaybackReply, Quality } from "@playhead/protocol";
import type { Tracks } from "../tracks.js";
import { automaticName, qualityOf, rungName } from "./rungs.js";

type QualityTracks = Pick<Tracks, "levels" | "level" | "shown" | "automatic">;

/**
 * The ladder as the menu shows it, also of a film that is played as the file it is.
 *
 * @param rendition what is on the screen; undefined where that is the file.
 */
export function qualityTracks(
  plan: Pick<PlaybackReply, "delivery" | "rungs" | "firstRung"> | undefined,
  quality: Quality | undefined,
  rendition: string | undefined,
): QualityTracks {
  const rungs = plan?.rungs ?? [];
  const isFile = plan?.delivery === "direct";
  const shown = rungs.findIndex((rung) => (isFile ? rung.original : rung.rendition === rendition));
  const named = rungs.findIndex((rung) => qualityOf(rung) === quality);
  // A choice made for another film may name a rung that this one does not have: the server took the nearest.
  const nearest = isFile ? shown : rungs.findIndex((rung) => rung.rendition === plan?.firstRung);
  return {
    levels: rungs.map((rung, index) => ({ index, label: rungName(rung) })),
    level: quality === undefined ? -1 : named >= 0 ? named : nearest,
    shown,
    automatic: automaticName(rungs[shown]),
  };
}
