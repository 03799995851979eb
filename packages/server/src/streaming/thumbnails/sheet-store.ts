import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { SHEET_VERSION } from "./sheet-plan.js";

interface FilmSheets {
  readonly made: ReadonlySet<number>;
  readonly bytes: number;
}

const nothing: FilmSheets = { made: new Set(), bytes: 0 };

/** The sheets on disk, a folder for each film by the identity of its bytes: they outlive a restart, and no change of the file. */
export class SheetStore {
  readonly #root: string;
  readonly #version: string;
  /** The least recently used film first. */
  readonly #films = new Map<string, FilmSheets>();

  constructor(dataDir: string) {
    this.#root = path.join(dataDir, "thumbnails");
    this.#version = path.join(this.#root, `v${SHEET_VERSION}`);
  }

  get bytes(): number {
    return [...this.#films.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Takes over what is there; what another version or a killed server left goes. */
  async open(): Promise<void> {
    await mkdir(this.#version, { recursive: true });
    for (const name of await readdir(this.#root)) {
      if (name !== path.basename(this.#version)) await remove(path.join(this.#root, name));
    }
    for (const fileId of await readdir(this.#version)) {
      for (const name of await readdir(this.#folder(fileId)).catch(() => [])) {
        if (!/^\d+\.jpg$/.test(name)) await remove(path.join(this.#folder(fileId), name));
      }
      await this.count(fileId);
    }
  }

  /** Removes the sheets of all other films. */
  async keepOnly(known: ReadonlySet<string>): Promise<void> {
    for (const fileId of this.#films.keys()) if (!known.has(fileId)) await this.remove(fileId);
  }

  file(fileId: string, index: number): string {
    return path.join(this.#folder(fileId), `${index}.jpg`);
  }

  made(fileId: string): ReadonlySet<number> {
    return (this.#films.get(fileId) ?? nothing).made;
  }

  async prepare(fileId: string): Promise<void> {
    await mkdir(this.#folder(fileId), { recursive: true });
  }

  /** Somebody looks at it. */
  use(fileId: string): void {
    const film = this.#films.get(fileId);
    if (film === undefined) return;
    this.#films.delete(fileId);
    this.#films.set(fileId, film);
  }

  /** Looks what lies there now. */
  async count(fileId: string): Promise<void> {
    const made = new Set<number>();
    let bytes = 0;
    for (const name of await readdir(this.#folder(fileId)).catch(() => [])) {
      const stats = await stat(path.join(this.#folder(fileId), name)).catch(() => undefined);
      if (stats === undefined || !name.endsWith(".jpg")) continue;
      made.add(Number.parseInt(name, 10));
      bytes += stats.size;
    }
    this.#films.delete(fileId);
    this.#films.set(fileId, { made, bytes });
  }

  async remove(fileId: string): Promise<void> {
    this.#films.delete(fileId);
    await remove(this.#folder(fileId));
  }

  /** Makes room: the film that was looked at longest ago goes, never `keep`. */
  async shrink(maxBytes: number, keep: string): Promise<void> {
    while (this.bytes > maxBytes) {
      const oldest = [...this.#films.keys()].find((fileId) => fileId !== keep);
      if (oldest === undefined) return;
      await this.remove(oldest);
    }
  }

  #folder(fileId: string): string {
    return path.join(this.#version, fileId);
  }
}

const remove = (place: string): Promise<void> => rm(place, { recursive: true, force: true });
