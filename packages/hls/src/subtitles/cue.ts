/** One subtitle as WebVTT knows it. Times are ms from the presentation's start, whole. */
export interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  /** WebVTT cue text: its own few tags, everything else escaped; lines joined by `\n`, none of them empty. */
  readonly text: string;
  /** WebVTT cue settings (`line:0 align:start`); empty for the usual place, below in the middle. */
  readonly settings: string;
}

/** Reads subtitles as they arrive. Text in, cues out. */
export interface CueReader {
  /** @returns the cues that this piece of the text completes. */
  push(text: string): Cue[];
  /** Nothing more is to be expected for now: gives the cue that might have gone on, unless it ends within a line. */
  settle(): Cue[];
  /** That was all. */
  flush(): Cue[];
}

/** The formats that can be read here; ffmpeg turns every other kind of text into the first. */
export type SubtitleFormat = "srt" | "ass" | "vtt";
