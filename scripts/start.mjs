import { ensureBuild } from "./setup/build.mjs";
import { checkNode } from "./setup/node-version.mjs";
import { ensurePackages } from "./setup/packages.mjs";
import { ensureFfmpeg } from "./setup/programs.mjs";
import { main } from "./setup/step.mjs";

await main(async () => {
  checkNode();
  await ensurePackages();
  await ensureFfmpeg();
  await ensureBuild();
});

// In this same process, so that signals reach the server and no parent stands between.
await import("../packages/server/dist/main.js");
