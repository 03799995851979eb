import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import type { MediaStore, ProgressStore } from "@playhead/store";
import type { FastifyBaseLogger } from "fastify";
import { mediaIdOf } from "./media-id.js";
import type { FindMedia, MediaItem } from "./media-item.js";
import { examinedItem, fromRecord, type KnownItem, type ProbeOutcome, pendingItem, toRecord } from "./media-record.js";
import { existingPosters, FfmpegMissingError, makePoster, posterFile, removePoster } from "./poster.js";
import { probeFile } from "./probe/probe.js";
import { FfprobeMissingError, ProbeError } from "./probe/probe-error.js";
import { tellProbe } from "./probe-message.js";
import { changesSince, isUnread } from "./scan.js";
import { filmFolderOf } from "./side-subtitles/side-files.js";
import { SideShelf } from "./side-subtitles/side-shelf.js";
import { sameFile } from "./video-files.js";
import { type FoundFile, identityOf, walk } from "./walk.js";
import { type Watch, watchMedia } from "./watch.js";
import { type WorkProgress, WorkQueue } from "./work-queue.js";

export interface LibraryOptions {
  /** Only read; made when it is missing. */
  readonly mediaDir: string;
  readonly dataDir: string;
  readonly media: MediaStore;
  readonly progress: ProgressStore;
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly log: FastifyBaseLogger;
  readonly onScanProgress?: (progress: WorkProgress) => void;
  /** How long a file's size must stay before it counts as copied. */
  readonly settleMs?: number;
  /** How often it is asked whether the media folder is still the same. */
  readonly checkMs?: number;
}

export interface LibraryChange {
  readonly kind: "added" | "changed" | "removed";
  readonly item: MediaItem;
}

/** The films below the media folder, as they are now. */
export interface Library {
  /** Knows what the store kept, and begins to look for changes; does not wait for the scan. */
  start(): Promise<void>;
  /** Resolves when all that was found so far is examined. Posters may come later. */
  scanned(): Promise<void>;
  stop(): Promise<void>;
  /** Sorted by path. */
  items(): readonly MediaItem[];
  readonly get: FindMedia;
  /** How far the examination of files has come; null while there is nothing to examine. */
  readonly scan: WorkProgress | null;
  /** Absolute path of the item's JPEG; null when it has none. */
  posterPath(item: MediaItem): string | null;
  /** @returns what ends the subscription. */
  onChange(listener: (change: LibraryChange) => void): () => void;
}

const PROBES_AT_ONCE = 2;
/** Network file systems tell no changes of other machines, and links are not watched: look through everything now and then. */
const RESCAN_MS = 10 * 60_000;

export const createLibrary = (options: LibraryOptions): Library => new MediaLibrary(options);

class MediaLibrary implements Library {
  readonly #options: LibraryOptions;
  readonly #byId = new Map<string, KnownItem>();
  readonly #byPath = new Map<string, KnownItem>();
  readonly #listeners = new Set<(change: LibraryChange) => void>();
  readonly #stopping = new AbortController();
  readonly #probes: WorkQueue;
  readonly #posters = new WorkQueue(1);
  /** Subtitle files, and the folders in which they are to be given to their films anew. */
  readonly #shelf: SideShelf;
  readonly #sides = new WorkQueue(1);
  #watch: Watch | undefined;
  #rescanTimer: NodeJS.Timeout | undefined;
  /** The scan that runs, and the one that was asked for meanwhile. */
  #scanning: Promise<void> | null = null;
  #scanAgain = false;
  #saidFfprobeMissing = false;

  constructor(options: LibraryOptions) {
    this.#options = options;
    this.#shelf = new SideShelf(options);
    this.#probes = new WorkQueue(PROBES_AT_ONCE, (progress) => {
      if (progress) options.onScanProgress?.(progress);
    });
  }

  async start(): Promise<void> {
    const { mediaDir, dataDir, media, log, settleMs, checkMs } = this.#options;
    const posters = await existingPosters(dataDir);
    for (const record of await media.all()) {
      const item = fromRecord(mediaDir, record, posters);
      this.#keep(item);
      this.#shelf.trust(item.sideSubtitles);
    }
    await mkdir(mediaDir, { recursive: true }).catch((error: unknown) => {
      log.error({ err: error, mediaDir }, "The media folder can't be made");
    });
    this.#watch = watchMedia({
      mediaDir,
      log,
      onFile: (file) => this.#examineSoon(file),
      onSubtitle: (file) => this.#sidesSoon(filmFolderOf(file), file),
      onUnsure: () => this.#scanSoon(),
      ...(settleMs !== undefined && { settleMs }),
      ...(checkMs !== undefined && { checkMs }),
    });
    // What changes before the watcher sees changes is found by this scan.
    const { ready } = this.#watch;
    this.#scanSoon(ready);
    this.#rescanTimer = setInterval(() => this.#scanSoon(), RESCAN_MS);
    this.#rescanTimer.unref();
  }

  async scanned(): Promise<void> {
    while (this.#scanning !== null || this.#probes.progress !== null || this.#sides.progress !== null) {
      await this.#scanning;
      await this.#probes.idle();
      await this.#sides.idle();
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#rescanTimer);
    await this.#watch?.stop();
    await this.#scanning;
    await Promise.all([this.#probes.close(), this.#posters.close(), this.#sides.close()]);
  }

  items(): readonly MediaItem[] {
    return [...this.#byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  readonly get = (id: string): MediaItem | undefined => this.#byId.get(id);

  get scan(): WorkProgress | null {
    return this.#probes.progress ?? (this.#scanning === null ? null : { done: 0, total: 0 });
  }

  posterPath(item: MediaItem): string | null {
    return item.hasPoster ? posterFile(this.#options.dataDir, item.fileId) : null;
  }

  onChange(listener: (change: LibraryChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #scanSoon(after?: Promise<void>): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#scanning !== null) {
      this.#scanAgain = true;
      return;
    }
    this.#scanning = this.#scan(after)
      .catch((error: unknown) => {
        if (!this.#stopping.signal.aborted) this.#options.log.error({ err: error }, "The library scan failed");
      })
      .finally(() => {
        this.#scanning = null;
        if (!this.#scanAgain) return;
        this.#scanAgain = false;
        this.#scanSoon();
      });
  }

  async #scan(after: Promise<void> | undefined): Promise<void> {
    const { mediaDir, log } = this.#options;
    if (after) await Promise.race([after, aborted(this.#stopping.signal)]);
    const found = await walk(mediaDir, this.#stopping.signal);
    for (const folder of found.unread) {
      log.warn({ folder: path.join(mediaDir, folder) }, "A folder of the library can't be read");
    }
    const changes = changesSince(this.#byPath.values(), found, (item) => this.#byId.get(item.id)?.again === true);
    await this.#forget(changes.gone);
    for (const file of changes.examine) {
      // A new file shows in the library at once, while it waits for its turn.
      if (!this.#byPath.has(file.path)) this.#keep(this.#pending(file, undefined), "added");
      this.#examineSoon(file.path, file.problem);
    }
    for (const item of this.#byPath.values()) this.#posterSoon(item);
    this.#shelf.replace(found.subtitles, (file) => isUnread(found, file));
    const had = [...this.#byPath.values()].filter((item) => item.sideSubtitles.length > 0).map(folderOf);
    for (const folder of new Set([...this.#shelf.folders(), ...had])) this.#sidesSoon(folder);
  }

  /** Gives the films of a folder their subtitle files anew. @param changed one of those, to be looked at first. */
  #sidesSoon(folder: string, changed?: string): void {
    this.#sides.add(changed ?? `${folder}/`, () =>
      this.#giveSides(folder, changed).catch((error: unknown) => {
        this.#options.log.error({ err: error, folder }, "Subtitle files can't be given to their films");
      }),
    );
  }

  async #giveSides(folder: string, changed: string | undefined): Promise<void> {
    if (changed !== undefined) {
      const file = await identify(this.#options.mediaDir, changed);
      if (file === "unreachable") return;
      if (file === "gone") this.#shelf.remove(changed);
      else this.#shelf.set(file);
    }
    const films = [...this.#byPath.values()].filter((item) => folderOf(item) === folder).map((item) => item.path);
    for (const [film, sideSubtitles] of await this.#shelf.assign(folder, films)) {
      const item = this.#byPath.get(film);
      if (item === undefined || versionsOf(item.sideSubtitles) === versionsOf(sideSubtitles)) continue;
      const given: KnownItem = { ...item, sideSubtitles };
      this.#keep(given, "changed");
      if (given.status !== "pending") await this.#store(given);
    }
  }

  #examineSoon(file: string, problem?: string): void {
    this.#probes.add(file, () =>
      this.#examine(file, problem).catch((error: unknown) => {
        if (!this.#stopping.signal.aborted) this.#options.log.error({ err: error, file }, "A file can't be examined");
      }),
    );
  }

  async #examine(file: string, problem: string | undefined): Promise<void> {
    const { mediaDir, dataDir, log } = this.#options;
    const before = this.#byPath.get(file);
    const found = problem === undefined ? await identify(mediaDir, file) : { ...unseen(file), problem };
    if (found === "unreachable") return;
    if (found === "gone") {
      if (before) await this.#forget([before]);
      return;
    }
    const isSame = before !== undefined && before.status !== "pending" && sameFile(before, found);
    if (isSame && !before.again) return;

    const item = this.#pending(found, before);
    // What is looked at again keeps its error in sight meanwhile.
    if (!isSame) this.#keep(item, before ? "changed" : "added");
    const startedAt = performance.now();
    const outcome = await this.#probe(item, found.problem);
    if (this.#stopping.signal.aborted) return;
    tellProbe(item, outcome, performance.now() - startedAt);

    const examined = examinedItem(item, outcome);
    if (before && before.fileId !== item.fileId) await removePoster(dataDir, before.fileId);
    this.#keep(examined, "changed");
    if (examined.status === "error" && examined.error !== before?.error) {
      log.warn({ file, reason: examined.error }, "A file of the library can't be played");
    }
    await this.#store(examined);
    this.#posterSoon(examined);
    this.#sidesSoon(folderOf(examined));
  }

  #pending(file: FoundFile, before: KnownItem | undefined): KnownItem {
    const { mediaDir } = this.#options;
    const item = pendingItem(mediaDir, file, before?.id ?? mediaIdOf(file.path), before?.addedAt ?? Date.now());
    return { ...item, sideSubtitles: before?.sideSubtitles ?? [] };
  }

  async #probe(item: KnownItem, problem: string | undefined): Promise<ProbeOutcome> {
    if (problem !== undefined) return { info: null, error: problem, again: true };
    const { ffprobe, log } = this.#options;
    try {
      const info = await probeFile({
        ffprobe,
        file: item.absolutePath,
        sizeBytes: item.sizeBytes,
        signal: this.#stopping.signal,
      });
      return { info, error: null, again: false };
    } catch (error) {
      if (error instanceof FfprobeMissingError && !this.#saidFfprobeMissing) {
        this.#saidFfprobeMissing = true;
        log.error(error.message);
      }
      if (error instanceof ProbeError) return { info: null, error: error.message, again: error.again };
      log.error({ err: error, file: item.path }, "The probe failed unexpectedly");
      return { info: null, error: "The file could not be examined. The server's log has the details.", again: true };
    }
  }

  #posterSoon(item: KnownItem): void {
    if (item.info === null || item.hasPoster || item.posterFailed) return;
    this.#posters.add(item.id, () => this.#makePoster(item.id));
  }

  async #makePoster(id: string): Promise<void> {
    const { ffmpeg, dataDir, log } = this.#options;
    const item = this.#byId.get(id);
    const { signal } = this.#stopping;
    if (!item?.info || signal.aborted) return;
    const { fileId, absolutePath: file, info } = item;
    const made = await makePoster({ ffmpeg, dataDir, fileId, file, info, signal }).then(
      () => true,
      async (error: unknown) => {
        if (!signal.aborted) log.debug({ err: error, file }, "No poster could be made");
        // Neither a missing ffmpeg nor a disk that is away is the film's fault: try again at the next scan.
        const found = await identify(this.#options.mediaDir, item.path);
        return error instanceof FfmpegMissingError || typeof found === "string" ? undefined : false;
      },
    );
    if (made === undefined || signal.aborted) return;
    const now = this.#byId.get(id);
    // The file was changed or removed meanwhile.
    if (now?.fileId !== fileId) return await removePoster(dataDir, fileId);
    const done: KnownItem = { ...now, hasPoster: made, posterFailed: !made };
    this.#keep(done, "changed");
    if (!made) await this.#store(done);
  }

  async #forget(items: readonly MediaItem[]): Promise<void> {
    if (items.length === 0) return;
    for (const item of items) {
      this.#byId.delete(item.id);
      this.#byPath.delete(item.path);
      this.#tell("removed", item);
    }
    const { media, dataDir, log } = this.#options;
    // What stays in the store is forgotten at the next start.
    await media.remove(items.map((item) => item.id)).catch((error: unknown) => {
      log.error({ err: error }, "Films that are gone can't be removed from the store");
    });
    for (const item of items) await removePoster(dataDir, item.fileId);
    // Who is left alone in its folder has all the subtitle files there.
    for (const folder of new Set(items.map(folderOf))) this.#sidesSoon(folder);
  }

  async #store(item: KnownItem): Promise<void> {
    // It plays all the same, and is examined again at the next start.
    await this.#options.media.put(toRecord(item)).catch((error: unknown) => {
      this.#options.log.error({ err: error, file: item.path }, "A film can't be stored");
    });
  }

  #keep(item: KnownItem, kind?: LibraryChange["kind"]): void {
    this.#byId.set(item.id, item);
    this.#byPath.set(item.path, item);
    if (kind) this.#tell(kind, item);
  }

  #tell(kind: LibraryChange["kind"], item: MediaItem): void {
    for (const listener of this.#listeners) listener({ kind, item });
  }
}

const folderOf = (item: MediaItem): string => item.path.split("/").slice(0, -1).join("/");

const versionsOf = (files: MediaItem["sideSubtitles"]): string => files.map((f) => `${f.id}@${f.version}`).join();

const unseen = (file: string) => ({ path: file, sizeBytes: 0, mtimeMs: 0 });

/** `unreachable` is not `gone`: a disk that does not answer, or is not mounted, loses no film. */
async function identify(mediaDir: string, file: string): Promise<FoundFile | "gone" | "unreachable"> {
  try {
    const stats = await stat(path.join(mediaDir, file));
    return stats.isFile() ? { path: file, ...identityOf(stats) } : "gone";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENOENT" && code !== "ENOTDIR") return "unreachable";
    return await stat(mediaDir).then(
      () => "gone" as const,
      () => "unreachable" as const,
    );
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
