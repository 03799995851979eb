import { mkdir, readdir, rm, rmdir, stat } from "node:fs/promises";
import path from "node:path";

/** `<folder of the rendition>/<init|index>.mp4`: 40 hex digits and a name; everything else is a stranger. */
const folderName = /^[0-9a-f]{40}$/;
const fileName = /^(?:init|\d{1,7})\.mp4$/;

export interface KeptFile {
  /** `<folder>/<file>` */
  readonly key: string;
  readonly size: number;
  /** Unix ms of its last use. */
  readonly touchedAt: number;
}

/**
 * What an earlier life left, least recently used first. What is not the cache's is removed: leftovers of writes that
 * were cut off, empty folders, strangers.
 */
export async function readKeptFiles(folder: string): Promise<KeptFile[]> {
  await mkdir(folder, { recursive: true });
  const found: KeptFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name);
    if (!entry.isDirectory() || !folderName.test(entry.name)) {
      await rm(inside, { recursive: true, force: true });
      continue;
    }
    let isEmpty = true;
    for (const file of await readdir(inside, { withFileTypes: true })) {
      const full = path.join(inside, file.name);
      if (!file.isFile() || !fileName.test(file.name)) {
        await rm(full, { recursive: true, force: true });
        continue;
      }
      const { size, mtimeMs } = await stat(full);
      found.push({ key: `${entry.name}/${file.name}`, size, touchedAt: mtimeMs });
      isEmpty = false;
    }
    if (isEmpty) await rmdir(inside);
  }
  return found.toSorted((a, b) => a.touchedAt - b.touchedAt);
}
