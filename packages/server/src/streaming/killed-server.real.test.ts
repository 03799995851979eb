import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { films, makeFilms } from "./testing/films.js";
import { startTestService } from "./testing/test-service.js";

let folder: string;
let remove: () => Promise<void>;
let dataDir: string;
beforeAll(async () => {
  ({ folder, remove } = await makeFilms("long"));
  dataDir = await mkdtemp(path.join(os.tmpdir(), "playhead-killed-"));
});
const servers = new Set<ChildProcess>();
afterAll(async () => {
  for (const server of servers) server.kill("SIGKILL");
  await rm(dataDir, { recursive: true, force: true });
  await remove();
});

const file = () => path.join(folder, films.long.file);
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("a server that dies by SIGKILL", () => {
  it.each([
    ["blocked in a write, since nobody reads", "4", "0"],
    ["at work", "1000", "20"],
  ])("leaves no ffmpeg that is %s", async (_, lookAheadS, segment) => {
    const script = path.join(import.meta.dirname, "testing/doomed-server.ts");
    const server = spawn(
      process.execPath,
      ["--conditions=source", "--import", "tsx", script, file(), lookAheadS, dataDir, segment],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    servers.add(server);
    const [line] = await once(createInterface({ input: server.stdout }), "line");
    const pids: number[] = JSON.parse(String(line));
    expect(pids.length).toBeGreaterThan(0);
    expect(pids.every(isAlive)).toBe(true);
    server.kill("SIGKILL");
    await once(server, "exit");
    const deadline = performance.now() + 5000;
    while (pids.some(isAlive) && performance.now() < deadline) await delay(20);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("leaves a cache that the next one uses, without half files", async () => {
    const service = await startTestService({ film: file() }, { dataDir });
    try {
      expect(service.streaming.stats().cache.files).toBeGreaterThan(2);
      const names = await readdir(path.join(dataDir, "cache/segments"), { recursive: true });
      expect(names.filter((name) => name.includes("tmp"))).toEqual([]);
      const { playlists } = await service.play("film", /^$/);
      for (const { base } of playlists) expect((await service.bytes(`${base}/0.m4s`)).byteLength).toBeGreaterThan(100);
    } finally {
      await service.stop();
    }
  });
});
