import { createHash } from "node:crypto";
import type { SideSubtitle, SubtitleFormat } from "@playhead/hls";
import type { FileIdentity } from "../video-files.js";

/** A subtitle file that belongs to a film. */
export interface SideSubtitleFile extends SideSubtitle {
  /** Relative to the media folder, forward slashes. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly format: SubtitleFormat;
}

const formats: Readonly<Record<string, SubtitleFormat>> = { srt: "srt", ass: "ass", ssa: "ass", vtt: "vtt" };

/** What the name's ending says; null when the name is not that of a subtitle file. */
export function subtitleFormatOf(name: string): SubtitleFormat | null {
  const dot = name.lastIndexOf(".");
  if (dot <= 0 || name.startsWith(".")) return null;
  return formats[name.slice(dot + 1).toLowerCase()] ?? null;
}

export const isSubtitleName = (name: string): boolean => subtitleFormatOf(name) !== null;

/** The same path keeps its id, so that a viewer's choice outlives a correction of the file. */
export const sideIdOf = (path: string): string => `x${createHash("sha256").update(path).digest("hex").slice(0, 10)}`;

export const sideVersionOf = ({ sizeBytes, mtimeMs }: FileIdentity): string =>
  `${sizeBytes.toString(36)}-${mtimeMs.toString(36)}`;
