import { execFile } from "node:child_process";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "./temporary-folder.js";

const exec = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, "..");
const OXLINT = path.join(ROOT, "node_modules", ".bin", "oxlint");

let scratch: string;
beforeAll(async () => {
  scratch = await temporaryFolder("layers");
  await copyFile(path.join(ROOT, ".oxlintrc.json"), path.join(scratch, ".oxlintrc.json"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Lints one file of our own rules that holds nothing but this import; gives the rules that refused it. */
async function lint(file: string, specifier: string): Promise<string[]> {
  const full = path.join(scratch, file);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, `import { thing } from "${specifier}";\n\nexport const other = thing;\n`);
  try {
    const { stdout } = await exec(OXLINT, ["--format=json", file], { cwd: scratch }).catch(
      (error: { stdout: string }) => error,
    );
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
    return diagnostics.map(({ code }) => code).filter((code) => code.includes("restricted"));
  } finally {
    await rm(full);
  }
}

it.each([
  ["packages/protocol/src/a.ts", "@playhead/qoe"],
  ["packages/protocol/src/a.ts", "node:fs"],
  ["packages/qoe/src/a.ts", "@playhead/store"],
  ["packages/qoe/src/a.ts", "node:fs"],
  ["packages/hls/src/a.ts", "@playhead/protocol"],
  ["packages/hls/src/a.ts", "node:fs"],
  ["packages/sdk/src/a.ts", "@playhead/qoe"],
  ["packages/web/src/a.ts", "@playhead/server"],
  ["packages/store/src/a.ts", "@playhead/store-postgres"],
  ["packages/store-postgres/src/a.ts", "@playhead/server"],
  ["packages/server/src/app.ts", "@playhead/store-postgres"],
  ["packages/server/src/ingest/a.ts", "@playhead/store-postgres"],
  ["packages/server/src/streaming/a.ts", "@playhead/store-clickhouse"],
  ["packages/server/src/app.ts", "@playhead/sdk"],
  ["packages/server/src/main.ts", "@playhead/web"],
  ["packages/server/src/streaming/encoder/a.ts", "../../ingest/ingest.js"],
  ["packages/server/src/ingest/a.ts", "../streaming/streaming.js"],
  ["packages/server/src/app.ts", "@playhead/qoe/src/view.js"],
  ["packages/web/src/a.ts", "../../sdk/src/index.js"],
])("refuses that %s imports %s", async (file, specifier) => {
  expect(await lint(file, specifier)).not.toEqual([]);
});

it.each([
  ["packages/qoe/src/a.ts", "@playhead/protocol"],
  ["packages/store/src/a.ts", "@playhead/qoe"],
  ["packages/store-postgres/src/a.ts", "@playhead/store"],
  ["packages/sdk/src/a.ts", "@playhead/protocol"],
  ["packages/web/src/a.ts", "@playhead/sdk"],
  ["packages/server/src/streaming/a.ts", "@playhead/hls"],
  ["packages/server/src/ingest/a.ts", "@playhead/store"],
  ["packages/server/src/main.ts", "@playhead/store-postgres"],
])("allows that %s imports %s", async (file, specifier) => {
  expect(await lint(file, specifier)).toEqual([]);
});
