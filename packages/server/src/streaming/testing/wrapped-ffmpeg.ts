import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** A shell script that stands in for ffmpeg. `$MARK` in it is a path of its own that does not exist yet. */
export async function wrappedFfmpeg(script: string): Promise<{ command: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "playhead-ffmpeg-"));
  const command = path.join(folder, "ffmpeg.sh");
  await writeFile(command, `#!/bin/sh\nMARK='${folder}/mark'\n${script}\n`, { mode: 0o755 });
  return { command, remove: () => rm(folder, { recursive: true, force: true }) };
}
