import { clamp } from "./scale.js";

/** Cubic from the quality of H.264 at some bitrate to that of a better codec at the same: highest power first. */
type Cubic = readonly [number, number, number, number];

/** Source: the MIT-licensed codec extension of the P.1203 reference software's authors. */
const vp9: Cubic = [-0.04129014, 0.30953836, 0.32314399, 0.5284358];
const h265: Cubic = [-0.05196039, 0.39430046, 0.17486221, 0.50008018];

interface VideoCodec {
  readonly names: RegExp;
  readonly mapping: Cubic | null;
  /** No coefficients are published for it: the nearest codec's are used. */
  readonly approximated: boolean;
}

/** By RFC 6381 codec string, or by the name that ffprobe gives. */
const videoCodecs: readonly VideoCodec[] = [
  { names: /^(avc[134]|h264|x264)/i, mapping: null, approximated: false },
  { names: /^(hvc1|hev1|dvh1|dvhe|hevc|h265)/i, mapping: h265, approximated: false },
  { names: /^(vp09|vp9)/i, mapping: vp9, approximated: false },
  { names: /^(av01|av1)/i, mapping: h265, approximated: true },
];
const otherVideo: VideoCodec = { names: /^/, mapping: null, approximated: true };

const videoCodec = (codec: string) => videoCodecs.find(({ names }) => names.test(codec)) ?? otherVideo;

/** Quality (1–5) of a codec where H.264 would have `asH264`. */
export function videoCodecQuality(codec: string, asH264: number): number {
  const { mapping } = videoCodec(codec);
  if (mapping === null) return asH264;
  const [a, b, c, d] = mapping;
  return clamp(((a * asH264 + b) * asH264 + c) * asH264 + d, 1, 5);
}

export interface AudioCodec {
  readonly names: RegExp;
  readonly a2: number;
  readonly a3: number;
  readonly approximated: boolean;
}

/** Source: ITU-T P.1203.2 (10/2017), table of coefficients. */
const aacLc = { a2: -0.05, a3: 14.6 };
const audioCodecs: readonly AudioCodec[] = [
  { names: /^(mp4a\.40\.(5|29)|he-?aac)/i, a2: -0.11, a3: 20.06, approximated: false },
  { names: /^(mp4a\.40|aac)/i, ...aacLc, approximated: false },
  { names: /^(ac-?3)/i, a2: -0.03, a3: 15.7, approximated: false },
  { names: /^(ec-?3|eac3)/i, a2: -0.03, a3: 15.7, approximated: true },
  { names: /^(mp2)/i, a2: -0.02, a3: 15.48, approximated: false },
  { names: /^(mp3|mp4a\.6b|mp4a\.69)/i, a2: -0.02, a3: 15.48, approximated: true },
];
const otherAudio: AudioCodec = { names: /^/, ...aacLc, approximated: true };

/** Whether an RFC 6381 codec string, or ffprobe's name, is one of sound. */
export const isAudioCodec = (codec: string): boolean =>
  /^(mp4a|aac|he-?aac|ac-?3|ec-?3|eac3|mp[23]|opus|vorbis|flac|alac|dts|truehd|pcm)/i.test(codec);

export const audioCodec = (codec: string): AudioCodec =>
  audioCodecs.find(({ names }) => names.test(codec)) ?? otherAudio;

export function isApproximated(video: readonly { codec: string }[], audio: readonly { codec: string }[]): boolean {
  return (
    video.some(({ codec }) => videoCodec(codec).approximated) ||
    audio.some(({ codec }) => audioCodec(codec).approximated)
  );
}
