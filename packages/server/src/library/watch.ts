import { stat } from "node:fs/promises";
import path from "node:path";
import { watch as chokidarWatch, type FSWatcher } from "chokidar";
import type { FastifyBaseLogger } from "fastify";
import { isSubtitleName } from "./side-subtitles/side-subtitle.js";
import { isHidden, isVideoName } from "./video-files.js";

export interface WatchOptions {
  readonly mediaDir: string;
  readonly log: FastifyBaseLogger;
  /** Something happened to this file, relative to the media folder: look at it. Called when its size has settled. */
  readonly onFile: (relativePath: string) => void;
  /** The same for a subtitle file. */
  readonly onSubtitle: (relativePath: string) => void;
  /** Changes may have been missed: look at everything. */
  readonly onUnsure: () => void;
  /** How long a file's size must stay before it counts as copied. */
  readonly settleMs?: number;
  /** How often it is asked whether the media folder is still there, and the same. */
  readonly checkMs?: number;
}

export interface Watch {
  /** Resolves when changes are seen from now on. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

const SETTLE_MS = 2_000;
const CHECK_MS = 2_000;

/**
 * Watches the media folder. A watcher holds on to the folder that it was given: when another one takes its place (a disk
 * is mounted there, or comes back), it would see nothing more; so the folder itself is looked at regularly.
 */
export function watchMedia(options: WatchOptions): Watch {
  const { mediaDir, log, onUnsure, checkMs = CHECK_MS } = options;
  let watcher: FSWatcher | undefined;
  let watched: string | null = null;
  let stopped = false;
  let checking = Promise.resolve();

  async function begin(): Promise<void> {
    watched = await folderIdentity(mediaDir);
    if (watched === null || stopped) return;
    const current = createWatcher(options);
    watcher = current;
    await new Promise<void>((resolve) => current.once("ready", () => resolve()));
  }

  async function check(): Promise<void> {
    const found = await folderIdentity(mediaDir);
    if (stopped || found === watched) return;
    if (found === null) log.warn({ mediaDir }, "The media folder is gone; waiting for it to come back");
    else log.info({ mediaDir }, "The media folder is another one than before");
    await watcher?.close();
    await begin();
    if (!stopped) onUnsure();
  }

  const ready = begin();
  const timer = setInterval(() => {
    checking = checking
      .then(check)
      .catch((error: unknown) => log.warn({ err: error }, "The media folder can't be checked"));
  }, checkMs);
  timer.unref();

  return {
    ready,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await watcher?.close();
      await checking;
    },
  };
}

const folderIdentity = (folder: string): Promise<string | null> =>
  stat(folder).then(
    (stats) => `${stats.dev}:${stats.ino}`,
    () => null,
  );

function createWatcher({ mediaDir, log, onFile, onSubtitle, settleMs = SETTLE_MS }: WatchOptions): FSWatcher {
  const tell = (file: string) => {
    const relative = path.relative(mediaDir, file).split(path.sep).join("/");
    if (isVideoName(path.basename(file))) onFile(relative);
    else if (isSubtitleName(path.basename(file))) onSubtitle(relative);
  };
  let warned = false;
  return chokidarWatch(mediaDir, {
    ignoreInitial: true,
    // Links are followed by the scan; a watcher that follows them runs into their loops.
    followSymlinks: false,
    ignorePermissionErrors: true,
    ignored: (file, stats) => {
      if (file === mediaDir) return false;
      const name = path.basename(file);
      return isHidden(name) || (stats?.isFile() === true && !isVideoName(name) && !isSubtitleName(name));
    },
    awaitWriteFinish: { stabilityThreshold: settleMs, pollInterval: Math.min(200, settleMs) },
  })
    .on("add", tell)
    .on("change", tell)
    .on("unlink", tell)
    .on("error", (error) => {
      if (!warned)
        log.warn({ err: error }, "Some changes of the media folder are seen late: not all of it can be watched");
      warned = true;
    });
}
