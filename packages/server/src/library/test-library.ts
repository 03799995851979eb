import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { MediaRecord, MediaStore, ProgressRecord, ProgressStore } from "@playhead/store";
import { execa } from "execa";

/** What the tests of this folder share: films that ffmpeg makes, a folder for them, and the ports in memory. */

/** A new folder, removed when the test's scope ends. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), "playhead-library-"));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Runs ffmpeg; the last argument is the file that it writes. */
export async function film(...args: readonly string[]): Promise<string> {
  const target = args.at(-1) ?? "";
  await execa("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args.slice(0, -1), `file:${target}`]);
  return target;
}

export const picture = (seconds: number, size = "320x180", rate = "25"): readonly string[] => [
  "-f",
  "lavfi",
  "-i",
  `testsrc2=s=${size}:r=${rate}:d=${seconds}`,
];
export const sound = (seconds: number): readonly string[] => [
  "-f",
  "lavfi",
  "-i",
  `sine=frequency=440:sample_rate=48000:d=${seconds}`,
];
export const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"] as const;

/** The media port in memory, which keeps JSON, as every store does. */
export function memoryMediaStore(): MediaStore & { readonly puts: string[] } {
  const rows = new Map<string, string>();
  const puts: string[] = [];
  return {
    puts,
    async all() {
      return [...rows.values()].map((row): MediaRecord => JSON.parse(row));
    },
    async put(record) {
      puts.push(record.path);
      rows.set(record.id, JSON.stringify(record));
    },
    async remove(ids) {
      for (const id of ids) rows.delete(id);
    },
  };
}

export function memoryProgressStore(): ProgressStore {
  const users = new Map<string, Map<string, ProgressRecord>>();
  return {
    async get(userId, mediaId) {
      return users.get(userId)?.get(mediaId);
    },
    async all(userId) {
      return new Map(users.get(userId));
    },
    async put(userId, mediaId, progress) {
      const points = users.get(userId) ?? new Map<string, ProgressRecord>();
      users.set(userId, points.set(mediaId, progress));
    },
  };
}
