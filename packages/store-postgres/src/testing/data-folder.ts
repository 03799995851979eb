import { chmod, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** A new data folder that the database's user may pass, so that the database lies in it, and is removed with it. */
export async function makeDataFolder(): Promise<{ readonly dataDir: string; readonly remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "playhead-store-"));
  await chmod(dataDir, 0o755);
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}
