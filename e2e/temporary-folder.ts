import { chmod, mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** A new folder, open to the database's own user, which is another one when we are root. The caller removes it. */
export async function temporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `playhead-${name}-`));
  await chmod(folder, 0o755);
  return folder;
}
