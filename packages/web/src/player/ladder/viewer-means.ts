import type { ViewerMeans } from "@playhead/protocol";
import { knownBandwidth } from "./known-bandwidth.js";
import { chosenQuality } from "./quality-choice.js";

/** Browsers decode HDR for any screen, each with a tone mapping of its own, if any; the server has one. */
export const showsHdr = (): boolean => matchMedia("(dynamic-range: high)").matches;

/** What the server chooses the first rung from. The player fills the window, so the window is the screen. */
export function viewerMeans(): ViewerMeans {
  const bandwidthBps = knownBandwidth();
  const quality = chosenQuality();
  const width = Math.round(innerWidth * devicePixelRatio);
  const height = Math.round(innerHeight * devicePixelRatio);
  return {
    ...(width > 0 && height > 0 && { screen: { width, height } }),
    ...(bandwidthBps !== undefined && { bandwidthBps }),
    ...(quality !== undefined && { quality }),
    hdr: showsHdr(),
  };
}
