import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { ensureBuild } from "./setup/build.mjs";
import { checkNode } from "./setup/node-version.mjs";
import { ensurePackages, ensurePeers } from "./setup/packages.mjs";
import { ensureChromium, ensureFfmpeg, ensureNginx } from "./setup/programs.mjs";
import { main, root, SetupError } from "./setup/step.mjs";

/** Sets up as `npm start` does, then runs one benchmark of `bench/` with the rest of the arguments. */
await main(async () => {
  const [name = "", ...rest] = process.argv.slice(2);
  const file = path.join(root, "bench", name, "main.ts");
  if (!/^[a-z-]+$/.test(name) || !existsSync(file)) throw new SetupError(`There is no benchmark "${name}" in bench/.`);
  checkNode();
  await ensurePackages();
  await ensureFfmpeg();
  const chromium = await ensureChromium();
  if (name === "sdk") await ensurePeers();
  const nginx = name === "streaming" ? await ensureNginx() : "";
  await ensureBuild();
  const tsx = path.join(root, "node_modules", ".bin", "tsx");
  const child = spawn(tsx, ["--conditions=source", file, ...rest], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PLAYHEAD_CHROMIUM: chromium, PLAYHEAD_NGINX: nginx },
  });
  child.on("exit", (code) => (process.exitCode = code ?? 1));
});
