import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Cue, SUBTITLE_VERSION } from "@playhead/hls";
import Type from "typebox";
import { Compile } from "typebox/compile";

/** The cues of each text stream of one film, by the stream's index. */
export type StreamCues = ReadonlyMap<number, readonly Cue[]>;

const StoredCue = Type.Object({
  startMs: Type.Number(),
  endMs: Type.Number(),
  text: Type.String(),
  settings: Type.String(),
});
const StoredCues = Type.Object({
  version: Type.Literal(SUBTITLE_VERSION),
  streams: Type.Array(Type.Object({ index: Type.Integer(), cues: Type.Array(StoredCue) })),
});
const validator = Compile(StoredCues);

/** Thousands of films: text is small. */
const MAX_BYTES = 256 * 1024 * 1024;
const ENDING = ".json";

/** Keeps what was read out of films, one file each, by the identity of the film's bytes. The least recently used goes first. */
export class CueStore {
  readonly #folder: string;
  readonly #maxBytes: number;

  constructor(dataDir: string, maxBytes = MAX_BYTES) {
    this.#folder = path.join(dataDir, "subtitles");
    this.#maxBytes = maxBytes;
  }

  /** Undefined where nothing is kept, or what is kept is of another version or damaged. */
  async get(fileId: string): Promise<StreamCues | undefined> {
    const file = this.#file(fileId);
    try {
      const stored: unknown = JSON.parse(await readFile(file, "utf8"));
      if (!validator.Check(stored)) return undefined;
      await utimes(file, new Date(), new Date());
      return new Map(stored.streams.map(({ index, cues }) => [index, cues]));
    } catch {
      return undefined;
    }
  }

  /** @throws when the disk does not take it. */
  async put(fileId: string, cues: StreamCues): Promise<void> {
    const streams = [...cues].map(([index, each]) => ({ index, cues: each }));
    const partial = `${this.#file(fileId)}.part`;
    await mkdir(this.#folder, { recursive: true });
    try {
      await writeFile(partial, JSON.stringify({ version: SUBTITLE_VERSION, streams }));
      await rename(partial, this.#file(fileId));
    } finally {
      await rm(partial, { force: true });
    }
    await this.#tidy();
  }

  async remove(fileId: string): Promise<void> {
    await rm(this.#file(fileId), { force: true });
  }

  /** Takes away what a crash left half-written. Before the first `put` only. */
  async start(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((each) => !each.endsWith(ENDING))) {
      await rm(path.join(this.#folder, name), { force: true, recursive: true });
    }
    await this.#tidy();
  }

  /** Takes away the oldest of what is too much. */
  async #tidy(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    const kept: { readonly file: string; readonly size: number; readonly usedAt: number }[] = [];
    for (const name of names.filter((each) => each.endsWith(ENDING))) {
      const file = path.join(this.#folder, name);
      const stats = await stat(file).catch(() => undefined);
      if (stats !== undefined) kept.push({ file, size: stats.size, usedAt: stats.mtimeMs });
    }
    let bytes = kept.reduce((sum, { size }) => sum + size, 0);
    for (const { file, size } of kept.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (bytes <= this.#maxBytes) return;
      await rm(file, { force: true });
      bytes -= size;
    }
  }

  #file(fileId: string): string {
    return path.join(this.#folder, `${fileId}${ENDING}`);
  }
}
