import type { Dirent, Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { isSubtitleName } from "./side-subtitles/side-subtitle.js";
import { type FileIdentity, isHidden, isVideoName } from "./video-files.js";

export interface FoundFile extends FileIdentity {
  /** Why the file can't even be looked at, in plain words. */
  readonly problem?: string;
}

export interface Walk {
  readonly files: readonly FoundFile[];
  readonly subtitles: readonly FileIdentity[];
  /** Folders that could not be read, relative: what lies in them is not known to be gone. `""` is the media folder itself. */
  readonly unread: readonly string[];
}

/**
 * All video and subtitle files below the media folder, films sorted by path. Follows symbolic links; a folder that links back to one of
 * its own parents is not entered again. Nothing in it throws: what can't be read is said.
 */
export async function walk(mediaDir: string, signal?: AbortSignal): Promise<Walk> {
  const files: FoundFile[] = [];
  const subtitles: FileIdentity[] = [];
  const unread: string[] = [];

  async function enter(folder: string, above: readonly string[]): Promise<void> {
    signal?.throwIfAborted();
    const absolute = path.join(mediaDir, folder);
    let entries: readonly Dirent[];
    try {
      const key = folderKey(await stat(absolute));
      if (above.includes(key)) return;
      above = [...above, key];
      entries = await readdir(absolute, { withFileTypes: true });
    } catch {
      unread.push(folder);
      return;
    }
    for (const entry of entries) await visit(folder === "" ? entry.name : `${folder}/${entry.name}`, entry, above);
  }

  async function visit(relative: string, entry: Dirent, above: readonly string[]): Promise<void> {
    if (isHidden(entry.name)) return;
    if (entry.isDirectory()) return await enter(relative, above);
    const isLink = entry.isSymbolicLink();
    const isSubtitle = isSubtitleName(entry.name);
    if (!isLink && !isSubtitle && !isVideoName(entry.name)) return;
    const stats = await stat(path.join(mediaDir, relative)).catch((error: unknown) => describe(error, entry.name));
    if (typeof stats === "string") {
      if (isVideoName(entry.name)) files.push({ path: relative, sizeBytes: 0, mtimeMs: 0, problem: stats });
    } else if (stats.isDirectory()) await enter(relative, above);
    else if (isSubtitle) subtitles.push({ path: relative, ...identityOf(stats) });
    else if (stats.isFile() && isVideoName(entry.name)) files.push({ path: relative, ...identityOf(stats) });
  }

  await enter("", []);
  return { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), subtitles, unread };
}

/** Whole milliseconds: a store or a file system that rounds must not make the file look changed. */
export const identityOf = (stats: Stats) => ({ sizeBytes: stats.size, mtimeMs: Math.floor(stats.mtimeMs) });

const folderKey = (stats: Stats) => `${stats.dev}:${stats.ino}`;

function describe(error: unknown, name: string): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  // Node shows bytes that are no UTF-8 as U+FFFD, and the name that it shows opens nothing.
  if (name.includes("\uFFFD")) return "The file's name is not valid Unicode. Rename it.";
  if (code === "ELOOP") return "The file is a link that leads back to itself.";
  if (code === "ENOENT") return "The file is a link to a file that is gone.";
  if (code === "EACCES" || code === "EPERM") return "The file can't be read: permission denied.";
  return "The file can't be read.";
}
