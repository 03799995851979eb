import type { MediaInfo } from "@playhead/hls";
import type { SideSubtitleFile } from "./side-subtitles/side-subtitle.js";

/** One file of the library as the rest of the server sees it. */
export interface MediaItem {
  readonly id: string;
  /** Relative to the media folder, forward slashes. */
  readonly path: string;
  readonly absolutePath: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** Hash of (path, size, mtime): names the file's bytes in segment addresses. */
  readonly fileId: string;
  readonly title: string;
  readonly series: string | null;
  readonly season: number | null;
  readonly episode: number | null;
  readonly year: number | null;
  readonly status: "pending" | "ready" | "error";
  readonly error: string | null;
  readonly addedAt: number;
  /** Null until probed, and where probing failed. */
  readonly info: MediaInfo | null;
  readonly hasPoster: boolean;
  /** Subtitle files beside it that can be read. */
  readonly sideSubtitles: readonly SideSubtitleFile[];
}

/** Looks an item up by id; how streaming sees the library. */
export type FindMedia = (id: string) => MediaItem | undefined;
