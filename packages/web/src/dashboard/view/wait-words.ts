import type { Explanation } from "@playhead/protocol";
import { bitrate, counted, milliseconds, say, share } from "../quantity.js";

export const causeNames: Readonly<Record<Explanation["cause"], string>> = {
  encoder: "The server",
  network: "The network",
  device: "The device",
  player: "The player",
  unknown: "Not known",
};

const ms = (value: number) => say(milliseconds(value));

/** Why it waited, in a sentence that holds the evidence. */
export function waitWords(found: Explanation): string {
  switch (found.cause) {
    case "encoder":
      return found.serverMs > 0
        ? `${requested(found)} was not made yet for ${ms(found.serverMs)} of it.`
        : `The server answered with an error${told(found)}.`;
    case "network":
      return found.networkMs > 0
        ? `${requested(found)} was ready, and on its way for ${ms(found.networkMs)} of it${speed(found)}.`
        : `A request failed on its way${told(found)}.`;
    case "device":
      return deviceWords(found);
    case "player":
      return found.blockedMs >= found.durationMs / 2
        ? `The page's own script held the main thread for ${ms(found.blockedMs)} of it.`
        : "Nothing was asked for while there was nothing left to play.";
    default:
      return "No request that was open in it is known, so nothing tells.";
  }
}

function deviceWords({ errorCode, bufferMs, droppedFrames, decodedFrames }: Explanation): string {
  if (errorCode !== null) return `The data was there and could not be shown: ${errorCode}.`;
  if (bufferMs !== null && bufferMs >= 1_000) return `${ms(bufferMs)} lay in the buffer and could not be shown.`;
  const frames = droppedFrames + decodedFrames;
  return `${counted(droppedFrames, "frame")} of ${frames} (${say(share(droppedFrames / Math.max(1, frames)))}) came too late to be shown.`;
}

/** `Segment 5 of v0`, `A playlist`. */
function requested({ request }: Explanation): string {
  if (request === null) return "What was asked for";
  const { kind, segment, rendition } = request;
  const of = rendition === undefined ? "" : ` of ${rendition}`;
  if (kind === "segment" && segment !== undefined) return `Segment ${segment}${of}`;
  return kind === "init" ? `The beginning${of}` : `A ${kind}${of}`;
}

function speed({ request }: Explanation): string {
  const { bitsPerSecond = null } = request ?? {};
  return bitsPerSecond === null ? "" : `, at ${say(bitrate(bitsPerSecond))}`;
}

const told = ({ errorCode }: Explanation) => (errorCode === null ? "" : `: ${errorCode}`);
