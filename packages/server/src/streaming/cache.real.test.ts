import { execFileSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { films, makeFilms } from "./testing/films.js";
import { startTestService, type TestService, type TestServiceOptions } from "./testing/test-service.js";

const nothing = /^$/;
let folder: string;
let remove: () => Promise<void>;
let dataDir: string;
let service: TestService | undefined;

beforeAll(async () => {
  ({ folder, remove } = await makeFilms("long"));
});
afterAll(() => remove());
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), "playhead-disk-"));
});
afterEach(async () => {
  await service?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const play = async (options: TestServiceOptions = {}) => {
  const started = await startTestService({ long: path.join(folder, films.long.file) }, { ...options, dataDir });
  service = started;
  const { playlists } = await started.play("long", nothing);
  const base = playlists.find(({ kind }) => kind === "video")?.base ?? "";
  const segment = (index: number) => started.bytes(`${base}/${index}.m4s`);
  return { segment, stats: () => started.streaming.stats().cache };
};

it("serves on when its folder is deleted under it, and makes it anew", async () => {
  const { segment, stats } = await play();
  const first = await segment(0);
  await segment(30);
  while (stats().files < 3) await new Promise((resolve) => setImmediate(resolve));
  // What is written meanwhile makes a folder that was just emptied not empty.
  await rm(path.join(dataDir, "cache"), { recursive: true, maxRetries: 50, retryDelay: 5 });
  expect(await segment(0)).toEqual(first);
  expect((await segment(60)).byteLength).toBeGreaterThan(1000);
  await service?.streaming.stop();
  const { bavail } = await statfs(path.join(dataDir, "cache/segments"));
  expect([bavail > 0, stats().files > 0]).toEqual([true, true]);
});

/** Only root may mount; where it may not, the same is tested with an impossible floor in `disk-cache.test.ts`. */
const isRoot = process.getuid?.() === 0 && process.platform === "linux";
describe.skipIf(!isRoot)("on a disk of 4 MB", () => {
  beforeEach(() => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", dataDir]);
  });
  afterEach(async () => {
    // Before the folder is removed, and after the service let go of it.
    await service?.stop();
    service = undefined;
    execFileSync("umount", [dataDir]);
  });
  const freeBytes = async () => {
    const { bavail, bsize } = await statfs(dataDir);
    return bavail * bsize;
  };

  it("serves a film that is larger than the disk, and leaves the floor free at every moment", async () => {
    const floor = 1_000_000;
    const { segment, stats } = await play({ cacheFreeFloorBytes: floor });
    let least = Number.POSITIVE_INFINITY;
    const look = () => {
      const { bavail, bsize } = statfsSync(dataDir);
      least = Math.min(least, bavail * bsize);
      next = setImmediate(look);
    };
    let next = setImmediate(look);
    let total = 0;
    for (let index = 0; total < 6e6; index++) total += (await segment(index)).byteLength;
    clearImmediate(next);
    expect(least).toBeGreaterThanOrEqual(floor);
    expect(least).toBeLessThan(2 * floor);
    expect(stats().bytes).toBeGreaterThan(1_000_000);
    expect(service?.logged).toEqual([]);
  });

  it("makes room of its own when the disk turns out to be full", async () => {
    const { segment, stats } = await play();
    for (let index = 0, total = 0; total < 6e6; index++) total += (await segment(index)).byteLength;
    expect(stats().bytes).toBeGreaterThan(2_000_000);
    expect(service?.logged).toEqual([]);
  });

  it("serves without a cache when others have filled the disk", async () => {
    const { segment } = await play();
    await writeFile(path.join(dataDir, "others"), new Uint8Array((await freeBytes()) - 4096));
    for (const index of [0, 1, 2, 40]) expect((await segment(index)).byteLength).toBeGreaterThan(1000);
    await service?.streaming.stop();
    expect(service?.logged.join()).toContain("segments are served without it");
  });
});
