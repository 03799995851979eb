import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Account, canRead, closedFolder, parsePasswd } from "./account.js";
import { parsePidFile } from "./postmaster.js";

const someone: Account = { name: "someone", uid: 54_321, gid: 54_321, switched: true };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "playhead-account-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("who may go where", () => {
  it("names the folder on the way that is closed", async () => {
    await mkdir(path.join(folder, "a", "b"), { recursive: true });
    await chmod(folder, 0o755);
    expect(await closedFolder(path.join(folder, "a", "b"), someone)).toBeUndefined();
    await chmod(path.join(folder, "a"), 0o700);
    expect(await closedFolder(path.join(folder, "a", "b"), someone)).toBe(path.join(folder, "a"));
    expect(await closedFolder(path.join(folder, "a", "b"), { ...someone, switched: false })).toBeUndefined();
  });

  it("counts the owner's and the group's bits as their own", async () => {
    const uid = process.getuid?.() ?? 0;
    const gid = process.getgid?.() ?? 0;
    await chmod(folder, 0o700);
    expect(await closedFolder(folder, { ...someone, uid })).toBeUndefined();
    expect(await closedFolder(folder, { ...someone, gid })).toBe(folder);
    await chmod(folder, 0o710);
    expect(await closedFolder(folder, { ...someone, gid })).toBeUndefined();
  });

  it("takes what does not exist yet for open", async () => {
    await chmod(folder, 0o755);
    expect(await closedFolder(path.join(folder, "not", "yet"), someone)).toBeUndefined();
  });

  it("asks a program for more than a file", async () => {
    const file = path.join(folder, "program");
    await writeFile(file, "");
    await chmod(folder, 0o755);
    await chmod(file, 0o644);
    expect(await canRead(file, someone)).toBe(true);
    expect(await canRead(file, someone, { run: true })).toBe(false);
    await chmod(file, 0o755);
    expect(await canRead(file, someone, { run: true })).toBe(true);
    await chmod(folder, 0o700);
    expect(await canRead(file, someone)).toBe(false);
  });
});

describe("files of the system", () => {
  it("reads passwd, and passes over what is no entry", () => {
    expect(parsePasswd("root:x:0:0::/root:/bin/sh\n# comment\n+::::\nnobody:x:65534:65534:::\n\n")).toEqual([
      { name: "root", uid: 0, gid: 0 },
      { name: "nobody", uid: 65_534, gid: 65_534 },
    ]);
  });

  it("reads postmaster.pid, whole, half written and broken", () => {
    const whole = "4321\n/data\n1773500966\n5432\n/run/pg\n\n  123 4\nready   \n";
    expect(parsePidFile(whole)).toEqual({ pid: 4321, socketFolder: "/run/pg", ready: true });
    expect(parsePidFile(whole.replace("ready   ", "starting"))?.ready).toBe(false);
    expect(parsePidFile("4321\n/data\n")).toEqual({ pid: 4321, socketFolder: "", ready: false });
    expect([parsePidFile(""), parsePidFile("x\n"), parsePidFile("-1\n")]).toEqual([undefined, undefined, undefined]);
  });
});
