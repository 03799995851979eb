import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rmdir, statfs, unlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FastifyBaseLogger } from "fastify";
import { readKeptFiles } from "./kept-files.js";

export interface DiskCacheOptions {
  /** The cache's own folder: what it doesn't know in it is removed. */
  readonly folder: string;
  /** 0 turns the cache off. */
  readonly maxBytes: number;
  /** Bytes of the disk that are left free. */
  readonly freeFloorBytes: number;
  /** Most bytes that wait to be written; what comes on top of them is not kept. */
  readonly maxWaitingBytes?: number;
  readonly log: FastifyBaseLogger;
}

interface Kept {
  readonly size: number;
  touchedAt: number;
}

/** How often a file that is read again is marked as used, for the order after a restart. */
const touchEveryMs = 60_000;
/** How long the disk is left alone after it refused. */
const restMs = 30_000;
/** How often the free space is looked at while nothing is written: others fill the disk, too. */
const lookEveryMs = 30_000;
/** How often a file is begun whose folder is deleted under it: a deletion looks several times until all is gone. */
const mostTries = 10;
/** A file takes whole blocks, and its folder may take one more. */
const overheadBytes = 8192;

/**
 * Segments on the disk, least recently used first out. One write at a time, and room is made before it begins: the quota
 * and the floor hold at every moment, with the file under way counted. A name appears only when its bytes are whole. The
 * cache never fails anyone: a full disk or a folder that somebody deleted only makes it forget.
 */
export class DiskCache {
  readonly #options: DiskCacheOptions;
  /** In order of use: `<folder>/<file>`. */
  readonly #kept = new Map<string, Kept>();
  readonly #waiting = new Map<string, Uint8Array>();
  #waitingBytes = 0;
  #bytes = 0;
  #turn: Promise<void> = Promise.resolve();
  #look: NodeJS.Timeout | undefined;
  #restUntil = 0;
  #complained = false;

  constructor(options: DiskCacheOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get files(): number {
    return this.#kept.size;
  }

  /** Takes over what an earlier life left. */
  async start(): Promise<void> {
    try {
      for (const { key, size, touchedAt } of await readKeptFiles(this.#options.folder)) {
        this.#kept.set(key, { size, touchedAt });
        this.#bytes += size;
      }
      await this.#makeRoom(0);
    } catch (error) {
      this.#complain(error);
    }
    this.#look = setInterval(() => this.#inTurn(() => this.#makeRoom(0)), lookEveryMs);
    this.#look.unref();
  }

  /** Waits for what is being written. */
  async stop(): Promise<void> {
    clearInterval(this.#look);
    await this.#turn;
  }

  /** The folder's name for an address. */
  static folderOf(...address: readonly string[]): string {
    return createHash("sha1").update(JSON.stringify(address)).digest("hex");
  }

  has(key: string): boolean {
    return this.#kept.has(key) || this.#waiting.has(key);
  }

  /** What waits to be written is there already. */
  peek(key: string): Uint8Array | undefined {
    return this.#waiting.get(key);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const kept = this.#kept.get(key);
    if (kept === undefined) return this.peek(key);
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const file = this.#pathOf(key);
    try {
      const bytes = await readFile(file);
      if (bytes.byteLength !== kept.size) {
        await unlink(file);
        throw new Error(`${file} has ${bytes.byteLength} bytes, not ${kept.size}`);
      }
      this.#touch(file, kept);
      return bytes;
    } catch (error) {
      if (this.#kept.get(key) === kept) this.#forget(key);
      if (!hasCode(error, "ENOENT")) this.#complain(error);
      return undefined;
    }
  }

  /** Keeps bytes, in the background. */
  put(key: string, bytes: Uint8Array): void {
    const { maxBytes, maxWaitingBytes = 64 * 1024 * 1024 } = this.#options;
    const size = bytes.byteLength;
    if (size > maxBytes || this.has(key) || Date.now() < this.#restUntil) return;
    if (this.#waitingBytes + size > maxWaitingBytes) return;
    this.#waiting.set(key, bytes);
    this.#waitingBytes += size;
    this.#inTurn(async () => {
      try {
        if (Date.now() >= this.#restUntil) await this.#write(key, bytes);
      } finally {
        this.#waiting.delete(key);
        this.#waitingBytes -= size;
      }
    });
  }

  /** One after another; a failure makes the cache rest. */
  #inTurn(work: () => Promise<unknown>): void {
    const before = this.#turn;
    this.#turn = (async () => {
      await before;
      try {
        await work();
      } catch (error) {
        this.#rest(error);
      }
    })();
  }

  async #write(key: string, bytes: Uint8Array): Promise<void> {
    if (!(await this.#makeRoom(bytes.byteLength))) return;
    const file = this.#pathOf(key);
    try {
      await this.#publish(file, bytes);
    } catch (error) {
      // The disk is fuller than it said: another program was quicker, or it is smaller than the floor.
      if (!hasCode(error, "ENOSPC") || !(await this.#removeOldest(bytes.byteLength + overheadBytes))) throw error;
      await this.#publish(file, bytes);
    }
    this.#kept.set(key, { size: bytes.byteLength, touchedAt: Date.now() });
    this.#bytes += bytes.byteLength;
    this.#complained = false;
  }

  /** Begins again when somebody deletes the folder at this very moment, file under way and all. */
  async #publish(file: string, bytes: Uint8Array): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#publishOnce(file, bytes);
        return;
      } catch (error) {
        if (tries === mostTries || !hasCode(error, "ENOENT")) throw error;
      }
    }
  }

  async #publishOnce(file: string, bytes: Uint8Array): Promise<void> {
    // Made each time: somebody may have deleted it, with all that lay there.
    const made = await mkdir(path.dirname(file), { recursive: true });
    if (made !== undefined) this.#forgetUnder(made);
    const unfinished = `${file}.${randomUUID()}.tmp`;
    try {
      await writeFile(unfinished, bytes);
      await rename(unfinished, file);
    } catch (error) {
      await unlink(unfinished).catch(() => {});
      throw error;
    }
  }

  /** @returns false when the disk is too full for it, whatever is removed. */
  async #makeRoom(wanted: number): Promise<boolean> {
    const { maxBytes, freeFloorBytes, folder } = this.#options;
    await this.#removeOldest(this.#bytes + wanted - maxBytes);
    const missing = await this.#missingBytes(wanted);
    if (missing <= 0) return true;
    await this.#removeOldest(missing);
    if ((await this.#missingBytes(wanted)) <= 0) return true;
    this.#rest(new Error(`less than ${freeFloorBytes} bytes would be free on the disk of ${folder}`));
    return false;
  }

  /** How much too little is free for a file of this size. */
  async #missingBytes(wanted: number): Promise<number> {
    const { folder, freeFloorBytes } = this.#options;
    if (freeFloorBytes === 0) return 0;
    try {
      const { bavail, bsize } = await statfs(folder);
      const needed = wanted === 0 ? 0 : wanted + overheadBytes;
      return freeFloorBytes + needed - bavail * bsize;
    } catch (error) {
      if (!hasCode(error, "ENOENT")) throw error;
      const made = await mkdir(folder, { recursive: true });
      if (made !== undefined) this.#forgetUnder(made);
      return await this.#missingBytes(wanted);
    }
  }

  /** @returns whether so much was there to be removed. */
  async #removeOldest(bytes: number): Promise<boolean> {
    let removed = 0;
    for (const [key, { size }] of this.#kept) {
      if (removed >= bytes) break;
      const file = this.#pathOf(key);
      await unlink(file).catch((error: unknown) => {
        if (!hasCode(error, "ENOENT")) throw error;
      });
      this.#forget(key);
      removed += size;
      // The last one of a rendition takes its folder along.
      await rmdir(path.dirname(file)).catch(() => {});
    }
    return removed >= bytes;
  }

  #forget(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    this.#bytes -= kept.size;
  }

  /** A folder had to be made anew: nothing is left of what lay in it. */
  #forgetUnder(folder: string): void {
    for (const key of this.#kept.keys()) if (this.#pathOf(key).startsWith(folder + path.sep)) this.#forget(key);
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

  #rest(error: unknown): void {
    this.#restUntil = Date.now() + restMs;
    this.#complain(error);
  }

  /** Once, until a write succeeds again. */
  #complain(error: unknown): void {
    if (this.#complained) return;
    this.#complained = true;
    this.#options.log.warn({ err: error }, "The segment cache can't be used for now; segments are served without it");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
