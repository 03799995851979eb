import { Input, MATROSKA, MP4, MPEG_TS, QTFF, WEBM } from "mediabunny";
import { fileSource } from "./file-source.js";

/** Only containers of files: Mediabunny's HLS reader would follow addresses out of a playlist. */
const formats = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS];

interface Entry {
  readonly input: Input;
  users: number;
  lastUsed: number;
  /** Dispose as soon as nobody reads. */
  retired: boolean;
}

export interface OpenInputsOptions {
  /** Files kept open at once while nobody reads them. */
  readonly max?: number;
  readonly idleMs?: number;
}

/**
 * Files that are open for reading, shared by everyone who reads them: what opening learnt (a Matroska file's cues, an
 * MP4's sample table) is not read again for each segment. Closed when idle, least recently used first.
 */
export class OpenInputs {
  readonly #entries = new Map<string, Entry>();
  readonly #max: number;
  readonly #idleMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OpenInputsOptions = {}) {
    this.#max = options.max ?? 8;
    this.#idleMs = options.idleMs ?? 60_000;
  }

  /**
   * Runs `read` on the open file. The file stays open at least until it settles.
   * @param key names the file's bytes; another key for another version of the same path.
   */
  async use<T>(key: string, filePath: string, read: (input: Input) => Promise<T>): Promise<T> {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { input: new Input({ formats, source: fileSource(filePath) }), users: 0, lastUsed: 0, retired: false };
    }
    // Put last: the map's order is the order of use.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users++;
    this.#closeIdle();
    try {
      return await read(entry.input);
    } catch (error) {
      // A file that failed once is opened anew by the next reader: it may have come back.
      this.#retire(key, entry);
      throw error;
    } finally {
      entry.users--;
      entry.lastUsed = Date.now();
      if (entry.retired && entry.users === 0) entry.input.dispose();
      this.#schedule();
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [key, entry] of this.#entries) this.#retire(key, entry);
  }

  #retire(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    if (entry.retired) return;
    entry.retired = true;
    if (entry.users === 0) entry.input.dispose();
  }

  #closeIdle(): void {
    const before = Date.now() - this.#idleMs;
    let excess = this.#entries.size - this.#max;
    for (const [key, entry] of this.#entries) {
      if (entry.users > 0 || (excess <= 0 && entry.lastUsed > before)) continue;
      this.#retire(key, entry);
      excess--;
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#entries.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#closeIdle();
      this.#schedule();
    }, this.#idleMs);
    this.#timer.unref();
  }
}
