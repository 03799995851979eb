import { boxesIn } from "@playhead/hls";
import type { Part, PartStore } from "../encoder/transcoded-rendition.js";
import { ByteLru } from "./byte-lru.js";
import { DiskCache, type DiskCacheOptions } from "./disk-cache.js";

/** Whose segments: the same for everyone who watches this file this way. */
export interface RenditionAddress {
  readonly fileId: string;
  readonly renditionId: string;
  readonly planVersion: string;
}

export interface SegmentStoreOptions extends DiskCacheOptions {
  /** Bytes of the newest segments in memory, so that what was just made is not read back. */
  readonly memoryBytes?: number;
}

/** Transcoded segments: in memory while they are new, on the disk until the quota is full. */
export class SegmentStore {
  readonly #memory: ByteLru;
  readonly #disk: DiskCache;

  constructor(options: SegmentStoreOptions) {
    this.#memory = new ByteLru(options.memoryBytes ?? 64 * 1024 * 1024);
    this.#disk = new DiskCache(options);
  }

  start(): Promise<void> {
    return this.#disk.start();
  }

  async stop(): Promise<void> {
    await this.#disk.stop();
    this.#memory.clear();
  }

  stats(): { readonly files: number; readonly bytes: number; readonly memoryBytes: number } {
    return { files: this.#disk.files, bytes: this.#disk.bytes, memoryBytes: this.#memory.bytes };
  }

  keyOf(address: RenditionAddress): string {
    return DiskCache.folderOf(address.fileId, address.renditionId, address.planVersion);
  }

  /** The parts of one rendition. */
  parts(address: RenditionAddress): PartStore {
    const folder = this.keyOf(address);
    const key = (part: Part) => `${folder}/${part}.mp4`;
    return {
      peek: (part) => this.#memory.get(key(part)) ?? this.#disk.peek(key(part)),
      get: async (part) => {
        const bytes = await this.#disk.get(key(part));
        return bytes !== undefined && isWhole(bytes) ? bytes : undefined;
      },
      has: (part) => this.#memory.has(key(part)) || this.#disk.has(key(part)),
      put: (part, bytes) => {
        // A segment that was delivered never changes: another run may have made it anew, with other bytes.
        if (this.#memory.has(key(part)) || this.#disk.has(key(part))) return;
        this.#memory.set(key(part), bytes);
        this.#disk.put(key(part), bytes);
      },
    };
  }
}

/** After a power cut a file may have its name and not its bytes. */
function isWhole(bytes: Uint8Array): boolean {
  try {
    return [...boxesIn(bytes)].at(-1)?.end === bytes.byteLength;
  } catch {
    return false;
  }
}
