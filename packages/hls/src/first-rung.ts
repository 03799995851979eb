import { displaySize, linesOf, type Size } from "./display-size.js";
import type { MediaInfo, VideoStream } from "./media-info.js";
import type { AudioRendition, PlaybackPlan, VideoRendition } from "./rendition.js";

/** What is known of a viewer before the first byte. */
export interface ViewerMeans {
  /** Where the picture will be shown, in device pixels. */
  readonly screen?: Size;
  /** Measured before, bits per second. */
  readonly bandwidthBps?: number;
  /** The viewer's own choice: lines of a rung (720), or the file's own picture. Absent: automatic. */
  readonly quality?: Quality;
  /** On this machine or in its network, where a measurement is not needed to expect enough. */
  readonly isNear?: boolean;
  /** Whether the screen shows HDR. Absent: as far as the codec is supported. */
  readonly hdr?: boolean;
}

export type Quality = "original" | number;

/** What a far viewer is taken to have until something was measured. */
const UNMEASURED_BPS = 8_000_000;
/** The network must carry this many times the average rate: a film has busier parts, and a buffer has to grow. */
const HEADROOM = 1.25;
/** A picture that misses the screen by less is not worth the next larger rung. */
const NEARLY = 0.95;
/** More is dear to make: a converted film begins with no more, and grows if the encoder keeps pace. */
const FIRST_LINES = 1080;

/**
 * The rung with which playback begins; undefined for a film without picture. The viewer's own choice is kept as near as
 * the film allows. Else the best that the network carries; of converted ones, none larger than the screen shows. A copy
 * may be larger than the screen: it costs the server less than any smaller picture.
 */
export function firstRung({ video, audio }: PlaybackPlan, means: ViewerMeans = {}): VideoRendition | undefined {
  const dearestFirst = video.toSorted((a, b) => averageOf(b) - averageOf(a));
  if (means.quality !== undefined) return chosenRung(dearestFirst, means.quality);
  const cap = means.screen === undefined ? FIRST_LINES : Math.min(FIRST_LINES, linesFor(means.screen, video));
  const candidates = dearestFirst.filter((rung) => rung.mode === "copy" || linesOf(rung) <= cap);
  const soundBps = Math.max(0, ...audio.map(averageOf));
  const expectedBps = means.isNear === true ? Number.POSITIVE_INFINITY : UNMEASURED_BPS;
  const mostBps = (means.bandwidthBps ?? expectedBps) / HEADROOM;
  return candidates.find((rung) => averageOf(rung) + soundBps <= mostBps) ?? candidates.at(-1) ?? dearestFirst.at(-1);
}

/** Of a viewer's choice: the rung of that name, else the best below it, else the least. */
function chosenRung(dearestFirst: readonly VideoRendition[], quality: Quality): VideoRendition | undefined {
  const bestFirst = dearestFirst.toSorted((a, b) => linesOf(b) - linesOf(a));
  if (quality === "original") return bestFirst.find(({ mode }) => mode === "copy") ?? bestFirst[0];
  const within = bestFirst.filter((rung) => linesOf(rung) <= quality);
  const [best] = within;
  if (best === undefined) return bestFirst.at(-1);
  // "1080p" beside "Original (1080p)" is the converted one.
  return within.find((rung) => linesOf(rung) === linesOf(best) && rung.mode === "transcode") ?? best;
}

/** Lines of the smallest rung that fills the screen; of the largest where none does. */
function linesFor(screen: Size, rungs: readonly VideoRendition[]): number {
  const enough = rungs.filter(({ width, height }) => {
    const shown = Math.min(screen.width / width, screen.height / height);
    return shown * NEARLY <= 1;
  });
  return enough.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...enough.map(linesOf));
}

/** Whether the file as it is serves this viewer, who could play it: asked for, or within what the network carries. */
export function fileSuffices(info: MediaInfo, video: VideoStream | undefined, means: ViewerMeans): boolean {
  const { quality, bandwidthBps } = means;
  if (quality === "original" || video === undefined) return true;
  if (quality !== undefined) return quality >= linesOf(displaySize(video));
  return bandwidthBps === undefined || bitrateOf(info) <= bandwidthBps;
}

const bitrateOf = ({ bitrateBps, sizeBytes, durationMs }: MediaInfo): number =>
  bitrateBps ?? (sizeBytes * 8) / Math.max(1, durationMs / 1000);

const averageOf = (rendition: VideoRendition | AudioRendition): number =>
  rendition.averageBandwidthBps ?? rendition.bandwidthBps;
