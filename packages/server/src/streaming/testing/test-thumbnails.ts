import { pino } from "pino";
import type { MediaItem } from "../../library/media-item.js";
import { createScheduler, type Scheduler } from "../encoder/scheduler.js";
import { createThumbnails, type Thumbnails, type ThumbnailsDeps } from "../thumbnails/thumbnails.js";

export interface TestThumbnails extends Thumbnails {
  readonly scheduler: Scheduler;
}

/** Thumbnails of these films, with one encoder for all. */
export async function startThumbnails(
  items: readonly MediaItem[],
  config: Partial<ThumbnailsDeps["config"]> & { readonly dataDir: string },
  options: Partial<Pick<ThumbnailsDeps, "lookMs" | "isWatched">> = {},
): Promise<TestThumbnails> {
  const scheduler = createScheduler({ maxEncoders: 1 });
  const thumbnails = createThumbnails({
    items: () => items,
    scheduler,
    isWatched: () => false,
    config: { ffmpeg: "ffmpeg", thumbnailsMaxBytes: 1e9, playback: true, ...config },
    means: () => ({ zscale: true }),
    log: pino({ level: "silent" }),
    ...options,
  });
  await thumbnails.start();
  return { ...thumbnails, scheduler };
}
