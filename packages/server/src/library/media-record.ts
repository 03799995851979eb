import path from "node:path";
import type { MediaInfo } from "@playhead/hls";
import type { MediaRecord } from "@playhead/store";
import type { MediaItem } from "./media-item.js";
import { openStoredProbe, storedProbe } from "./stored-probe.js";
import { titleOf } from "./titles.js";
import { type FileIdentity, fileIdOf } from "./video-files.js";

/** An item with what only the library itself needs to know of it. */
export interface KnownItem extends MediaItem {
  /** Its error may pass by itself: look again at the next scan. */
  readonly again: boolean;
  readonly posterFailed: boolean;
}

export interface ProbeOutcome {
  readonly info: MediaInfo | null;
  readonly error: string | null;
  readonly again: boolean;
}

/** An item that is not examined yet, or is examined anew. */
export function pendingItem(mediaDir: string, file: FileIdentity, id: string, addedAt: number): KnownItem {
  return {
    ...factsOf(mediaDir, file),
    id,
    addedAt,
    status: "pending",
    error: null,
    info: null,
    hasPoster: false,
    sideSubtitles: [],
    again: false,
    posterFailed: false,
  };
}

export function examinedItem(item: KnownItem, { info, error, again }: ProbeOutcome): KnownItem {
  return { ...item, status: info === null ? "error" : "ready", error, info, again };
}

export function toRecord(item: KnownItem): MediaRecord {
  const { id, sizeBytes, mtimeMs, title, status, error, info, addedAt, again, posterFailed, sideSubtitles } = item;
  return {
    id,
    path: item.path,
    sizeBytes,
    mtimeMs,
    title,
    status,
    error,
    durationMs: info === null ? null : Math.round(info.durationMs),
    probe: storedProbe({ info, again, posterFailed, sideSubtitles }),
    addedAt,
  };
}

/** What the store kept; `pending` when it can't be used, so that the next scan examines the file. */
export function fromRecord(mediaDir: string, record: MediaRecord, posters: ReadonlySet<string>): KnownItem {
  const item = pendingItem(mediaDir, record, record.id, record.addedAt);
  const probe = openStoredProbe(record.probe);
  if (probe === null || record.status === "pending" || (record.status === "ready") !== (probe.info !== null))
    return item;
  return {
    ...item,
    status: record.status,
    error: record.error,
    info: probe.info,
    hasPoster: posters.has(item.fileId),
    again: probe.again,
    posterFailed: probe.posterFailed,
    sideSubtitles: probe.sideSubtitles,
  };
}

function factsOf(mediaDir: string, file: FileIdentity) {
  return {
    path: file.path,
    absolutePath: path.join(mediaDir, file.path),
    sizeBytes: file.sizeBytes,
    mtimeMs: file.mtimeMs,
    fileId: fileIdOf(file),
    ...titleOf(file.path),
  };
}
