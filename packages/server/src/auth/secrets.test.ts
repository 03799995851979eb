import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadSecrets } from "./secrets.js";

const unset = { adminToken: null, ingestKey: null };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "playhead-secrets-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("makes the secrets once, and keeps them for their owner only", async () => {
  const first = await loadSecrets(folder, unset);
  expect(await loadSecrets(folder, unset)).toEqual(first);
  expect(new Set(Object.values(first)).size).toBe(3);
  expect((await stat(path.join(folder, "secrets.json"))).mode & 0o777).toBe(0o600);
});

it("lets the settings overrule what is kept, without writing them down", async () => {
  const given = { adminToken: "from-the-settings", ingestKey: null };
  expect(await loadSecrets(folder, given)).toMatchObject({ adminToken: "from-the-settings" });
  expect(await readFile(path.join(folder, "secrets.json"), "utf8")).not.toContain("from-the-settings");
});

it("says what to do when the file is damaged, and leaves it as it is", async () => {
  await writeFile(path.join(folder, "secrets.json"), "{ half");
  await expect(loadSecrets(folder, unset)).rejects.toThrow(/damaged.*delete it/s);
  expect(await readFile(path.join(folder, "secrets.json"), "utf8")).toBe("{ half");
});
