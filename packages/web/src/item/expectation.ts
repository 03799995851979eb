import type { Delivery, MediaReply, MediaTrack } from "@playhead/protocol";
import type { Capabilities } from "../player/capabilities.js";
import { codecName, containerName } from "./names.js";

/** What will happen to one stream on its way here. */
export interface StreamFate {
  readonly kind: "video" | "audio";
  readonly from: string;
  /** The same as `from` where it is not touched. */
  readonly to: string;
  readonly why: string;
}

/**
 * How the film will most likely be delivered to this browser, before the server is asked: it decides by the same facts,
 * and says so when playing starts.
 */
export interface Expectation {
  readonly delivery: Delivery;
  readonly headline: string;
  readonly why: string;
  readonly streams: readonly StreamFate[];
}

export function expectDelivery(media: MediaReply, capabilities: Capabilities): Expectation {
  const video = media.tracks.find((track) => track.kind === "video");
  const audio = firstAudio(media.tracks);
  const streams = [video, audio].flatMap((track) => (track ? [fateOf(track, capabilities)] : []));
  const container = containerName(media.container ?? "file");
  if (streams.some((stream) => stream.from !== stream.to)) {
    return {
      delivery: "transcode",
      headline: "Converted while it plays",
      why: "This browser can’t decode all of it, so the server makes the missing part anew, just ahead of the playhead.",
      streams,
    };
  }
  if (capabilities.playsFile) {
    return {
      delivery: "direct",
      headline: "Plays as it is",
      why: `This browser reads ${container} and decodes everything in it. The file itself is sent, untouched.`,
      streams,
    };
  }
  return {
    delivery: "copy",
    headline: "Repackaged while it plays",
    why: `This browser decodes everything in the file but does not read ${container}. Picture and sound are sent bit for bit, in another wrapping.`,
    streams,
  };
}

/** The one that plays first. */
function firstAudio(tracks: readonly MediaTrack[]): MediaTrack | undefined {
  const audio = tracks.filter((track) => track.kind === "audio");
  return audio.find((track) => track.default) ?? audio[0];
}

function fateOf(track: MediaTrack, { supported }: Capabilities): StreamFate {
  const kind = track.kind === "audio" ? "audio" : "video";
  const from = codecName(track.codec);
  if (track.codecString !== undefined && supported.includes(track.codecString)) {
    return { kind, from, to: from, why: "decoded here" };
  }
  const to = kind === "video" ? "H.264" : "AAC stereo";
  return {
    kind,
    from,
    to,
    why: track.codecString === undefined ? "no browser decodes it" : "not decoded by this browser",
  };
}
