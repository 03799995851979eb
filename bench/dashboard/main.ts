import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import type { OverviewReply } from "@playhead/protocol";
import { launchBrowser, openSignedIn } from "../../e2e/browser.js";
import { startService } from "../../e2e/service.js";
import { temporaryFolder } from "../../e2e/temporary-folder.js";
import { machine } from "../load/machine.js";
import { Report } from "../load/report.js";
import { answered, interactions, watchPage } from "./interactions.js";

/**
 * `npm run bench:dashboard -- [--data ./data] [--rounds 20]`: how soon the overview of 30 days is drawn, and how soon each thing that one does
 * there is answered, in Chromium, on what `npm run bench:traffic` loaded. Each round has a new browser profile; of a round, every
 * interaction is the first of its kind. An interaction ends with the frame after its last answer is drawn.
 */
const { values } = parseArgs({
  options: { data: { type: "string", default: "./data" }, rounds: { type: "string", default: "20" } },
});
const rounds = Number(values.rounds);
if (!(rounds >= 1)) throw new Error("--rounds is a number above 0");

console.log(`npm run bench:dashboard -- --rounds ${rounds}\n${machine()}`);
const scratch = await temporaryFolder("bench-dashboard");
const mediaDir = path.join(scratch, "media");
await mkdir(mediaDir);
const service = await startService({ mediaDir, dataDir: path.resolve(values.data) });
const browser = await launchBrowser();
try {
  const { views } = await service.json<OverviewReply>("/api/v1/analytics/overview?from=-30d");
  if (views === 0) throw new Error("There are no views in this folder: `npm run bench:traffic` makes them.");
  console.log(`Chromium ${browser.version()}, ${views} views in 30 days`);
  const report = new Report();
  for (let round = 0; round < rounds; round++) {
    const { page, context, problems } = await openSignedIn(browser, service.signInLink);
    await watchPage(page);
    await page.goto(`${service.origin}/dashboard?range=30d`);
    await answered(page, ".headline-figure");
    const opened = await page.evaluate(() => ({
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
      figures: performance.now(),
    }));
    report.add("first paint", opened.paint);
    report.add("figures there", opened.figures);
    for (const { name, act } of interactions) report.add(name, await act(page));
    if (problems.length > 0) throw new Error(problems.join("\n"));
    await context.close();
  }
  const names = interactions.map(({ name }) => name);
  report.table("The overview, opened, ms", ["first paint", "figures there"]);
  report.table("Click → all answers drawn, ms", names);
  report.value("first paint, ms", report.median("first paint"), 1_000);
  for (const name of names) report.value(`${name}, ms`, report.median(name), 200);
  report.verdicts();
} finally {
  await browser.close();
  await service.stop();
  await rm(scratch, { recursive: true, force: true });
}
