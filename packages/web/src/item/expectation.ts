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

/** @param showsHdr whether the screen does. */
export function expectDelivery(media: MediaReply, capabilities: Capabilities, showsHdr: boolean): Expectation {
  const video = media.tracks.find((track) => track.kind === "video");
  const audio = firstAudio(media.tracks);
  const decoded = [video, audio].flatMap((track) => (track ? [fateOf(track, capabilities, showsHdr)] : []));
  const isFile = capabilities.playsFile && decoded.every(({ from, to }) => from === to);
  const streams = isFile ? decoded : decoded.map((fate) => (fate.kind === "video" ? madeAnew(fate, video) : fate));
  const container = containerName(media.container ?? "file");
  if (streams.some((stream) => stream.from !== stream.to)) {
    return {
      delivery: "transcode",
      headline: "Converted while it plays",
      why: streams.some(({ why }) => why === notShown)
        ? "This screen can’t show its range of brightness, so the server makes a picture that fits it, just ahead of the playhead."
        : streams.some(({ why }) => why === notCopied)
          ? `${video?.noCopy}, so the server makes the picture anew, just ahead of the playhead.`
          : "This browser can’t decode all of it, so the server makes the missing part anew, just ahead of the playhead.",
      streams,
    };
  }
  if (isFile) {
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

const notCopied = "decoded here, but not to be repackaged";

/** A stream that this browser decodes, and that the server can't send piece by piece. */
function madeAnew(fate: StreamFate, track: MediaTrack | undefined): StreamFate {
  if (track?.noCopy === undefined || fate.from !== fate.to) return fate;
  return { ...fate, to: "new H.264", why: notCopied };
}

const notShown = "HDR, which this screen does not show";

function fateOf(track: MediaTrack, { supported }: Capabilities, showsHdr: boolean): StreamFate {
  const kind = track.kind === "audio" ? "audio" : "video";
  const from = codecName(track.codec);
  if (track.hdr === true && !showsHdr) return { kind, from: `${from} HDR`, to: "H.264", why: notShown };
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
