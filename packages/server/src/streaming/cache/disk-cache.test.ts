import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import Fastify from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiskCache } from "./disk-cache.js";

const { log } = Fastify({ logger: false });
const bytes = (size: number, fill = 1) => new Uint8Array(size).fill(fill);
const rendition = DiskCache.folderOf("file", "v0", "1");
const key = (index: number) => `${rendition}/${index}.mp4`;

let folder: string;
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(os.tmpdir(), "playhead-cache-")), "segments");
});
afterEach(() => rm(path.dirname(folder), { recursive: true, force: true }));

async function open(maxBytes = 1000, freeFloorBytes = 0): Promise<DiskCache> {
  const cache = new DiskCache({ folder, maxBytes, freeFloorBytes, log });
  await cache.start();
  return cache;
}
/** Puts and waits until it is on the disk. */
async function keep(cache: DiskCache, index: number, size = 100): Promise<void> {
  cache.put(key(index), bytes(size, index));
  await cache.stop();
}

/** What the files take, unfinished ones included. */
function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  let total = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const found = statSync(path.join(folder, name), { throwIfNoEntry: false });
    if (found?.isFile() === true) total += found.size;
  }
  return total;
}

describe("DiskCache", () => {
  it("gives back what was put, at once and after a restart", async () => {
    const cache = await open();
    cache.put(key(7), bytes(100, 7));
    expect(cache.peek(key(7))).toEqual(bytes(100, 7));
    await cache.stop();
    expect(new Uint8Array((await cache.get(key(7))) ?? [])).toEqual(bytes(100, 7));
    const again = await open();
    expect([again.files, again.bytes, again.has(key(7))]).toEqual([1, 100, true]);
    expect(new Uint8Array((await again.get(key(7))) ?? [])).toEqual(bytes(100, 7));
  });

  it("stays within its quota and drops the least recently used, also over a restart", async () => {
    const cache = await open(350);
    for (const index of [1, 2, 3]) await keep(cache, index);
    await cache.get(key(1));
    await keep(cache, 4);
    expect([1, 2, 3, 4].map((index) => cache.has(key(index)))).toEqual([true, false, true, true]);
    expect(await readdir(path.join(folder, rendition))).toHaveLength(3);
    for (const [index, time] of [
      [4, 10],
      [3, 20],
      [1, 30],
    ] as const)
      await utimes(path.join(folder, key(index)), time, time);
    const smaller = await open(250);
    expect([1, 3, 4].map((index) => smaller.has(key(index)))).toEqual([true, true, false]);
  });

  it("removes at start what is not its own: unfinished writes and strangers", async () => {
    await mkdir(path.join(folder, rendition), { recursive: true });
    await mkdir(path.join(folder, "stranger"));
    await writeFile(path.join(folder, rendition, "3.mp4.1234.tmp"), "half");
    await writeFile(path.join(folder, rendition, "note.txt"), "?");
    await writeFile(path.join(folder, "stray"), "?");
    await writeFile(path.join(folder, key(5)), "whole");
    const cache = await open();
    expect(await readdir(folder)).toEqual([rendition]);
    expect(await readdir(path.join(folder, rendition))).toEqual(["5.mp4"]);
    expect(cache.files).toBe(1);
  });

  it("goes on when somebody deletes its folder", async () => {
    const cache = await open();
    await keep(cache, 1);
    await keep(cache, 3);
    await rm(folder, { recursive: true });
    expect(await cache.get(key(1))).toBeUndefined();
    expect(cache.has(key(1))).toBe(false);
    await keep(cache, 2);
    expect([cache.has(key(3)), cache.bytes]).toEqual([false, 100]);
    expect(await cache.get(key(2))).toHaveLength(100);
  });

  it("keeps what was just being written when somebody deletes its folder", async () => {
    const size = 32_000_000;
    const cache = await open(size);
    cache.put(key(1), bytes(size));
    while (bytesIn(folder) === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(cache.files).toBe(0);
    rmSync(folder, { recursive: true });
    await cache.stop();
    expect([cache.files, bytesIn(folder)]).toEqual([1, size]);
  });

  it("serves nobody worse when its folder can't be made", async () => {
    await writeFile(folder, "a file where the folder should be");
    const cache = await open();
    await keep(cache, 1);
    expect(await cache.get(key(1))).toBeUndefined();
  });

  it("holds its quota at every moment, also while many writes wait for their turn", async () => {
    const cache = await open(1_000_000);
    for (let index = 0; index < 40; index++) cache.put(key(index), bytes(300_000));
    let most = 0;
    const look = () => {
      most = Math.max(most, bytesIn(folder));
      next = setImmediate(look);
    };
    let next = setImmediate(look);
    await cache.stop();
    clearImmediate(next);
    expect(most).toBeGreaterThan(600_000);
    expect(most).toBeLessThanOrEqual(1_000_000);
    expect([cache.files, cache.bytes, bytesIn(folder)]).toEqual([3, 900_000, 900_000]);
    expect(cache.has(key(39))).toBe(true);
  });

  it("keeps no more waiting for a slow disk than it may, and forgets the rest", async () => {
    const cache = new DiskCache({ folder, maxBytes: 1e6, freeFloorBytes: 0, maxWaitingBytes: 250, log });
    await cache.start();
    for (const index of [1, 2, 3]) cache.put(key(index), bytes(100));
    await cache.stop();
    expect([1, 2, 3].map((index) => cache.has(key(index)))).toEqual([true, true, false]);
  });

  it("leaves no empty folder behind", async () => {
    const cache = await open(100);
    await keep(cache, 1);
    const other = `${DiskCache.folderOf("other")}/0.mp4`;
    cache.put(other, bytes(100));
    await cache.stop();
    expect(await readdir(folder)).toEqual([path.dirname(other)]);
  });

  it("does not fill the disk beyond the floor", async () => {
    const cache = await open(1000, Number.MAX_SAFE_INTEGER);
    await keep(cache, 1);
    expect([cache.files, await cache.get(key(1))]).toEqual([0, undefined]);
  });

  it("forgets a file that was cut short", async () => {
    const cache = await open();
    await keep(cache, 1);
    await writeFile(path.join(folder, key(1)), "short");
    expect(await cache.get(key(1))).toBeUndefined();
    expect(cache.has(key(1))).toBe(false);
  });

  it("is off with a quota of 0", async () => {
    const cache = await open(0);
    await keep(cache, 1);
    expect(cache.files).toBe(0);
  });
});
