import path from "node:path";
import {
  type Cue,
  type SubtitleRendition,
  subtitleRenditions,
  textStreams,
  VTT_HEAD,
  VTT_SEGMENT_HEAD,
  vttCues,
} from "@playhead/hls";
import type { FastifyBaseLogger } from "fastify";
import { AppError } from "../../errors.js";
import { readSideSubtitle } from "../../library/side-subtitles/read-side-subtitle.js";
import type { PlayableItem } from "../playable.js";
import { CueStore } from "./cue-store.js";
import { Extraction } from "./extraction.js";

export interface SubtitlesOptions {
  readonly ffmpeg: string;
  readonly dataDir: string;
  readonly log: FastifyBaseLogger;
}

/** The whole of a track as WebVTT: at once, or in pieces as it is read out of the film. */
export interface WholeTrack {
  /** Changes with what it is made from. */
  readonly version: string;
  readonly text: string | AsyncIterable<string>;
}

interface Film {
  readonly extraction: Promise<Extraction>;
  /** Who watches it, or has a track of it sent. */
  readonly viewers: Set<string>;
}

/** Films whose cues stay in memory though nobody watches. */
const KEPT_FILMS = 8;
const KEPT_FILES = 32;

/** Text subtitles as WebVTT. A film is read once for all its tracks and viewers; what was read is kept. */
export class Subtitles {
  readonly #options: SubtitlesOptions;
  readonly #store: CueStore;
  /** By file id; the least recently used first. */
  readonly #films = new Map<string, Film>();
  /** Side files by id and version. */
  readonly #files = new Map<string, Promise<readonly Cue[]>>();
  readonly #writing = new Set<Promise<void>>();
  #streams = 0;

  constructor(options: SubtitlesOptions) {
    this.#options = options;
    this.#store = new CueStore(options.dataDir);
  }

  async start(): Promise<void> {
    await this.#store.start();
  }

  /** Somebody is about to watch, or watches on there: what is said there is read first. Does not wait. */
  begin(item: PlayableItem, viewer: string, positionMs: number): void {
    if (textStreams(item.info).length === 0) return;
    const film = this.#open(item);
    film.viewers.add(viewer);
    void whenOpen(film, (extraction) => {
      if (film.viewers.has(viewer)) extraction.near(positionMs);
    });
  }

  /** That viewer has left. A film that nobody watches is not read on. */
  release(viewer: string): void {
    for (const film of this.#films.values()) {
      if (film.viewers.delete(viewer) && film.viewers.size === 0) {
        void whenOpen(film, (extraction) => {
          if (film.viewers.size === 0) extraction.rest();
        });
      }
    }
    this.#dropOldest();
  }

  /** One segment of a rendition. @throws {AppError} not_found, media_unreadable */
  async segment(item: PlayableItem, rendition: SubtitleRendition, index: number, signal: AbortSignal): Promise<string> {
    const { boundaries } = rendition.plan;
    const [from, to] = [boundaries[index], boundaries[index + 1]];
    if (from === undefined || to === undefined) throw new AppError("not_found");
    const [fromMs, toMs] = [from * 1000, to * 1000];
    const { source } = rendition;
    if (source.type === "file") {
      const cues = await this.#cuesOfFile(item, rendition.id);
      return VTT_SEGMENT_HEAD + vttCues(cues.filter((cue) => cue.startMs < toMs && cue.endMs > fromMs));
    }
    const extraction = await this.#open(item).extraction;
    return VTT_SEGMENT_HEAD + vttCues(await extraction.between(source.streamIndex, fromMs, toMs, signal));
  }

  /** @param atMs where the viewer is: that part comes first. @throws {AppError} not_found, media_unreadable */
  async whole(item: PlayableItem, id: string, atMs: number, signal: AbortSignal): Promise<WholeTrack> {
    const rendition = subtitleRenditions(item.info, item.sideSubtitles).find((each) => each.id === id);
    if (rendition === undefined) throw new AppError("not_found");
    const { source, plan } = rendition;
    const version = `${item.fileId}-${plan.version}`;
    if (source.type === "file") return { version, text: VTT_HEAD + vttCues(await this.#cuesOfFile(item, id)) };
    const extraction = await this.#open(item).extraction;
    if (extraction.isOver) return { version, text: VTT_HEAD + vttCues(extraction.cues(source.streamIndex)) };
    return { version, text: this.#follow(item, extraction, source.streamIndex, atMs, signal) };
  }

  /** The film is gone, or another one lies in its place. */
  async forget(fileId: string): Promise<void> {
    const film = this.#films.get(fileId);
    this.#films.delete(fileId);
    if (film !== undefined) await whenOpen(film, (extraction) => extraction.stop());
    await this.#store.remove(fileId);
  }

  async stop(): Promise<void> {
    const films = [...this.#films.values()];
    this.#films.clear();
    await Promise.allSettled(films.map(async ({ extraction }) => (await extraction).stop()));
    await Promise.all(this.#writing);
  }

  #open(item: PlayableItem): Film {
    const known = this.#films.get(item.fileId);
    if (known !== undefined) {
      this.#films.delete(item.fileId);
      this.#films.set(item.fileId, known);
      return known;
    }
    const film: Film = { extraction: this.#extract(item), viewers: new Set() };
    film.extraction.catch(() => this.#films.delete(item.fileId));
    this.#films.set(item.fileId, film);
    this.#dropOldest();
    return film;
  }

  async #extract(item: PlayableItem): Promise<Extraction> {
    const { ffmpeg, log } = this.#options;
    const { fileId, absolutePath, info } = item;
    const file = path.basename(absolutePath);
    const known = await this.#store.get(fileId);
    return new Extraction({
      ffmpeg,
      input: absolutePath,
      info,
      streams: textStreams(info),
      ...(known && { known }),
      onComplete: (cues) => {
        const writing = this.#store.put(fileId, cues).catch((error: unknown) => {
          // They are read again after the next start.
          log.warn({ err: error, file }, "Subtitles can't be kept on the disk");
        });
        this.#writing.add(writing);
        void writing.finally(() => this.#writing.delete(writing));
      },
      onFailed: (message) => log.warn({ file, reason: message }, "The subtitles of a film can't be read"),
    });
  }

  async *#follow(
    item: PlayableItem,
    extraction: Extraction,
    streamIndex: number,
    atMs: number,
    signal: AbortSignal,
  ): AsyncIterable<string> {
    const viewer = `track ${++this.#streams}`;
    const sent = new Set<Cue>();
    let wake = () => {};
    const stopListening = extraction.onMore(() => wake());
    const onAbort = () => wake();
    signal.addEventListener("abort", onAbort, { once: true });
    this.begin(item, viewer, atMs);
    try {
      yield VTT_HEAD;
      for (;;) {
        const more = new Promise<void>((resolve) => (wake = resolve));
        const { isOver } = extraction;
        // One that may still grow is held back: its end can't be corrected later.
        const ready = extraction
          .cues(streamIndex)
          .filter((cue) => !sent.has(cue) && extraction.isRead(cue.startMs, cue.endMs + 50));
        for (const cue of ready) sent.add(cue);
        if (ready.length > 0) yield vttCues(ready);
        if (isOver || signal.aborted) return;
        await more;
      }
    } finally {
      stopListening();
      signal.removeEventListener("abort", onAbort);
      this.release(viewer);
    }
  }

  #cuesOfFile(item: PlayableItem, id: string): Promise<readonly Cue[]> {
    const file = item.sideSubtitles.find((each) => each.id === id);
    if (file === undefined) throw new AppError("not_found");
    const key = `${id}@${file.version}`;
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    // The library keeps it beside the film: the way from there to the media folder is the film's.
    const mediaDir = item.absolutePath.slice(0, item.absolutePath.length - item.path.length);
    const reading = readSideSubtitle(path.join(mediaDir, file.path), file).catch((cause: unknown) => {
      this.#files.delete(key);
      throw new AppError("media_unreadable", { cause });
    });
    this.#files.set(key, reading);
    for (const oldest of this.#files.keys()) {
      if (this.#files.size <= KEPT_FILES) break;
      this.#files.delete(oldest);
    }
    return reading;
  }

  #dropOldest(): void {
    let idle = [...this.#films.values()].filter(({ viewers }) => viewers.size === 0).length;
    for (const [fileId, film] of this.#films) {
      if (idle <= KEPT_FILMS) return;
      if (film.viewers.size > 0) continue;
      idle--;
      this.#films.delete(fileId);
      void whenOpen(film, (extraction) => extraction.stop());
    }
  }
}

/** One that could not be opened is told to who asked for it; the others have nothing to do with it. */
async function whenOpen({ extraction }: Film, work: (opened: Extraction) => void | Promise<void>): Promise<void> {
  let opened: Extraction;
  try {
    opened = await extraction;
  } catch {
    return;
  }
  await work(opened);
}
