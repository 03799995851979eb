import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** The real ffmpeg, which begins when nothing holds it. */
export async function heldFfmpeg(folder: string, hold: string): Promise<string> {
  const file = path.join(folder, "ffmpeg");
  await writeFile(file, `#!/bin/sh\nwhile [ -e '${hold}' ]; do sleep 0.02; done\nexec ffmpeg "$@"\n`, { mode: 0o755 });
  return file;
}

/** The ffmpegs that read films of this folder, as process ids. */
export async function encodersOf(mediaDir: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return pids.flatMap((pid, i) => {
    const line = lines[i] ?? "";
    return line.includes("ffmpeg") && line.includes(mediaDir) ? [Number(pid)] : [];
  });
}

/** Stops them, or lets them go on. */
export function signal(pids: readonly number[], name: "SIGSTOP" | "SIGCONT"): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended by itself.
    }
  }
}
