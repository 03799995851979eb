import { spawn } from "node:child_process";
import path from "node:path";
import { checkNode } from "./setup/node-version.mjs";
import { ensurePackages } from "./setup/packages.mjs";
import { ensureFfmpeg } from "./setup/programs.mjs";
import { main, root } from "./setup/step.mjs";

/** The server from its sources, restarted on change, and Vite in front of it for the pages. */
await main(async () => {
  checkNode();
  await ensurePackages();
  await ensureFfmpeg();
  const bin = (name) => path.join(root, "node_modules", ".bin", name);
  const children = [
    spawn(bin("tsx"), ["watch", "--conditions=source", "packages/server/src/main.ts"], { cwd: root, stdio: "inherit" }),
    spawn(bin("vite"), ["packages/web"], { cwd: root, stdio: "inherit" }),
  ];
  let stopping = false;
  const stop = () => {
    // A second signal would end the server at once, its database left running.
    if (stopping) return;
    stopping = true;
    for (const child of children) child.kill();
  };
  process.on("SIGTERM", stop);
  // Ctrl-C: the terminal tells the children itself.
  process.on("SIGINT", () => (stopping = true));
  for (const child of children) child.on("exit", stop);
});
