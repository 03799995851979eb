import { languageTag } from "../audio-naming.js";
import type { MediaInfo, SubtitleStream } from "../media-info.js";
import type { SegmentPlan, SubtitleRendition } from "../rendition.js";
import type { SubtitleFormat } from "./cue.js";
import { subtitleNames } from "./subtitle-naming.js";

/** A subtitle file beside the film. */
export interface SideSubtitle {
  /** URL-safe; the same for the same path. */
  readonly id: string;
  /** Changes with the file's bytes. */
  readonly version: string;
  /** RFC 5646; null when its name does not tell. */
  readonly language: string | null;
  readonly title: string | null;
  readonly isDefault: boolean;
  readonly forced: boolean;
  readonly hearingImpaired: boolean;
}

/**
 * A few cues each: few requests, and while a slow disk is still being read, not much of the film is waited for. Players
 * fetch those around the playhead only.
 */
const SEGMENT_S = 30;
/** Raised when the same source would give other cues: what is kept of them is then made anew. */
export const SUBTITLE_VERSION = 1;

/** What ffmpeg is asked to write for a text codec: as it is where it can be, so that nothing is lost on the way. */
export interface SubtitleExtraction {
  readonly format: SubtitleFormat;
  readonly encoder: "copy" | "srt";
}

const asItIs: Readonly<Record<string, SubtitleFormat>> = {
  subrip: "srt",
  srt: "srt",
  text: "srt",
  ass: "ass",
  ssa: "ass",
  webvtt: "vtt",
};
/** Text that ffmpeg decodes. */
const decoded = new Set(
  "mov_text eia_608 microdvd sami realtext subviewer subviewer1 jacosub mpl2 pjs stl vplayer".split(" "),
);

/** Null for bitmaps, and for text that nobody here can read. */
export function subtitleExtraction({ kind, codec }: SubtitleStream): SubtitleExtraction | null {
  if (kind !== "text") return null;
  const format = asItIs[codec];
  if (format !== undefined) return { format, encoder: "copy" };
  return decoded.has(codec) ? { format: "srt", encoder: "srt" } : null;
}

/** The streams of a file that become WebVTT. */
export const textStreams = (info: MediaInfo): readonly SubtitleStream[] =>
  info.subtitles.filter((stream) => subtitleExtraction(stream) !== null);

/** One rendition for each text track, those of the file first. */
export function subtitleRenditions(info: MediaInfo, files: readonly SideSubtitle[]): readonly SubtitleRendition[] {
  const tracks = [
    ...textStreams(info).map((stream) => ({
      id: subtitleId(stream),
      source: { type: "stream", streamIndex: stream.index } as const,
      version: "stream",
      ...stream,
    })),
    ...files.map((file) => ({ source: { type: "file" } as const, ...file })),
  ];
  const names = subtitleNames(tracks);
  // A group has one default at most (RFC 8216 §4.3.4.1).
  const standard = tracks.find(({ isDefault }) => isDefault);
  return tracks.map((track, i) => ({
    kind: "subtitle",
    id: track.id,
    source: track.source,
    language: languageTag(track.language),
    name: names[i] ?? `Subtitles ${i + 1}`,
    isDefault: track === standard,
    forced: track.forced,
    hearingImpaired: track.hearingImpaired,
    plan: subtitlePlan(info.durationMs / 1000, track.version),
  }));
}

export const subtitleId = ({ index }: SubtitleStream): string => `s${index}`;

function subtitlePlan(durationS: number, version: string): SegmentPlan {
  const count = Math.max(1, Math.ceil(durationS / SEGMENT_S));
  const boundaries = Array.from({ length: count }, (_, i) => i * SEGMENT_S);
  return { version: `vtt${SUBTITLE_VERSION}-${version}`, boundaries: [...boundaries, durationS] };
}
