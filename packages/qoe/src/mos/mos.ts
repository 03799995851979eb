import { type AudioSettings, audioQuality, NO_AUDIO } from "./audio-quality.js";
import { isApproximated } from "./codecs.js";
import { audiovisualQuality } from "./integration.js";
import { perSecond } from "./per-second.js";
import { clamp } from "./scale.js";
import { type StallEvent, stallingIndex } from "./stalling.js";
import { type VideoSettings, type Viewing, videoQuality } from "./video-quality.js";

export interface VideoSegment extends VideoSettings {
  readonly durationS: number;
  /** Which rung it was: for who reads the input, not for the maths. */
  readonly representation?: string;
}

export interface AudioSegment extends AudioSettings {
  readonly durationS: number;
}

export interface MosInput extends Viewing {
  /** In the order in which they played. */
  readonly video: readonly VideoSegment[];
  /** None at all: no audio track. */
  readonly audio: readonly AudioSegment[];
  readonly stalls: readonly StallEvent[];
  readonly initialLoadS: number;
}

export interface Mos {
  /** 1–5. */
  readonly mos: number;
  /** O23: 5 without stalls. */
  readonly stalling: number;
  /** O35: quality of picture and sound, without stalls. */
  readonly audiovisual: number;
  /** O22 and O21, per second. */
  readonly video: readonly number[];
  readonly audio: readonly number[];
  /** A codec without published coefficients was scored as the nearest one. */
  readonly codecApproximated: boolean;
}

/**
 * Estimates the mean opinion of an average viewer from metadata alone. P.1203-style, mode 0, parametric part: the random forest of
 * the standard is left out, so this is no P.1203 score. Typical error ±0.5: for cohorts and trends, not a verdict on one viewer.
 * Made for clips of 1–5 minutes without pauses and seeks: split a view there, and into windows of at most 300 s.
 * Source: ITU-T P.1203, P.1203.1, P.1203.2, P.1203.3 (10/2017).
 * @returns null for less than a second of media, and where a bitrate, size or frame rate is not above 0.
 */
export function mos(input: MosInput): Mos | null {
  if (!input.video.every(isScorable)) return null;
  const allVideo = perSecond(input.video, (segment) => videoQuality(segment, input));
  const allAudio = input.audio.length === 0 ? allVideo.map(() => NO_AUDIO) : perSecond(input.audio, audioQuality);
  const length = Math.min(allVideo.length, allAudio.length);
  if (length === 0) return null;
  const video = allVideo.slice(0, length);
  const audio = allAudio.slice(0, length);

  const index = stallingIndex(input.stalls, input.initialLoadS, length);
  const audiovisual = audiovisualQuality(audio, video);
  const overall = clamp(1 + (audiovisual - 1) * index, 1, 5);
  return {
    mos: clamp(0.02833052 + 0.98117059 * overall, 1, 5),
    stalling: 1 + 4 * index,
    audiovisual,
    video,
    audio,
    codecApproximated: isApproximated(input.video, input.audio),
  };
}

function isScorable({ bitrateBps, width, height, fps }: VideoSegment): boolean {
  return bitrateBps > 0 && width > 0 && height > 0 && fps > 0;
}
