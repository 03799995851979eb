import type { PictureMeans } from "@playhead/hls";
import type { FastifyBaseLogger } from "fastify";
import type { Config } from "../../config.js";
import type { MediaItem } from "../../library/media-item.js";
import { type Scheduler, SentAway } from "../encoder/scheduler.js";
import { makeSheet } from "./make-sheet.js";
import { planSheets, type SheetPlan, sheetsVtt } from "./sheet-plan.js";
import { SheetStore } from "./sheet-store.js";

export interface ThumbnailsDeps {
  readonly items: () => readonly MediaItem[];
  readonly scheduler: Scheduler;
  /** Whether anybody plays: then nothing is made but what was asked for. */
  readonly isWatched: () => boolean;
  readonly config: Pick<Config, "dataDir" | "ffmpeg" | "thumbnailsMaxBytes" | "playback">;
  /** What the ffmpeg at hand can do; asked for when the first sheet is made. */
  readonly means: () => PictureMeans;
  readonly log: FastifyBaseLogger;
  /** How often it is looked whether there is something to make, ms. */
  readonly lookMs?: number;
}

/** Sheets of pictures for the seek bar. */
export interface Thumbnails {
  /** WebVTT that names the sheets; `later`: they are made before all others now; `never`: there will be none. */
  vtt(item: MediaItem): { readonly text: string } | "later" | "never";
  /** Absolute path of a sheet; undefined where there is none. */
  sheet(item: MediaItem, index: number): string | undefined;
  /** The film is gone. */
  forget(fileId: string): Promise<void>;
  /** Takes over what was made, and begins to make what is missing, after a while: a start has better things to do. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A film whose pictures can't be made now may come back with its disk. */
const AGAIN_MS = 3_600_000;

export function createThumbnails(deps: ThumbnailsDeps): Thumbnails {
  const { scheduler, config, log, lookMs = 30_000 } = deps;
  const { ffmpeg } = config;
  const maxBytes = config.playback ? config.thumbnailsMaxBytes : 0;
  const store = new SheetStore(config.dataDir);
  const stopping = new AbortController();
  const { signal } = stopping;
  /** By file: whoever watches asks for theirs. The last one is made first. */
  const asked = new Set<string>();
  /** By file: when to try again, in ms. */
  const failed = new Map<string, number>();
  /** What is being made. */
  let current: { readonly fileId: string; readonly abort: () => void } | undefined;
  let working: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const hasFailed = (fileId: string) => (failed.get(fileId) ?? 0) > Date.now();
  const planOf = ({ status, info }: MediaItem) =>
    status === "ready" && info !== null && maxBytes > 0 ? planSheets(info) : undefined;
  const missing = (fileId: string, plan: SheetPlan) => {
    const made = store.made(fileId);
    return plan.sheets.find(({ index }) => !made.has(index));
  };
  const isOpen = (item: MediaItem) => {
    const plan = planOf(item);
    return plan !== undefined && !hasFailed(item.fileId) && missing(item.fileId, plan) !== undefined;
  };

  /** Who watches goes first; then, while nobody watches and there is room, the newest. */
  function nextItem(): MediaItem | undefined {
    const open = deps.items().filter(isOpen);
    for (const fileId of [...asked].toReversed()) {
      const item = open.find((each) => each.fileId === fileId);
      if (item !== undefined) return item;
    }
    if (deps.isWatched() || store.bytes >= maxBytes) return undefined;
    return open.toSorted((a, b) => b.addedAt - a.addedAt)[0];
  }

  function work(): void {
    if (signal.aborted) return;
    working ??= workThrough()
      .catch((error: unknown) => log.error({ err: error }, "Making thumbnails failed"))
      .finally(() => {
        working = undefined;
      });
  }

  async function workThrough(): Promise<void> {
    await store.keepOnly(new Set(deps.items().map(({ fileId }) => fileId)));
    for (let item = nextItem(); item !== undefined && !signal.aborted; item = nextItem()) {
      try {
        await workOn(item);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof SentAway) continue; // waits for its turn again
        failed.set(item.fileId, Date.now() + AGAIN_MS);
        log.debug({ err: error, file: item.path }, "No thumbnails could be made");
      }
    }
  }

  /** One sheet, so that whoever asks meanwhile need not wait for a whole film. */
  async function workOn({ fileId, info, absolutePath: input, ...item }: MediaItem): Promise<void> {
    const plan = planOf({ fileId, info, absolutePath: input, ...item });
    const sheet = plan && missing(fileId, plan);
    if (info === null || plan === undefined || sheet === undefined) return;
    const gone = new AbortController();
    current = { fileId, abort: () => gone.abort() };
    try {
      await scheduler.atLeisure(
        async (signal) => {
          await store.prepare(fileId);
          const target = store.file(fileId, sheet.index);
          await makeSheet({ ffmpeg, input, info, plan, sheet, target, means: deps.means(), signal });
        },
        AbortSignal.any([signal, gone.signal]),
      );
    } finally {
      current = undefined;
      // The film went while its pictures were made.
      if (gone.signal.aborted) await store.remove(fileId);
    }
    await store.count(fileId);
    await store.shrink(maxBytes, fileId);
    if (missing(fileId, plan) === undefined) asked.delete(fileId);
  }

  return {
    vtt(item) {
      const { fileId } = item;
      const plan = planOf(item);
      if (plan === undefined || hasFailed(fileId)) return "never";
      if (missing(fileId, plan) !== undefined) {
        asked.delete(fileId);
        asked.add(fileId);
        work();
        return "later";
      }
      store.use(fileId);
      const folder = `/api/v1/media/${encodeURIComponent(item.id)}/thumbnails`;
      return { text: sheetsVtt(plan, (sheet) => `${folder}/${sheet}.jpg?v=${fileId}`) };
    },
    sheet: ({ fileId }, index) => (store.made(fileId).has(index) ? store.file(fileId, index) : undefined),
    async forget(fileId) {
      asked.delete(fileId);
      failed.delete(fileId);
      if (current?.fileId === fileId) current.abort();
      await store.remove(fileId);
    },
    async start() {
      if (maxBytes === 0) return;
      await store.open();
      timer = setInterval(work, lookMs);
      timer.unref();
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await working;
    },
  };
}
