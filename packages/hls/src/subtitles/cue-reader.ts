import type { Cue, CueReader, SubtitleFormat } from "./cue.js";
import { AssReader } from "./read-ass.js";
import { SrtReader } from "./read-srt.js";
import { VttReader } from "./read-vtt.js";

export function cueReader(format: SubtitleFormat): CueReader {
  if (format === "ass") return new AssReader();
  return format === "vtt" ? new VttReader() : new SrtReader();
}

/** All cues of a whole file, in the order of their beginnings. */
export function readCues(format: SubtitleFormat, text: string): readonly Cue[] {
  const reader = cueReader(format);
  return inOrder([...reader.push(text), ...reader.flush()]);
}

export const inOrder = (cues: readonly Cue[]): readonly Cue[] =>
  cues.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
