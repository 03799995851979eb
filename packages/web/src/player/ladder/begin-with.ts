import type Hls from "hls.js";
import { chosenQuality } from "./quality-choice.js";
import { renditionIn } from "./rungs.js";

/** Sets the first level before anything is loaded. What the viewer chose is no start but an order: it stays. */
export function beginWith(hls: Hls, rendition: string | undefined): void {
  const level = hls.levels.findIndex(({ uri }) => renditionIn(uri) === rendition);
  if (level < 0) return;
  if (chosenQuality() === undefined) hls.startLevel = level;
  else hls.loadLevel = level;
}
