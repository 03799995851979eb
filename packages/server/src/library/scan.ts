import type { MediaItem } from "./media-item.js";
import { sameFile } from "./video-files.js";
import type { FoundFile, Walk } from "./walk.js";

export interface Changes {
  /** New or changed, or to be looked at again. */
  readonly examine: readonly FoundFile[];
  /** No longer there. */
  readonly gone: readonly MediaItem[];
}

/**
 * Lays what the walk found over what is known. A file of the same path, size and time of change is the same: it is not
 * opened. What lies in a folder that could not be read is not known to be gone.
 */
export function changesSince(
  known: Iterable<MediaItem>,
  { files, unread }: Pick<Walk, "files" | "unread">,
  again: (item: MediaItem) => boolean,
): Changes {
  const byPath = new Map([...known].map((item) => [item.path, item]));
  const examine: FoundFile[] = [];
  for (const file of files) {
    const item = byPath.get(file.path);
    byPath.delete(file.path);
    if (item === undefined || item.status === "pending" || !sameFile(item, file) || again(item)) examine.push(file);
  }
  return { examine, gone: [...byPath.values()].filter((item) => !isUnread({ unread }, item.path)) };
}

/** Whether a path lies in a folder that could not be looked into. */
export const isUnread = ({ unread }: Pick<Walk, "unread">, path: string): boolean =>
  unread.some((folder) => folder === "" || path.startsWith(`${folder}/`));
