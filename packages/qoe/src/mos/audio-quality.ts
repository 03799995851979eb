import { audioCodec } from "./codecs.js";
import { mosFromR } from "./scale.js";

export interface AudioSettings {
  readonly bitrateBps: number;
  readonly codec: string;
}

/** Without an audio track nothing is wrong with the audio. */
export const NO_AUDIO = 5;

/** Audio quality of one second, O21, 1–5. Source: ITU-T P.1203.2 (10/2017). */
export function audioQuality({ bitrateBps, codec }: AudioSettings): number {
  const { a2, a3 } = audioCodec(codec);
  return mosFromR(100 - (100 * Math.exp((a2 * bitrateBps) / 1000) + a3));
}
