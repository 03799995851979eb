import { inputArgs } from "../ffmpeg-input.js";
import type { MediaInfo, SubtitleStream } from "../media-info.js";
import { subtitleExtraction } from "./subtitle-renditions.js";

export interface SubtitlePass {
  /** Absolute path of the file. */
  readonly input: string;
  readonly info: MediaInfo;
  /** What is read; each must have an extraction. */
  readonly streams: readonly SubtitleStream[];
  /** Seconds from the presentation's start. */
  readonly fromS: number;
}

/** The pipe of the first subtitle stream; 1 tells how far the pass is, 2 is ffmpeg's log. */
export const FIRST_SUBTITLE_PIPE = 3;

/** One pass over a film for all its text: each stream to a pipe of its own, as it is read. */
export function subtitlePassArgs({ input, info, streams, fromS }: SubtitlePass): readonly string[] {
  const clock = clockStream(info);
  return [
    ...inputArgs({ input, seekS: fromS }),
    // One line for each packet of the clock stream, copied and not decoded: so far is the pass, also where nobody speaks.
    ...(clock === null
      ? []
      : ["-map", `0:${clock}`, "-c", "copy", ...asTheyAre, ...atOnce, "-f", "framecrc", "pipe:1"]),
    ...streams.flatMap((stream, i) => {
      const extraction = subtitleExtraction(stream);
      if (extraction === null) throw new RangeError(`Stream ${stream.index} is no text that can be read`);
      const { encoder, format } = extraction;
      return [
        ["-map", `0:${stream.index}`, "-c:s", encoder],
        asTheyAre,
        atOnce,
        format === "ass" ? ["-ignore_readorder", "1"] : [], // else one that comes out of order waits for the others
        ["-f", format === "vtt" ? "webvtt" : format, `pipe:${FIRST_SUBTITLE_PIPE + i}`],
      ].flat();
    }),
  ];
}

/** A time before 0 stays there: players count from the presentation's start. */
const asTheyAre = ["-avoid_negative_ts", "disabled"];
/** Neither a cue nor the clock waits until a buffer is full. */
const atOnce = ["-flush_packets", "1"];

/** The first sound, which has a packet every few ms; an MP4's index leads to its text alone, so that there nothing else is read. */
function clockStream({ container, audio, video }: MediaInfo): number | null {
  if (container === "mp4" || container === "mov") return null;
  return (audio[0] ?? video[0])?.index ?? null;
}
