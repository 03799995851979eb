import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { itemOf } from "../../e2e/playlist.js";
import { startService } from "../../e2e/service.js";
import { temporaryFolder } from "../../e2e/temporary-folder.js";
import { type Bench, measuredEnv } from "../load/bench.js";
import { machine, versionOf } from "../load/machine.js";
import { Report } from "../load/report.js";
import { postersMade } from "../load/viewer.js";
import { pages } from "../startup/pages.js";
import { copyCost } from "./copy-cost.js";
import { makeFilms } from "./films.js";
import { minuteCost } from "./minute-cost.js";
import { throughput } from "./throughput.js";
import { viewers } from "./viewers.js";

/**
 * `npm run bench:streaming -- [--rounds 20] [--only pages,copy,minute,throughput,viewers]`: how fast playback starts and
 * seeks, and what it costs, beside the floor, the seed's design and nginx in the same run. Absolute figures move with the
 * machine: ratios count.
 */
const parts = {
  throughput,
  copy: copyCost,
  minute: minuteCost,
  viewers,
  pages: (bench: Bench) => pages(bench),
} as const;
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    only: { type: "string", default: Object.keys(parts).join(",") },
  },
});
const rounds = Number(values.rounds);
const chosen = Object.entries(parts).filter(([name]) => values.only.split(",").includes(name));
if (!(rounds >= 1) || chosen.length === 0) throw new Error(`--rounds n, --only of ${Object.keys(parts).join(",")}`);

console.log(`npm run bench:streaming -- --rounds ${rounds} --only ${chosen.map(([name]) => name).join(",")}`);
console.log(machine());
// nginx tells its version on stderr.
console.log(versionOf("sh", "-c", '"$PLAYHEAD_NGINX" -v 2>&1'));

const scratch = await temporaryFolder("bench");
const mediaDir = path.join(scratch, "media");
const report = new Report();
const withPages = chosen.some(([name]) => name === "pages");
try {
  await mkdir(mediaDir);
  await makeFilms(mediaDir, withPages ? rounds : 1);
  const service = await startService({ mediaDir, dataDir: path.join(scratch, "data"), env: measuredEnv });
  try {
    const bench: Bench = { service, mediaDir, scratch, rounds, report, item: (file) => itemOf(service, file) };
    // What the library does in the background must not be counted as playback.
    await postersMade(service);
    for (const [, run] of chosen) await run(bench);
  } finally {
    await service.stop();
  }
  report.verdicts();
} finally {
  await rm(scratch, { recursive: true, force: true });
}
