import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { RunningService } from "../../e2e/service.js";
import { childrenOf, descriptorsOf, memoryOf } from "../load/process-cost.js";

export interface Sample {
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
  readonly descriptors: number;
  readonly encoders: number;
  readonly sessions: number;
  readonly cacheBytes: number;
  /** Files of writes that are not finished. */
  readonly unfinished: number;
}

/** What the server holds at this moment, from outside. */
export async function sampleOf(service: RunningService): Promise<Sample> {
  const pid = service.process.pid ?? 0;
  const metrics = await (await service.fetch("/metrics")).text();
  const metric = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+]+)$`, "m").exec(metrics)?.[1]);
  const folder = path.join(service.dataDir, "cache", "segments");
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const infos = await Promise.all(names.map((name) => stat(path.join(folder, name)).catch(() => undefined)));
  return {
    rssBytes: (await memoryOf(pid)).rssBytes,
    heapBytes: metric("playhead_nodejs_heap_size_used_bytes"),
    externalBytes: metric("playhead_nodejs_external_memory_bytes"),
    descriptors: await descriptorsOf(pid),
    encoders: (await childrenOf(pid, "ffmpeg")).length,
    sessions: metric("playhead_hls_sessions"),
    cacheBytes: infos.reduce((sum, info) => sum + (info?.isFile() ? info.size : 0), 0),
    unfinished: names.filter((name) => name.endsWith(".tmp")).length,
  };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
