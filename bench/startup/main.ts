import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { itemOf } from "../../e2e/playlist.js";
import { startService } from "../../e2e/service.js";
import { temporaryFolder } from "../../e2e/temporary-folder.js";
import { measuredEnv } from "../load/bench.js";
import { machine } from "../load/machine.js";
import { Report } from "../load/report.js";
import { postersMade } from "../load/viewer.js";
import { makeFilms } from "./films.js";
import { pages, ways } from "./pages.js";

/**
 * The part of `bench/streaming` that runs in Chromium, alone: `npm run bench:startup -- [rounds] [ways]` measures click →
 * first frame and seek → frame, of some of the ways, by name.
 */
const [given = "10", ...names] = process.argv.slice(2);
const rounds = Number(given);
const unknown = names.filter((name) => !(name in ways));
if (!(rounds >= 1) || unknown.length > 0) {
  throw new Error(`npm run bench:startup -- [rounds] [ways]; the ways are ${Object.keys(ways).join(", ")}`);
}
console.log(`npm run bench:startup -- ${[rounds, ...names].join(" ")}\n${machine()}`);
const scratch = await temporaryFolder("bench");
const mediaDir = path.join(scratch, "media");
try {
  await mkdir(mediaDir);
  await makeFilms(mediaDir, rounds);
  const service = await startService({ mediaDir, dataDir: path.join(scratch, "data"), env: measuredEnv });
  try {
    await postersMade(service);
    const report = new Report();
    const item = (file: string) => itemOf(service, file);
    await pages({ service, mediaDir, scratch, rounds, report, item }, new Set(names));
    report.verdicts();
  } finally {
    await service.stop();
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
