import { aac, type Film, h264, picture, sound } from "../fixtures/film.js";

const noisy = (size: string, seconds: number) => [
  ...["-f", "lavfi", "-t", String(seconds), "-i", `testsrc2=s=${size}:r=25,noise=alls=40:allf=t`],
  ...sound(seconds),
];
const usual = { hasAudio: true, rate: { num: 25, den: 1 } } as const;
/** The films that are made to wait. */
export const films = {
  /** Goes as it is, in segments of 1 MB. */
  copied: {
    ...usual,
    file: "Copied.mkv",
    inChromium: "copy",
    size: [640, 360],
    args: [
      ...noisy("640x360", 30),
      ...h264(50, "-b:v", "4M", "-minrate", "4M", "-maxrate", "4M", "-bufsize", "1M"),
      ...aac,
    ],
  },
  /** Has to be encoded, little faster than it plays. */
  encoded: {
    ...usual,
    file: "Encoded.mkv",
    inChromium: "transcode",
    size: [1280, 720],
    args: [...noisy("1280x720", 40), "-c:v", "mpeg2video", "-q:v", "6", ...aac],
  },
  /** Of a hundred small segments: nothing keeps it from playing. */
  easy: {
    ...usual,
    file: "Easy.mkv",
    inChromium: "copy",
    size: [320, 180],
    args: [...picture("25", 40, "320x180"), ...sound(40), ...h264(50), ...aac],
  },
} as const satisfies Record<string, Film>;

/** What the copied film takes, bytes a second. */
export const FILM_BYTES = 500_000;
