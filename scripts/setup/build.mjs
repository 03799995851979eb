import { existsSync } from "node:fs";
import path from "node:path";
import { copyPlayers } from "./players.mjs";
import { hashTree, isFresh, keep } from "./stamp.mjs";
import { root, run, step } from "./step.mjs";

const sources = ["packages", "package-lock.json", "tsconfig.json", "tsconfig.base.json"];
/** What a build writes beside its sources. */
const isOutput = (name) => ["dist", "node_modules", ".tsc"].includes(name) || name.endsWith(".tsbuildinfo");
const bin = (name) => path.join(root, "node_modules", ".bin", name);

/** Builds all that runs and all that browsers load, unless the sources are those of the last build. */
export async function ensureBuild() {
  const fingerprint = await hashTree(sources, isOutput);
  const outputs = [
    "packages/server/dist/main.js",
    "packages/sdk/dist/playhead.js",
    "packages/sdk/dist/telemetry-plugin.js",
    "packages/web/dist/index.html",
    "examples/players/hls.js",
  ];
  const built = outputs.every((file) => existsSync(path.join(root, file)));
  if (built && (await isFresh("build", fingerprint))) return;
  await build();
  await keep("build", fingerprint);
}

export async function build() {
  const vite = (...args) => run(bin("vite"), ["build", ...args, "--logLevel", "warn"]);
  await step("Building the server", () => run(bin("tsc"), ["-b"]));
  await step("Building the SDK", async () => {
    await vite("packages/sdk");
    await vite("packages/sdk", "--mode", "iife");
    await vite("packages/sdk", "--mode", "plugin");
  });
  await step("Building the pages", () => vite("packages/web"));
  await copyPlayers();
}
