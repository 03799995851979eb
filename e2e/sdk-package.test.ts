import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "./temporary-folder.js";

const exec = promisify(execFile);
const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, "packages", "sdk");

/** A project of somebody else's, with the package as npm would install it and nothing of ours around it. */
let project: string;
let installed: string;
let entries: string[];
beforeAll(async () => {
  project = await temporaryFolder("package");
  const { stdout } = await exec("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", project], {
    cwd: folder,
  });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await mkdir(path.join(project, "node_modules", "@playhead"), { recursive: true });
  await exec("tar", ["-xzf", path.join(project, filename), "-C", project]);
  installed = path.join(project, "node_modules", "@playhead", "sdk");
  await exec("mv", [path.join(project, "package"), installed]);
  await writeFile(path.join(project, "package.json"), '{ "type": "module" }');
  const { exports } = JSON.parse(await readFile(path.join(installed, "package.json"), "utf8")) as {
    exports: Record<string, unknown>;
  };
  entries = Object.keys(exports)
    .filter((name) => !name.includes(".js"))
    .map((name) => name.replace(/^\./, "@playhead/sdk"));
});
afterAll(() => rm(project, { recursive: true, force: true }));

it("depends on nothing, and promises no side effects", async () => {
  const manifest = JSON.parse(await readFile(path.join(installed, "package.json"), "utf8")) as Record<string, unknown>;
  expect(manifest).toMatchObject({ license: "MIT", sideEffects: false });
  expect([manifest.dependencies, manifest.peerDependencies, manifest.private]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it("holds scripts with their maps, types, sources, README and licence, and no tests", async () => {
  const { stdout } = await exec("find", [".", "-type", "f"], { cwd: installed });
  const files = stdout.trim().split("\n");
  expect(files).toEqual(
    expect.arrayContaining([
      "./README.md",
      "./LICENSE",
      "./dist/index.js",
      "./dist/index.js.map",
      "./dist/playhead.js",
      "./dist/playhead.js.map",
      "./dist/types/index.d.ts",
      "./src/index.ts",
    ]),
  );
  expect(files.filter((file) => /test|\.gz$|\.br$|vite|tsconfig|\.tsc/.test(file))).toEqual([]);
});

it("loads in Node, where a page may be rendered, through every entry point", async () => {
  expect(entries.length).toBeGreaterThanOrEqual(1);
  const script = entries.map(
    (entry) => `if (typeof (await import("${entry}")).attach !== "function") process.exit(1);`,
  );
  await writeFile(path.join(project, "load.js"), script.join("\n"));
  await exec(process.execPath, ["load.js"], { cwd: project });
});

it("has types of its own, strict, for every entry point", async () => {
  const lines = entries.map(
    (entry, n) => `import { attach as attach${n}, type AttachOptions as Options${n} } from "${entry}";
      const options${n}: Options${n} = { mediaId: "m", beforeSend: (event) => (event.type === "heartbeat" && event.ts > 1 ? null : event) };
      attach${n}(document.createElement("video"), options${n}).custom("name", { any: "thing" });
      // @ts-expect-error
      attach${n}(document.createElement("video"), { mediaId: 7 });`,
  );
  await writeFile(path.join(project, "use.ts"), lines.join("\n"));
  const tsc = path.join(root, "node_modules", ".bin", "tsc");
  const flags = [
    "--strict",
    "--noEmit",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--lib",
    "es2022,dom",
    "--types",
    "",
  ];
  const { stdout } = await exec(tsc, [...flags, "use.ts"], { cwd: project }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe("");
});
