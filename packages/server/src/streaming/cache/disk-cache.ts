import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, statfs, unlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FastifyBaseLogger } from "fastify";

export interface DiskCacheOptions {
  /** The cache's own folder: what it doesn't know in it is removed. */
  readonly folder: string;
  /** 0 turns the cache off. */
  readonly maxBytes: number;
  /** Never fill the disk beyond this. */
  readonly freeFloorBytes?: number;
  readonly log: FastifyBaseLogger;
}

interface Kept {
  readonly size: number;
  touchedAt: number;
}

/** `<folder of the rendition>/<init|index>.mp4`: 40 hex digits and a name; everything else is a stranger. */
const folderName = /^[0-9a-f]{40}$/;
const fileName = /^(?:init|\d{1,7})\.mp4$/;
/** How often a file that is read again is marked as used, for the order after a restart. */
const touchEveryMs = 60_000;
/** How long the disk is left alone after it refused. */
const restMs = 30_000;
/** How many bytes may be written between two looks at the free space. */
const lookEveryBytes = 64 * 1024 * 1024;

/**
 * Segments on the disk, least recently used first out. A name appears only when its bytes are whole. The cache never
 * fails anyone: a full disk or a folder that somebody deleted only makes it forget.
 */
export class DiskCache {
  readonly #options: DiskCacheOptions;
  readonly #floor: number;
  /** In order of use: `<folder>/<file>`. */
  readonly #kept = new Map<string, Kept>();
  readonly #writing = new Map<string, { readonly bytes: Uint8Array; readonly done: Promise<void> }>();
  #bytes = 0;
  #sinceLook = Number.POSITIVE_INFINITY;
  #restUntil = 0;
  #complained = false;

  constructor(options: DiskCacheOptions) {
    this.#options = options;
    this.#floor = options.freeFloorBytes ?? 512 * 1024 * 1024;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get files(): number {
    return this.#kept.size;
  }

  /** Reads what an earlier life left, and removes what is not the cache's: leftovers of writes, strangers. */
  async start(): Promise<void> {
    const { folder } = this.#options;
    try {
      await mkdir(folder, { recursive: true });
      const found: { key: string; size: number; touchedAt: number }[] = [];
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        const inside = path.join(folder, entry.name);
        if (!entry.isDirectory() || !folderName.test(entry.name)) {
          await rm(inside, { recursive: true, force: true });
          continue;
        }
        for (const file of await readdir(inside, { withFileTypes: true })) {
          const full = path.join(inside, file.name);
          if (!file.isFile() || !fileName.test(file.name)) {
            await rm(full, { recursive: true, force: true });
            continue;
          }
          const { size, mtimeMs } = await stat(full);
          found.push({ key: `${entry.name}/${file.name}`, size, touchedAt: mtimeMs });
        }
      }
      found.sort((a, b) => a.touchedAt - b.touchedAt);
      for (const { key, size, touchedAt } of found) {
        this.#kept.set(key, { size, touchedAt });
        this.#bytes += size;
      }
      await this.#makeRoom(0);
    } catch (error) {
      this.#complain(error);
    }
  }

  /** Waits for what is being written. */
  async stop(): Promise<void> {
    await Promise.all([...this.#writing.values()].map(({ done }) => done));
  }

  /** The folder's name for an address. */
  static folderOf(...address: readonly string[]): string {
    return createHash("sha1").update(JSON.stringify(address)).digest("hex");
  }

  has(key: string): boolean {
    return this.#kept.has(key) || this.#writing.has(key);
  }

  /** What is being written is there already. */
  peek(key: string): Uint8Array | undefined {
    return this.#writing.get(key)?.bytes;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const kept = this.#kept.get(key);
    if (kept === undefined) return this.peek(key);
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const file = this.#pathOf(key);
    try {
      const bytes = await readFile(file);
      if (bytes.byteLength !== kept.size) throw new Error(`${file} has ${bytes.byteLength} bytes, not ${kept.size}`);
      this.#touch(file, kept);
      return bytes;
    } catch (error) {
      this.#forget(key);
      if (!isMissing(error)) this.#complain(error);
      return undefined;
    }
  }

  /** Keeps bytes, in the background. */
  put(key: string, bytes: Uint8Array): void {
    if (bytes.byteLength > this.#options.maxBytes || this.has(key) || Date.now() < this.#restUntil) return;
    const done = this.#write(key, bytes).catch((error: unknown) => {
      this.#restUntil = Date.now() + restMs;
      this.#complain(error);
    });
    this.#writing.set(key, { bytes, done });
    void done.then(() => this.#writing.delete(key));
  }

  async #write(key: string, bytes: Uint8Array): Promise<void> {
    if (!(await this.#makeRoom(bytes.byteLength))) return;
    const file = this.#pathOf(key);
    const unfinished = `${file}.${randomUUID()}.tmp`;
    try {
      // Made each time: somebody may have deleted it.
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(unfinished, bytes);
      await rename(unfinished, file);
    } catch (error) {
      await unlink(unfinished).catch(() => {});
      throw error;
    }
    this.#kept.set(key, { size: bytes.byteLength, touchedAt: Date.now() });
    this.#bytes += bytes.byteLength;
    this.#sinceLook += bytes.byteLength;
    this.#complained = false;
    await this.#makeRoom(0);
  }

  /** @returns false when the disk is too full for it, whatever is removed. */
  async #makeRoom(wanted: number): Promise<boolean> {
    await this.#removeOldest(this.#bytes + wanted - this.#options.maxBytes);
    if (this.#sinceLook < lookEveryBytes) return true;
    const missing = this.#floor - (await this.#freeBytes());
    if (missing > 0) {
      await this.#removeOldest(missing + wanted);
      const still = this.#floor - (await this.#freeBytes());
      if (still > 0) {
        this.#restUntil = Date.now() + restMs;
        this.#complain(new Error(`less than ${this.#floor} bytes are free on the disk of ${this.#options.folder}`));
        return false;
      }
    }
    this.#sinceLook = 0;
    return true;
  }

  async #removeOldest(bytes: number): Promise<void> {
    let removed = 0;
    for (const [key, kept] of this.#kept) {
      if (removed >= bytes) return;
      this.#forget(key);
      removed += kept.size;
      await unlink(this.#pathOf(key)).catch(() => {});
    }
  }

  async #freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#options.folder);
    return bavail * bsize;
  }

  #forget(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    this.#bytes -= kept.size;
  }

  #touch(file: string, kept: Kept): void {
    const now = Date.now();
    if (now - kept.touchedAt < touchEveryMs) return;
    kept.touchedAt = now;
    utimes(file, now / 1000, now / 1000).catch(() => {});
  }

  #pathOf(key: string): string {
    return path.join(this.#options.folder, key);
  }

  /** Once, until a write succeeds again. */
  #complain(error: unknown): void {
    if (this.#complained) return;
    this.#complained = true;
    this.#options.log.warn({ err: error }, "The segment cache can't be used for now; segments are served without it");
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
