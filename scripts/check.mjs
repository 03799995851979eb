import path from "node:path";
import { checkNode } from "./setup/node-version.mjs";
import { ensurePackages } from "./setup/packages.mjs";
import { main, root, run, step } from "./setup/step.mjs";

const bin = (name) => path.join(root, "node_modules", ".bin", name);

/** Format, lint, types: what needs no test to be seen. */
export async function checkSources() {
  await step("Checking the format", () =>
    run(bin("biome"), ["check", "."], { hint: "`npm run format` puts it right." }),
  );
  // Types first: the type-aware lint reads what the build emits.
  await step("Checking the types", () => run(bin("tsc"), ["-b"]));
  await step("Measuring the SDK's size", () =>
    run(bin("tsx"), ["--conditions=source", "packages/sdk/build/check-size.ts"], { show: true }),
  );
  await step("Linting", () => run(bin("oxlint"), ["--type-aware", "--deny-warnings"]));
}

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    checkNode();
    await ensurePackages();
    await checkSources();
    await step("Running the unit tests", () =>
      run(bin("vitest"), ["run", "--project", "unit", "--reporter=dot"], { show: true }),
    );
  });
}
