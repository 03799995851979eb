import type { Rung } from "@playhead/protocol";
import type { Playback } from "../playback.js";
import { chooseQuality } from "./quality-choice.js";
import { qualityOf } from "./rungs.js";

/** The viewer's choice of a rung, or of none: kept for later, and followed now. */
export function chooseRung(playback: Playback, rung: Rung | undefined): void {
  chooseQuality(rung && qualityOf(rung));
  playback.turnTo(rung?.rendition);
}
