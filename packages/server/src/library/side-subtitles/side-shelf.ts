import path from "node:path";
import type { FastifyBaseLogger } from "fastify";
import type { FileIdentity } from "../video-files.js";
import { sameFile } from "../video-files.js";
import { readSideSubtitle, SideSubtitleError } from "./read-side-subtitle.js";
import { assignSideFiles, filmFolderOf } from "./side-files.js";
import type { SideSubtitleFile } from "./side-subtitle.js";

export interface SideShelfOptions {
  readonly mediaDir: string;
  readonly log: FastifyBaseLogger;
}

/** The subtitle files of the library, by the folder whose films they may belong to. */
export class SideShelf {
  readonly #options: SideShelfOptions;
  readonly #folders = new Map<string, Map<string, FileIdentity>>();
  /** Files that were read, by path: whether they hold subtitles. What changes is read anew. */
  readonly #read = new Map<string, { readonly file: FileIdentity; readonly isGood: boolean }>();

  constructor(options: SideShelfOptions) {
    this.#options = options;
  }

  /** A file that was good when it was last looked at. */
  trust(files: readonly SideSubtitleFile[]): void {
    for (const file of files) {
      this.set(file);
      this.#read.set(file.path, { file, isGood: true });
    }
  }

  /** All files that there are now. @param isUnread whether a path lies in a folder that could not be looked into. */
  replace(files: readonly FileIdentity[], isUnread: (path: string) => boolean): void {
    const now = new Set(files.map((file) => file.path));
    const known = [...this.#folders.values()].flatMap((folder) => [...folder.keys()]);
    for (const each of known) if (!now.has(each) && !isUnread(each)) this.remove(each);
    for (const file of files) this.set(file);
  }

  set(file: FileIdentity): void {
    const folder = filmFolderOf(file.path);
    const files = this.#folders.get(folder) ?? new Map<string, FileIdentity>();
    this.#folders.set(folder, files.set(file.path, file));
  }

  remove(file: string): void {
    const folder = filmFolderOf(file);
    const files = this.#folders.get(folder);
    files?.delete(file);
    if (files?.size === 0) this.#folders.delete(folder);
    this.#read.delete(file);
  }

  folders(): Iterable<string> {
    return this.#folders.keys();
  }

  /** The files of each film of one folder that hold subtitles. @param films all that lie in it. */
  async assign(folder: string, films: readonly string[]): Promise<ReadonlyMap<string, readonly SideSubtitleFile[]>> {
    const given = assignSideFiles(films, [...(this.#folders.get(folder)?.values() ?? [])]);
    const good = new Map<string, readonly SideSubtitleFile[]>();
    for (const [film, files] of given) {
      const kept: SideSubtitleFile[] = [];
      for (const file of files) if (await this.#isGood(file)) kept.push(file);
      good.set(film, kept);
    }
    return good;
  }

  async #isGood(file: SideSubtitleFile): Promise<boolean> {
    const known = this.#read.get(file.path);
    if (known !== undefined && sameFile(known.file, file)) return known.isGood;
    const { mediaDir, log } = this.#options;
    const isGood = await readSideSubtitle(path.join(mediaDir, file.path), file).then(
      () => true,
      (error: unknown) => {
        const reason = error instanceof SideSubtitleError ? error.message : String(error);
        log.warn({ file: file.path, reason }, "A subtitle file can't be used");
        return false;
      },
    );
    this.#read.set(file.path, { file, isGood });
    return isGood;
  }
}
