import { link, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { itemOf } from "../../e2e/playlist.js";
import { startService } from "../../e2e/service.js";
import { type Bench, measuredEnv } from "../load/bench.js";
import { costOf, memoryOf } from "../load/process-cost.js";
import { openRawClient } from "../load/raw-client.js";
import { postersMade, signIn, view } from "../load/viewer.js";
import { startNginx } from "./nginx.js";

/**
 * What nginx's vod module (which Debian does not package) took for 95 MB, measured once on two cores like these and stated
 * with the task: CPU seconds and bytes of memory.
 */
const VOD = { cpuS: 0.3, memoryBytes: 45e6, bytes: 95e6 };
const RUNS = 3;

/**
 * CPU and memory of copying a film that nobody has asked for yet, every segment once, in a server that has just started;
 * beside plain nginx that sends the same bytes as files.
 */
export async function copyCost({ mediaDir, report, scratch }: Bench): Promise<void> {
  const root = path.join(scratch, "vod-root");
  await mkdir(root, { recursive: true });
  // A library of this film alone: nothing else is to be done in its server.
  const alone = path.join(scratch, "alone");
  await mkdir(alone);
  await link(path.join(mediaDir, "five-0.mkv"), path.join(alone, "five-0.mkv"));
  let files: string[] = [];
  for (let run = 0; run < RUNS; run++) {
    const service = await startService({ mediaDir: alone, env: measuredEnv });
    try {
      const pid = service.process.pid ?? 0;
      const media = await itemOf(service, "five-0.mkv");
      // Posters are made in the background, and would be counted as this.
      await postersMade(service);
      const cookie = await signIn(service);
      const viewing = await view(service, media, "all");
      if (viewing.delivery !== "copy") throw new Error(`Delivered by ${viewing.delivery}, not copy`);
      const [before, idle] = [await costOf(pid), await memoryOf(pid)];
      let peak = idle.rssBytes;
      const client = openRawClient(service.origin);
      let bytes = 0;
      for (const pathname of viewing.paths) {
        bytes += await client.get(pathname, { cookie });
        peak = Math.max(peak, (await memoryOf(pid)).rssBytes);
      }
      client.close();
      const after = await costOf(pid);
      const scale = VOD.bytes / bytes;
      report.add("copy of 95 MB, CPU ms", (after.cpuS - before.cpuS) * 1000 * scale);
      report.add("copy, memory above idle, MB", (peak - idle.rssBytes) / 1e6);
      report.add("copy, memory of the whole server, MB", peak / 1e6);
      report.add("copy, kB written to the disk", (after.writtenBytes - before.writtenBytes) / 1e3);
      if (run === 0) files = await keep(service.origin, viewing.paths, cookie, root);
    } finally {
      await service.stop();
    }
  }
  await nginxCost(root, files, scratch, report);
  report.table(`copying ${(VOD.bytes / 1e6).toFixed(0)} MB, every segment once`, [
    "copy of 95 MB, CPU ms",
    "nginx, 95 MB as files, CPU ms",
    "copy, memory above idle, MB",
    "copy, memory of the whole server, MB",
    "nginx, memory, MB",
    "copy, kB written to the disk",
  ]);
  console.log(`  stated reference, nginx vod module: ${VOD.cpuS * 1000} CPU ms, ${VOD.memoryBytes / 1e6} MB for 95 MB`);
  report.value("copy, CPU / nginx vod", report.median("copy of 95 MB, CPU ms") / (VOD.cpuS * 1000), 3);
  const memory = (name: string) => (report.median(name) * 1e6) / VOD.memoryBytes;
  report.value("copy, memory above idle / nginx vod", memory("copy, memory above idle, MB"), 2);
  report.value("copy, the whole server's memory / nginx vod", memory("copy, memory of the whole server, MB"), 2);
  report.value("copy, kB written to the disk", report.median("copy, kB written to the disk"), 0);
}

async function keep(origin: string, paths: readonly string[], cookie: string, root: string): Promise<string[]> {
  const files: string[] = [];
  for (const [n, pathname] of paths.entries()) {
    const response = await fetch(new URL(pathname, origin), { headers: { cookie } });
    await writeFile(path.join(root, `${n}.m4s`), Buffer.from(await response.arrayBuffer()));
    files.push(`/${n}.m4s`);
  }
  return files;
}

async function nginxCost(
  root: string,
  files: readonly string[],
  scratch: string,
  report: Bench["report"],
): Promise<void> {
  for (let run = 0; run < RUNS; run++) {
    const nginx = await startNginx(root, path.join(scratch, "nginx-vod"));
    try {
      const pids = await nginx.pids();
      const cpu = async () => (await Promise.all(pids.map(costOf))).reduce((sum, { cpuS }) => sum + cpuS, 0);
      const before = await cpu();
      const client = openRawClient(nginx.origin);
      let bytes = 0;
      for (const file of files) bytes += await client.get(file);
      client.close();
      report.add("nginx, 95 MB as files, CPU ms", ((await cpu()) - before) * 1000 * (VOD.bytes / bytes));
      const memory = await Promise.all(pids.map(memoryOf));
      report.add("nginx, memory, MB", memory.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / 1e6);
    } finally {
      await nginx.close();
    }
  }
}
