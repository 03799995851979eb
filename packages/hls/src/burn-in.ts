import { seconds } from "./ffmpeg-input.js";
import type { BurntSubtitle } from "./rendition.js";

/** Subtitles that are shown at a run's start began before it: they are read from this much earlier on. */
const LOOK_BACK_S = 30;

export interface BurnIn {
  readonly input: string;
  readonly burnt: BurntSubtitle;
  readonly videoIndex: number;
  /** Where the picture is read from, seconds from the presentation's start. */
  readonly seekS: number;
  /** Time of the plan's first frame in the file, seconds. */
  readonly zeroS: number;
  readonly frameS: number;
  readonly width: number;
  readonly height: number;
  /** What is done with the picture before subtitles are drawn into it. */
  readonly picture: readonly string[];
  /** What is done with it afterwards. */
  readonly upload: readonly string[];
}

/** The file once more: subtitles are read from an earlier place than the picture, which is dear to decode. */
export function subtitleInputArgs({ input, seekS }: Pick<BurnIn, "input" | "seekS">): readonly string[] {
  const fromS = Math.max(0, seekS - LOOK_BACK_S);
  return [
    "-noaccurate_seek",
    ...(fromS > 0 ? ["-ss", seconds(fromS)] : []),
    "-protocol_whitelist",
    "file,pipe",
    "-i",
    `file:${input}`,
  ];
}

/** The filter graph that draws one stream of subtitle pictures over the video. Its result is `[out]`. */
export function burnInArgs(burnIn: BurnIn): readonly string[] {
  const { burnt, videoIndex, zeroS, frameS, width, height, picture, upload } = burnIn;
  // Blu-ray's canvas is the whole 16:9 screen, though a film may have been cut to its picture: nothing is cut off or
  // squeezed then, but comes smaller. Those of DVDs and DVB have the film's own pixels, which need not be square.
  const fit = burnt.codec === "hdmv_pgs_subtitle" ? ":force_original_aspect_ratio=decrease" : "";
  return [
    "-filter_complex",
    [
      `[0:${videoIndex}]${picture.join(",")}[picture]`,
      // Half a frame early: shown from the nearest frame on, not from the one after.
      `[1:${burnt.streamIndex}]settb=AVTB,setpts=round(PTS-(${seconds(zeroS + frameS / 2)})/TB),scale=${width}:${height}${fit}[drawn]`,
      // A stream that ends early ends nothing else.
      `[picture][drawn]${["overlay=x=(W-w)/2:y=H-h:eof_action=pass:format=yuv420", ...upload].join(",")}[out]`,
    ].join(";"),
  ];
}

/**
 * An output that nobody gets: ffmpeg passes time on to a sparse subtitle stream with the packets of other streams of its
 * input that are in use. Without one the picture would wait until the next subtitle has been found, minutes ahead.
 */
export const subtitleClockArgs = (videoIndex: number): readonly string[] => [
  "-map",
  `1:${videoIndex}`,
  "-c",
  "copy",
  "-f",
  "null",
  "-",
];
