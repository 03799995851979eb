import type { PlaybackReply } from "@playhead/protocol";
import type Hls from "hls.js";
import { renditionIn } from "./ladder/rungs.js";
import type { Cut } from "./playlist-cuts.js";

/** hls.js takes the next segment where this one ends within so many seconds (`maxFragLookUpTolerance`). */
const TOLERANCE_S = 0.02;
/** A segment that is larger by the film's bitrate is not kept for a place that nobody may go to. */
const MOST_BYTES = 16_000_000;

interface Listed {
  readonly details?: { readonly fragments: readonly Cut[] } | undefined;
}
/** What of hls.js is looked at. */
export type Renditions = Pick<Hls, "loadLevel" | "audioTrack"> & {
  readonly levels: readonly (Listed & { readonly uri: string })[];
  readonly audioTracks: readonly Listed[];
};

/**
 * The segments that a player which goes to `atS` asks for, picture and sound. None where the server would have to make
 * one: only copies are cheap enough for a place that nobody may go to.
 */
export function seekParts(hls: Renditions, reply: Pick<PlaybackReply, "delivery" | "rungs">, atS: number): string[] {
  const level = hls.levels[hls.loadLevel];
  const shown = reply.rungs?.find(({ rendition }) => rendition === renditionIn(level?.uri));
  if (reply.delivery !== "copy" || !shown?.original) return [];
  const length = (cut: Cut | undefined) => (cut ? cut.end - cut.start : 0);
  const picture = cutAt(level, atS);
  if ((length(picture) * shown.bitrateBps) / 8 > MOST_BYTES) return [];
  return [picture, cutAt(hls.audioTracks[hls.audioTrack], atS)].flatMap((cut) => cut?.url ?? []);
}

function cutAt(listed: Listed | undefined, atS: number): Cut | undefined {
  return listed?.details?.fragments.find(({ end }) => end - TOLERANCE_S > atS);
}
