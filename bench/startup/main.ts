import { execFileSync } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { PlaybackReply } from "@playhead/protocol";
import { launchBrowser } from "../../e2e/browser.js";
import { itemOf } from "../../e2e/playlist.js";
import { startService } from "../../e2e/service.js";
import { temporaryFolder } from "../../e2e/temporary-folder.js";
import { makeFilms } from "./films.js";
import { clickToFirstFrame } from "./first-frame.js";
import { startPeers } from "./peer-server.js";

/**
 * Click → first frame in Chromium: direct, copy and transcode, beside the floor and the seed's design, on the same film in
 * the same run. Each round plays each way once, on files that were never played before; medians count.
 */
const rounds = Number(process.argv[2] ?? 10);
const scratch = await temporaryFolder("bench");
const mediaDir = path.join(scratch, "media");

const version = (command: string, ...args: string[]) => execFileSync(command, args).toString().split("\n")[0];
console.log(`npm run bench:startup -- ${rounds}`);
console.log(`Node ${process.version}, ${version("ffmpeg", "-version")}, ${os.cpus().length} × ${os.cpus()[0]?.model}`);

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

try {
  await mkdir(mediaDir);
  await makeFilms(mediaDir, rounds);
  const service = await startService({ mediaDir, dataDir: path.join(scratch, "data") });
  const peers = await startPeers(service, mediaDir, scratch);
  const browser = await launchBrowser();
  console.log(`Chromium ${browser.version()}, 1080p24 at 6 Mbit/s, ${rounds} rounds\n`);

  const ways = {
    floor: (n: number) => viaPeer(`h264-${n}.mp4`),
    direct: (n: number) => viaService(`h264-${n}.mp4`, "direct"),
    copy: (n: number) => viaService(`copy-${n}.mkv`, "copy"),
    "seed copy": (n: number) => viaSeed(`copy-${n}.mkv`, "copy"),
    transcode: (n: number) => viaService(`hevc-${n}.mkv`, "transcode"),
    "seed transcode": (n: number) => viaSeed(`hevc-${n}.mkv`, "transcode"),
  } as const;

  async function viaService(file: string, delivery: PlaybackReply["delivery"]): Promise<number> {
    const { id } = await itemOf(service, file);
    let delivered: string | undefined;
    const ms = await clickToFirstFrame(browser, `${service.origin}/media/${id}`, service.signInLink, (reply) => {
      delivered = reply.delivery;
      if (reply.hlsSessionId) sessions.push(reply.hlsSessionId);
    });
    if (delivered !== delivery) throw new Error(`${file} was delivered by ${delivered}, not ${delivery}`);
    return ms;
  }
  async function viaPeer(file: string): Promise<number> {
    const { id } = await itemOf(service, file);
    return await clickToFirstFrame(browser, `${peers.origin}/media/${id}`, null);
  }
  function viaSeed(file: string, mode: string): Promise<number> {
    return clickToFirstFrame(browser, `${peers.origin}/seed.html?file=${encodeURIComponent(file)}&mode=${mode}`, null);
  }

  const sessions: string[] = [];
  const results = new Map<string, number[]>(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [way, go] of Object.entries(ways)) {
      results.get(way)?.push(await go(round));
      // Nothing of this round may run in the next one's time.
      for (const id of sessions.splice(0)) await service.fetch(`/api/v1/hls/${id}`, { method: "DELETE" });
      await peers.reset();
    }
  }

  const of = (way: keyof typeof ways) => median(results.get(way) ?? []);
  console.log("click → first frame, ms      median      min      max");
  for (const [way, values] of results) {
    const cells = [median(values), Math.min(...values), Math.max(...values)].map((ms) => ms.toFixed(0).padStart(9));
    console.log(`  ${way.padEnd(22)} ${cells.join("")}`);
  }
  const ratio = (name: string, value: number, target: number) =>
    console.log(
      `  ${name.padEnd(34)} ${value.toFixed(2)}   target ≤ ${target}   ${value <= target ? "reached" : "missed"}`,
    );
  console.log("\nratios of medians");
  ratio("direct / floor", of("direct") / of("floor"), 1.2);
  ratio("copy / floor", of("copy") / of("floor"), 2);
  ratio("copy / seed copy", of("copy") / of("seed copy"), 0.6);
  ratio("transcode / seed transcode", of("transcode") / of("seed transcode"), 0.4);

  await browser.close();
  await peers.close();
  await service.stop();
} finally {
  await rm(scratch, { recursive: true, force: true });
}
