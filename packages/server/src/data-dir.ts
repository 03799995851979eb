import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** The data folder can't be made or written. */
export class DataDirError extends Error {
  override readonly name = "DataDirError";
}

/** Makes the data folder, and writes a byte to it: permission bits alone don't tell of read-only mounts and full disks. */
export async function ensureDataDir(dataDir: string): Promise<void> {
  const trial = path.join(dataDir, `.write-test-${process.pid}`);
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(trial, "x");
    await rm(trial);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DataDirError(
      `The data folder ${dataDir} can't be written (${why}). Give this user write access, or set PLAYHEAD_DATA_DIR.`,
      { cause },
    );
  }
}
