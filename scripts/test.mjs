import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { checkSources } from "./check.mjs";
import { ensureBuild } from "./setup/build.mjs";
import { checkNode } from "./setup/node-version.mjs";
import { ensurePackages } from "./setup/packages.mjs";
import { ensureChromium, ensureFfmpeg } from "./setup/programs.mjs";
import { main, root, SetupError } from "./setup/step.mjs";

/** Runs every test and returns how many passed and failed, as the runner itself counted them. */
async function runTests(chromium, filters) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "playhead-test-"));
  const report = path.join(folder, "report.json");
  try {
    const args = ["run", ...filters, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const env = { ...process.env, PLAYHEAD_CHROMIUM: chromium };
    const status = await new Promise((resolve, reject) => {
      const vitest = path.join(root, "node_modules", ".bin", "vitest");
      spawn(vitest, args, { cwd: root, env, stdio: "inherit" }).on("error", reject).on("close", resolve);
    });
    const result = JSON.parse(await readFile(report, "utf8"));
    // A file that fails to load has no tests of its own to count.
    const brokenFiles = result.testResults.filter(
      (file) => file.status === "failed" && file.assertionResults.length === 0,
    );
    return { status, passed: result.numPassedTests, failed: result.numFailedTests + brokenFiles.length };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main(async () => {
  checkNode();
  await ensurePackages();
  await ensureFfmpeg();
  const chromium = await ensureChromium();
  const filters = process.argv.slice(2);
  let sourcesHold = true;
  try {
    if (filters.length === 0) await checkSources();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    sourcesHold = false;
  }
  await ensureBuild();
  const { status, passed, failed } = await runTests(chromium, filters);
  const failures = failed + (sourcesHold ? 0 : 1);
  process.stdout.write(`\n${passed} passed, ${failures} failed\n`);
  process.exitCode = failures > 0 || status !== 0 || passed === 0 ? 1 : 0;
});
