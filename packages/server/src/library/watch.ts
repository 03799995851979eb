import { stat } from "node:fs/promises";
import path from "node:path";
import { watch as chokidarWatch, type FSWatcher } from "chokidar";
import type { FastifyBaseLogger } from "fastify";
import { isHidden, isVideoName } from "./video-files.js";

export interface WatchOptions {
  readonly mediaDir: string;
  readonly log: FastifyBaseLogger;
  /** Something happened to this file, relative to the media folder: look at it. Called when its size has settled. */
  readonly onFile: (relativePath: string) => void;
  /** Changes may have been missed: look at everything. */
  readonly onUnsure: () => void;
  /** How long a file's size must stay before it counts as copied. */
  readonly settleMs?: number;
  /** How often a media folder that is gone is looked for. */
  readonly searchMs?: number;
}

export interface Watch {
  /** Resolves when changes are seen from now on. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

const SETTLE_MS = 2_000;
const SEARCH_MS = 2_000;

/** Watches the media folder, and waits for it to come back when it is gone (a disk that is mounted later). */
export function watchMedia(options: WatchOptions): Watch {
  const { mediaDir, log, onFile, onUnsure, settleMs = SETTLE_MS, searchMs = SEARCH_MS } = options;
  let watcher: FSWatcher | undefined;
  let search: NodeJS.Timeout | undefined;
  let stopped = false;

  function begin(): Promise<void> {
    const current = chokidarWatch(mediaDir, {
      ignoreInitial: true,
      // Links are followed by the scan; a watcher that follows them runs into their loops.
      followSymlinks: false,
      ignorePermissionErrors: true,
      ignored: (file, stats) => {
        if (file === mediaDir) return false;
        return isHidden(path.basename(file)) || (stats?.isFile() === true && !isVideoName(path.basename(file)));
      },
      awaitWriteFinish: { stabilityThreshold: settleMs, pollInterval: Math.min(200, settleMs) },
    });
    watcher = current;
    const tell = (file: string) => {
      if (isVideoName(path.basename(file))) onFile(path.relative(mediaDir, file).split(path.sep).join("/"));
    };
    current.on("add", tell).on("change", tell).on("unlink", tell);
    current.on("unlinkDir", (folder) => {
      if (folder === mediaDir) void lost();
    });
    let warned = false;
    current.on("error", (error) => {
      if (!warned)
        log.warn(
          { err: error },
          "Not all changes of the media folder can be seen at once; it is looked through regularly",
        );
      warned = true;
    });
    return new Promise((resolve) => current.once("ready", () => resolve()));
  }

  async function lost(): Promise<void> {
    if (stopped || search !== undefined) return;
    log.warn({ mediaDir }, "The media folder is gone; waiting for it to come back");
    search = setInterval(() => void look(), searchMs);
    search.unref();
    await watcher?.close();
    onUnsure();
  }

  async function look(): Promise<void> {
    const found = await stat(mediaDir).catch(() => undefined);
    if (stopped || !found?.isDirectory() || search === undefined) return;
    clearInterval(search);
    search = undefined;
    await begin();
    log.info({ mediaDir }, "The media folder is back");
    onUnsure();
  }

  const ready = begin();
  return {
    ready,
    async stop() {
      stopped = true;
      clearInterval(search);
      await watcher?.close();
    },
  };
}
