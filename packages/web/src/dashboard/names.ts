import type { LibraryItem } from "@playhead/protocol";
import { knownLibrary, loadLibrary } from "../api/library.js";
import { useResource } from "../api/resource.js";
import { user } from "../api/user.js";
import { episodeCode } from "../library/episode-code.js";
import { type Dimension, dimensions, valueName } from "./dimensions.js";

export interface Names {
  /** The item of the library, if it is there (still). */
  readonly item: (mediaId: string | null) => LibraryItem | undefined;
  /** A film's title; the id itself for what other players played, or what is gone. */
  readonly film: (mediaId: string | null) => string;
  readonly viewer: (viewerId: string | null) => string;
  /** A value of any dimension. */
  readonly value: (dimension: Dimension, value: string | null) => string;
}

/** Films, viewers and codes by the names that people know them by. */
export function useNames(): Names {
  const library = useResource("library", loadLibrary, { memory: knownLibrary, refreshMs: () => 60_000 });
  const items = new Map((library.state.value.value?.items ?? []).map((item) => [item.id, item]));
  const me = user.value;
  const item = (mediaId: string | null) => (mediaId === null ? undefined : items.get(mediaId));
  const film = (mediaId: string | null) => {
    if (mediaId === null) return "Unnamed film";
    const found = items.get(mediaId);
    return found ? filmName(found) : mediaId;
  };
  const viewer = (viewerId: string | null) => {
    if (viewerId === null) return "unknown";
    return viewerId === me?.id ? me.name : shortId(viewerId);
  };
  const value = (dimension: Dimension, given: string | null) => {
    if (given === null) return dimension === "errorCode" ? "No error" : `${dimensions[dimension]} not told`;
    if (dimension === "mediaId") return film(given);
    return dimension === "viewerId" ? viewer(given) : valueName(dimension, given);
  };
  return { item, film, viewer, value };
}

function filmName(item: LibraryItem): string {
  if (item.series === undefined) return item.title;
  const place = [item.series, episodeCode(item)].filter((part) => part !== "").join(" ");
  return item.title === item.series || item.title === "" ? place : `${place} · ${item.title}`;
}

/** The first part of a UUID tells viewers apart well enough; other ids are shown as they are. */
export function shortId(id: string): string {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(id) ? id.slice(0, 8) : id;
}
