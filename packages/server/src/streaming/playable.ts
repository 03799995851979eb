import type { MediaInfo } from "@playhead/hls";
import { AppError } from "../errors.js";
import type { MediaItem } from "../library/media-item.js";

/** An item that was probed and found good. */
export type PlayableItem = MediaItem & { readonly info: MediaInfo };

/** @throws {AppError} media_not_found, media_not_ready, media_unplayable */
export function playable(item: MediaItem | undefined): PlayableItem {
  if (item === undefined) throw new AppError("media_not_found");
  if (item.status === "error") {
    throw new AppError(
      "media_unplayable",
      item.error === null ? {} : { message: `This file can't be played: ${item.error}` },
    );
  }
  const { info } = item;
  if (item.status === "pending" || info === null) throw new AppError("media_not_ready");
  return { ...item, info };
}
