import { execFile } from "node:child_process";
import { chmod, cp, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseAccount } from "./account.js";
import { findNative, placeBinaries } from "./binaries.js";

const run = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "playhead-binaries-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("PostgreSQL's programs", () => {
  it("run where they were installed, also when no install script linked their libraries", async () => {
    const native = await findNative();
    const root = path.join(folder, "package", "native");
    await cp(native.root, root, { recursive: true, verbatimSymlinks: true });
    await chmod(folder, 0o755);
    const links = (await readdir(path.join(root, "lib"))).filter((name) => /^lib(pq|icuuc)\.so(\.\d+)?$/.test(name));
    await Promise.all(links.map((name) => rm(path.join(root, "lib", name))));
    const account = await chooseAccount(undefined);
    const { postgres, initdb } = await placeBinaries({ ...native, root }, account, path.join(folder, "copies"));
    expect(postgres).toBe(path.join(root, "bin", "postgres"));
    for (const program of [postgres, initdb]) {
      const { stdout } = await run(
        program,
        ["--version"],
        account.switched ? { uid: account.uid, gid: account.gid } : {},
      );
      expect(stdout).toContain("PostgreSQL");
    }
  });

  it.runIf(process.getuid?.() === 0)(
    "are copied, once, when they lie behind a door that their user can't pass",
    async () => {
      const native = await findNative();
      const home = path.join(folder, "home");
      const root = path.join(home, "native");
      await cp(native.root, root, { recursive: true, verbatimSymlinks: true });
      await chmod(folder, 0o755);
      await chmod(home, 0o700);
      const account = await chooseAccount(undefined);
      const copies = path.join(folder, "copies");
      const place = () => placeBinaries({ ...native, root }, account, copies);
      const [first, second] = await Promise.all([place(), place()]);
      expect(first).toEqual(second);
      expect(first.postgres.startsWith(copies)).toBe(true);
      const { stdout } = await run(first.postgres, ["--version"], { uid: account.uid, gid: account.gid });
      expect(stdout).toContain(`PostgreSQL) ${first.major}`);
      const made = (await stat(first.postgres)).ino;
      expect((await stat((await place()).postgres)).ino).toBe(made);
      expect(await readdir(copies)).toHaveLength(1);
    },
  );
});
