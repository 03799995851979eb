import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { ffmpeg } from "../../e2e/fixtures/ffmpeg.js";
import { eventually } from "../../e2e/service.js";
import type { Bench } from "../load/bench.js";
import { childrenOf, costOf } from "../load/process-cost.js";
import { openRawClient } from "../load/raw-client.js";
import { signIn, type Viewing, view } from "../load/viewer.js";
import { seedArgs } from "../startup/peer-server.js";

const WATCHED_S = 60;

/**
 * CPU seconds and bytes written to the disk for a minute watched from the start, ffmpeg's included, the database's not.
 * Beside it the seed's design, which would go on to the end of the film: here it is stopped after the minute.
 */
export async function minuteCost({ service, item, report, mediaDir, scratch }: Bench): Promise<void> {
  const pid = service.process.pid ?? 0;
  const cookie = await signIn(service);
  const ways = {
    copy: { file: "five-0.mkv", plays: "all" },
    transcode: { file: "h264-422-0.mkv", plays: "nothing" },
    "transcode HEVC 10-bit": { file: "hevc-0.mkv", plays: "nothing" },
  } as const;
  const rows: string[] = [];
  for (const [name, { file, plays }] of Object.entries(ways)) {
    const media = await item(file);
    const cacheBefore = await sizeOf(path.join(service.dataDir, "cache", "segments"));
    const before = await costOf(pid);
    const viewing = await view(service, media, plays);
    const bytes = await watch(service.origin, viewing, cookie);
    await viewing.end();
    // An encoder's time counts as its parent's once it has ended.
    await eventually(async () => ((await childrenOf(pid, "ffmpeg")).length === 0 ? true : undefined), 60_000);
    const after = await costOf(pid);
    const cached = (await sizeOf(path.join(service.dataDir, "cache", "segments"))) - cacheBefore;
    const row = { cpu: `${name}, CPU ms a minute`, disk: `${name}, kB written a minute` };
    report.add(row.cpu, (after.cpuS - before.cpuS) * 1000);
    report.add(row.disk, Math.max(after.writtenBytes - before.writtenBytes, cached) / 1e3);
    console.log(`  ${name}: ${viewing.delivery}, ${(bytes / 1e6).toFixed(1)} MB delivered for ${WATCHED_S} s`);
    if (viewing.delivery !== name.split(" ")[0]) throw new Error(`${file} was delivered by ${viewing.delivery}`);
    rows.push(row.cpu, row.disk);
  }
  for (const [name, file] of [
    ["seed's copy", "five-0.mkv"],
    ["seed's transcode HEVC 10-bit", "hevc-0.mkv"],
  ] as const) {
    const folder = path.join(scratch, "seed-minute");
    await mkdir(folder);
    const before = await costOf(process.pid);
    const input = path.join(mediaDir, file);
    await ffmpeg("-t", String(WATCHED_S), ...seedArgs(input, folder, name === "seed's copy"));
    const after = await costOf(process.pid);
    const row = { cpu: `${name}, CPU ms a minute`, disk: `${name}, kB written a minute` };
    report.add(row.cpu, (after.childrenCpuS - before.childrenCpuS) * 1000);
    report.add(row.disk, (await sizeOf(folder)) / 1e3);
    await rm(folder, { recursive: true });
    rows.push(row.cpu, row.disk);
  }
  report.table("a minute watched", rows);
}

async function watch(origin: string, { playlists }: Viewing, cookie: string): Promise<number> {
  const client = openRawClient(origin);
  let bytes = 0;
  const wanted = playlists
    .flatMap(({ init, segments }) => [{ url: init, startS: -1 }, ...segments])
    .filter(({ startS }) => startS < WATCHED_S)
    .toSorted((a, b) => a.startS - b.startS);
  for (const { url } of wanted) bytes += await client.get(url.pathname, { cookie });
  client.close();
  return bytes;
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(path.join(folder, name)).catch(() => undefined)));
  return sizes.reduce((sum, info) => sum + (info?.isFile() ? info.size : 0), 0);
}
