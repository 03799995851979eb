import { existsSync } from "node:fs";
import path from "node:path";
import { hashFile, isFresh, keep } from "./stamp.mjs";
import { root, run, step } from "./step.mjs";

/** Installs the npm packages of the lock file, unless they are there already. */
export async function ensurePackages() {
  const fingerprint = `${await hashFile(path.join(root, "package-lock.json"))} ${process.version} ${process.arch}`;
  const installed = existsSync(path.join(root, "node_modules", ".package-lock.json"));
  if (installed && (await isFresh("packages", fingerprint))) return;
  await step("Installing npm packages", () =>
    // Not `npm ci`: it refuses a lock file without the optional packages of every other platform, and registry mirrors
    // don't hold them all. This takes what the lock file says, and leaves the file as it is.
    run("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
      hint: "Check the network, then run the same command again.",
    }),
  );
  await keep("packages", fingerprint);
}

/** Installs what `bench:sdk` measures against: packages that nothing else needs. */
export async function ensurePeers() {
  const folder = path.join(root, "bench", "sdk", "peers");
  const fingerprint = await hashFile(path.join(folder, "package-lock.json"));
  if (existsSync(path.join(folder, "node_modules")) && (await isFresh("peers", fingerprint))) return;
  await step("Installing the SDKs to measure against", () =>
    run("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: folder,
      hint: "Check the network, then run the same command again.",
    }),
  );
  await keep("peers", fingerprint);
}
