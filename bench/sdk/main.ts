import { execFileSync } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { temporaryFolder } from "../../e2e/temporary-folder.js";
import { type Behaviour, observeBehaviour } from "./behaviour.js";
import { launchInWorld } from "./browser.js";
import { makeFilm } from "./films.js";
import { harm } from "./harm.js";
import { type Minute, watchMinute } from "./minute.js";
import { benchPage } from "./page.js";
import { loadPeers, type Peer } from "./peers.js";
import { median } from "./statistics.js";
import { startWorld } from "./world.js";

/**
 * `npm run bench:sdk -- [--rounds 1] [--pairs 30] [--only size,minute,behaviour,harm] [--peers Playhead,…] [--seconds 60]`:
 * what the SDK costs a page and what it tells, beside others from npm, on one film in one Chromium, each in a page of its
 * own, one after another. Every host of the internet is a loopback port here.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "1" },
    pairs: { type: "string", default: "30" },
    only: { type: "string", default: "size,minute,behaviour,harm" },
    peers: { type: "string" },
    seconds: { type: "string", default: "60" },
  },
});
const [rounds, pairs, seconds] = [Number(values.rounds), Number(values.pairs), Number(values.seconds)];
if (!(rounds >= 1 && pairs >= 2 && seconds > 0)) throw new Error("--rounds, --pairs and --seconds are numbers");
const only = new Set(values.only.split(","));
const NONE = "no SDK";

const all = await loadPeers();
const chosen = values.peers?.split(",");
const peers = all.filter(({ name }) => !chosen || chosen.includes(name));
const [ours] = all;
if (!ours) throw new Error("There is no SDK");

const version = (command: string, ...args: string[]) => execFileSync(command, args).toString().split("\n")[0];
console.log(`npm run bench:sdk -- ${process.argv.slice(2).join(" ")}`);
console.log(`Node ${process.version}, ${version("ffmpeg", "-version")}`);
console.log(`${os.cpus().length} × ${os.cpus()[0]?.model}, load ${os.loadavg()[0]?.toFixed(1)}`);
console.log(all.map(({ name, version }) => `${name} ${version}`).join(", "));

const failures: string[] = [];
function target(name: string, value: number, most: number, unit: string): void {
  const reached = value <= most;
  if (!reached) failures.push(name);
  verdicts.push(
    `  ${name.padEnd(34)} ${`${value.toFixed(1)} ${unit}`.padStart(12)}   target ≤ ${most}   ${reached ? "reached" : "MISSED"}`,
  );
}
const verdicts: string[] = [];

const scratch = await temporaryFolder("bench-sdk");
try {
  for (const rung of ["low", "high"]) await mkdir(path.join(scratch, rung));
  await makeFilm(scratch, 75);
  const world = await startWorld(scratch, benchPage);
  world.scripts.set("/hls.js", await readFile(path.resolve("node_modules/hls.js/dist/hls.min.js"), "utf8"));
  const browser = await launchInWorld(world.port);
  console.log(`Chromium ${browser.version()}; 640×360 at 25 frames/s, hls.js, two rungs, segments of 2 s`);
  try {
    if (only.has("size")) sizes();
    // The first page of a browser pays for what all share.
    await watchMinute(browser, world, ours, 3);
    if (only.has("minute")) await minutes((peer) => watchMinute(browser, world, peer, seconds));
    if (only.has("behaviour")) await behaviours((peer) => observeBehaviour(browser, world, peer));
    if (only.has("harm") && !(await harm(browser, world, ours, pairs))) failures.push("playback");
  } finally {
    await browser.close();
    await world.close();
  }
  console.log(`\nPlayhead against its targets\n${verdicts.join("\n")}`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
console.log(failures.length === 0 ? "\nreached" : `\nmissed: ${failures.join(", ")}`);
process.exitCode = failures.length === 0 ? 0 : 1;

function sizes(): void {
  console.log("\nbytes to load                 minified   gzip -9    brotli");
  for (const { name, script } of peers) {
    if (script === "") {
      console.log(`  ${name.padEnd(26)} ${"part of hls.js".padStart(30)}`);
      continue;
    }
    const gzip = gzipSync(script, { level: 9 }).length;
    const cells = [script.length, gzip, brotliCompressSync(script).length];
    console.log(`  ${name.padEnd(26)}${cells.map((cell) => String(cell).padStart(10)).join("")}`);
    if (name === ours?.name) target("size, gzip", gzip / 1024, 8, "KB");
  }
}

async function minutes(watch: (peer: Peer | undefined) => Promise<Minute>): Promise<void> {
  const found = new Map<string, Minute[]>();
  for (let round = 0; round < rounds; round++) {
    const order = [undefined, ...peers];
    for (const peer of round % 2 === 0 ? order : order.toReversed()) {
      const name = peer?.name ?? NONE;
      found.set(name, [...(found.get(name) ?? []), await watch(peer)]);
    }
  }
  const of = (name: string, key: keyof Minute) => median((found.get(name) ?? []).map((minute) => minute[key]));
  const per = 60 / seconds;
  console.log(`\na minute of watching (${rounds} × ${seconds} s, medians; ms are CPU time of the main thread)`);
  console.log(
    `  ${"".padEnd(14)} script  − none      own    tasks  − none  longest  heap KB − none  requests   bytes  dropped`,
  );
  for (const name of found.keys()) {
    const less = (key: keyof Minute) => (of(name, key) - of(NONE, key)) * per;
    const cells = [
      (of(name, "scriptMs") * per).toFixed(0).padStart(7),
      less("scriptMs").toFixed(1).padStart(8),
      (of(name, "ownMs") * per).toFixed(1).padStart(9),
      (of(name, "taskMs") * per).toFixed(0).padStart(9),
      less("taskMs").toFixed(1).padStart(8),
      of(name, "longestMs").toFixed(1).padStart(9),
      (of(name, "heapBytes") / 1024).toFixed(0).padStart(9),
      ((of(name, "heapBytes") - of(NONE, "heapBytes")) / 1024).toFixed(0).padStart(7),
      (of(name, "requests") * per).toFixed(1).padStart(10),
      (of(name, "sentBytes") * per).toFixed(0).padStart(8),
      of(name, "droppedFrames").toFixed(0).padStart(9),
    ];
    console.log(`  ${name.padEnd(14)}${cells.join("")}`);
    if (name !== ours?.name) continue;
    target("requests a minute", of(name, "requests") * per, 7, "");
    target("sent a minute", (of(name, "sentBytes") * per) / 1024, 4, "KB");
    target("script a minute", less("scriptMs"), 30, "ms");
  }
}

async function behaviours(observe: (peer: Peer) => Promise<Behaviour>): Promise<void> {
  console.log("\nthe same events, told by each");
  console.log(
    `  ${"".padEnd(14)}stall error  pieces  seeks as stalls  final batch  facts  lost  stored twice  sent again, numbered`,
  );
  for (const peer of peers) {
    const seen = await observe(peer);
    const cells = [
      (Number.isNaN(seen.stallErrorMs) ? "not told" : `${seen.stallErrorMs.toFixed(0)} ms`).padStart(11),
      String(seen.stallPieces).padStart(8),
      `${seen.seeksAsStalls} of 3`.padStart(17),
      (["none", "once"][seen.finalBatches] ?? `${seen.finalBatches} times`).padStart(13),
      String(seen.facts).padStart(7),
      String(seen.lost).padStart(6),
      String(seen.doubled).padStart(14),
      String(seen.repeated).padStart(22),
    ];
    console.log(`  ${peer.name.padEnd(14)}${cells.join("")}`);
    if (peer !== ours) continue;
    target("stall error", Math.abs(seen.stallErrorMs), 20, "ms");
    target("seeks told as stalls", seen.seeksAsStalls, 0, "");
    target("lost", seen.lost, 0, "");
    target("stored twice", seen.doubled, 0, "");
    target("without a final batch", seen.finalBatches > 0 ? 0 : 1, 0, "");
  }
}
