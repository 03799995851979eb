import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { checkSources } from "./check.mjs";
import { ensureBuild } from "./setup/build.mjs";
import { checkNode } from "./setup/node-version.mjs";
import { ensurePackages } from "./setup/packages.mjs";
import { ensureChromium, ensureFfmpeg } from "./setup/programs.mjs";
import { main, root, SetupError } from "./setup/step.mjs";

const NAME_CHARS = 200;
const MESSAGE_CHARS = 160;

/** A line for each test that failed, and for each file that failed to load: the end of a long log is what is read first. */
function* failuresOf({ testResults }) {
  const short = (text, most) => {
    const line = stripVTControlCharacters(text ?? "").split("\n", 1)[0];
    return line.length > most ? `${line.slice(0, most)} …` : line;
  };
  for (const { name, message, status, assertionResults } of testResults) {
    const file = path.relative(root, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    for (const { fullName, failureMessages } of failed)
      yield `${short(`${file}: ${fullName}`, NAME_CHARS)}: ${short(failureMessages[0], MESSAGE_CHARS)}`;
    if (status === "failed" && failed.length === 0) yield `${file}: ${short(message, MESSAGE_CHARS)}`;
  }
}

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
    const failures = [...failuresOf(result)];
    return { status, passed: result.numPassedTests, failed: result.numFailedTests + brokenFiles.length, failures };
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
  const { status, passed, failed, failures } = await runTests(chromium, filters);
  const allFailed = failed + (sourcesHold ? 0 : 1);
  for (const failure of failures) process.stdout.write(`\nfailed: ${failure}`);
  process.stdout.write(`\n${passed} passed, ${allFailed} failed\n`);
  process.exitCode = allFailed > 0 || status !== 0 || passed === 0 ? 1 : 0;
});
