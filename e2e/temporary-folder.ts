import { rmSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

const made = new Set<string>();

/** What a caller could not remove, since it failed, goes with the process. */
process.once("exit", () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A new folder, open to the database's own user, which is another one when we are root. The caller removes it. */
export async function temporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `playhead-${name}-`));
  made.add(folder);
  await chmod(folder, 0o755);
  return folder;
}
