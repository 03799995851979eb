import { isAudioCodec } from "./mos/codecs.js";
import { type AudioSegment, mos, type VideoSegment } from "./mos/mos.js";
import type { StallEvent } from "./mos/stalling.js";
import type { Shown, ShownSince } from "./shown.js";
import type { Span, Timeline } from "./timeline.js";

/** The model was made for clips of up to five minutes, so longer stretches are scored in pieces. */
const WINDOW_S = 300;
/** The share of a rendition that is sound is not told by players; this is what a stereo AAC track usually has. */
const ASSUMED_AUDIO_BPS = 128_000;
const ASSUMED_AUDIO_CODEC = "mp4a.40.2";
/** Nobody told otherwise: a rate at which motion is smooth. */
const ASSUMED_FPS = 25;
const ASSUMED_DISPLAY = { width: 1920, height: 1080 };
const ASSUMED_CODEC = "avc1";

export interface ViewMos {
  /** 1–5; null where bitrate and size of what played are not known, or less than a second played. */
  readonly mos: number | null;
  /** What was scored, ms of media. Under 30,000 the figure says little. */
  readonly mosMs: number;
}

export interface Screen {
  readonly handheld: boolean;
  /** Of the screen, for who does not tell the player's size; pixels. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Codec of the view, where a rendition does not tell its own. */
  readonly codec: string | null;
  readonly fps: number | null;
}

/** A stretch of media that played without a seek or a pause in it. */
interface Window {
  readonly video: VideoSegment[];
  readonly stalls: StallEvent[];
  readonly audioCodec: string | null;
  initialLoadS: number;
  lengthS: number;
  display: { width: number; height: number };
}

/**
 * The mean opinion of a view: it is split at seeks, pauses and what can't be scored, and into windows of at most 300 s; each
 * is scored, and the scores are averaged by duration. Sound is taken for 128 kbit/s of AAC where the codec string doesn't name
 * another codec, for players tell the bitrate of both together.
 * Source: qoe-model §2; `mos/mos.ts`.
 */
export function viewMos(
  timeline: Timeline,
  shown: readonly ShownSince[],
  startupMs: number | null,
  screen: Screen,
): ViewMos {
  let weighted = 0;
  let seconds = 0;
  for (const window of windowsOf(timeline.spans, shown, startupMs, screen)) {
    const scored = mos({
      device: screen.handheld ? "handheld" : "pc",
      display: window.display,
      video: window.video,
      audio: audioOf(window),
      stalls: window.stalls,
      initialLoadS: window.initialLoadS,
    });
    if (scored === null) continue;
    weighted += scored.mos * window.lengthS;
    seconds += window.lengthS;
  }
  return seconds === 0 ? { mos: null, mosMs: 0 } : { mos: weighted / seconds, mosMs: Math.round(seconds * 1000) };
}

function audioOf({ audioCodec, lengthS }: Window): readonly AudioSegment[] {
  return audioCodec === null ? [] : [{ durationS: lengthS, bitrateBps: ASSUMED_AUDIO_BPS, codec: audioCodec }];
}

function windowsOf(
  spans: readonly Span[],
  shown: readonly ShownSince[],
  startupMs: number | null,
  screen: Screen,
): readonly Window[] {
  const windows: Window[] = [];
  let open: Window | undefined;
  let first = true;
  const close = () => {
    if (open !== undefined && open.lengthS > 0) windows.push(open);
    open = undefined;
  };
  for (const span of spans) {
    if (span.state === "rebuffering") {
      open?.stalls.push({ atS: open.lengthS, durationS: (span.to - span.from) / 1000 });
      continue;
    }
    if (span.state !== "playing") {
      close();
      continue;
    }
    for (const piece of piecesOf(span, shown)) {
      const segment = segmentOf(piece.shown, screen);
      if (segment === null) {
        close();
        continue;
      }
      let left = piece.durationS;
      while (left > 0) {
        open ??= newWindow(piece.shown, screen);
        if (first) open.initialLoadS = (startupMs ?? 0) / 1000;
        first = false;
        const durationS = Math.min(left, WINDOW_S - open.lengthS);
        open.video.push({ ...segment, durationS });
        open.lengthS += durationS;
        left -= durationS;
        if (open.lengthS >= WINDOW_S) close();
      }
    }
  }
  close();
  return windows;
}

/** The playing span cut where what was shown changed. */
function piecesOf({ from, to }: Span, shown: readonly ShownSince[]): readonly { durationS: number; shown: Shown }[] {
  return shown.flatMap((since, i) => {
    const begin = Math.max(from, since.at);
    const end = Math.min(to, shown[i + 1]?.at ?? Number.POSITIVE_INFINITY);
    return end > begin ? [{ durationS: (end - begin) / 1000, shown: since.shown }] : [];
  });
}

function segmentOf(shown: Shown, screen: Screen): Omit<VideoSegment, "durationS"> | null {
  const { bitrateBps, width, height } = shown;
  if (!bitrateBps || !width || !height) return null;
  const { video, audio } = codecsOf(shown, screen);
  // Where the sound would leave nothing of the picture, the assumption is wrong rather than the figure.
  const ofPicture = audio === null ? bitrateBps : Math.max(bitrateBps - ASSUMED_AUDIO_BPS, bitrateBps / 2);
  return { bitrateBps: ofPicture, width, height, fps: screen.fps ?? ASSUMED_FPS, codec: video };
}

function newWindow(shown: Shown, screen: Screen): Window {
  return {
    video: [],
    stalls: [],
    audioCodec: codecsOf(shown, screen).audio,
    initialLoadS: 0,
    lengthS: 0,
    display: displayOf(shown, screen),
  };
}

/** The picture as large as the player, or the screen, lets it be at its own shape. */
function displayOf({ width = 16, height = 9, playerWidth, playerHeight }: Shown, screen: Screen) {
  const box = {
    width: playerWidth ?? screen.width ?? ASSUMED_DISPLAY.width,
    height: playerHeight ?? screen.height ?? ASSUMED_DISPLAY.height,
  };
  const scale = Math.min(box.width / width, box.height / height);
  return { width: width * scale, height: height * scale };
}

function codecsOf(shown: Shown, screen: Screen): { video: string; audio: string | null } {
  const told = shown.codec ?? screen.codec;
  if (told === null || told === undefined) return { video: ASSUMED_CODEC, audio: ASSUMED_AUDIO_CODEC };
  const codecs = told.split(",").map((codec) => codec.trim());
  const audio = codecs.find(isAudioCodec);
  const video = codecs.find((codec) => !isAudioCodec(codec));
  // One codec alone is that of the picture; whether there is sound it does not say.
  return { video: video ?? ASSUMED_CODEC, audio: audio ?? ASSUMED_AUDIO_CODEC };
}
