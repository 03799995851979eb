import type { LibraryItem } from "@playhead/protocol";

/** `S01E02`, `E02`, or nothing. */
export function episodeCode(item: Pick<LibraryItem, "season" | "episode">): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const season = item.season === undefined ? "" : `S${two(item.season)}`;
  return item.episode === undefined ? season : `${season}E${two(item.episode)}`;
}
