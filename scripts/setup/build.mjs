import { existsSync } from "node:fs";
import path from "node:path";
import { hashTree, isFresh, keep } from "./stamp.mjs";
import { root, run, step } from "./step.mjs";

const sources = ["packages", "package-lock.json", "tsconfig.json", "tsconfig.base.json"];
/** What a build writes beside its sources. */
const isOutput = (name) => ["dist", "node_modules", ".tsc"].includes(name) || name.endsWith(".tsbuildinfo");
const bin = (name) => path.join(root, "node_modules", ".bin", name);

/** Emits the server's JavaScript and bundles the pages, unless the sources are those of the last build. */
export async function ensureBuild() {
  const fingerprint = await hashTree(sources, isOutput);
  const outputs = ["packages/server/dist/main.js", "packages/web/dist/index.html"];
  const built = outputs.every((file) => existsSync(path.join(root, file)));
  if (built && (await isFresh("build", fingerprint))) return;
  await step("Building the server", () => run(bin("tsc"), ["-b"]));
  await step("Building the pages", () => run(bin("vite"), ["build", "packages/web", "--logLevel", "warn"]));
  await keep("build", fingerprint);
}
