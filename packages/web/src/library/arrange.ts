import type { LibraryItem } from "@playhead/protocol";
import { resumePoint } from "./resume-point.js";

export type Order = "title" | "newest";

export interface Season {
  /** Null where the file's name tells no season. */
  readonly number: number | null;
  readonly episodes: readonly LibraryItem[];
}

export interface Series {
  readonly name: string;
  readonly seasons: readonly Season[];
}

/** The library as the page shows it: one place for each item, and the begun ones once more in front. */
export interface Shelves {
  readonly begun: readonly LibraryItem[];
  readonly films: readonly LibraryItem[];
  readonly series: readonly Series[];
  /** What can't be played, with its reason. */
  readonly broken: readonly LibraryItem[];
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export function arrange(items: readonly LibraryItem[], query: string, order: Order): Shelves {
  const wanted = items.filter(matching(query));
  const playable = wanted.filter((item) => item.status !== "error");
  const compare = order === "newest" ? byNewest : byTitle;
  return {
    begun: playable
      .filter((item) => item.status === "ready" && resumePoint(item.positionMs, item.durationMs) !== undefined)
      .toSorted(byNewest),
    films: playable.filter((item) => item.series === undefined).toSorted(compare),
    series: intoSeries(playable.filter((item) => item.series !== undefined)),
    broken: wanted.filter((item) => item.status === "error").toSorted(byTitle),
  };
}

/** Every word must occur in the title, the series or the path; case and accents do not matter. */
function matching(query: string): (item: LibraryItem) => boolean {
  const words = plain(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  return (item) => {
    const text = plain(`${item.title} ${item.series ?? ""} ${item.path} ${item.year ?? ""}`);
    return words.every((word) => text.includes(word));
  };
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function intoSeries(episodes: readonly LibraryItem[]): readonly Series[] {
  const bySeries = groupBy(episodes, (item) => item.series ?? "");
  return [...bySeries]
    .map(([name, items]) => ({ name, seasons: intoSeasons(items) }))
    .toSorted((a, b) => collator.compare(a.name, b.name));
}

function intoSeasons(episodes: readonly LibraryItem[]): readonly Season[] {
  const bySeason = groupBy(episodes, (item) => item.season ?? null);
  return [...bySeason]
    .map(([number, items]) => ({ number, episodes: items.toSorted(byEpisode) }))
    .toSorted((a, b) => (a.number ?? Number.POSITIVE_INFINITY) - (b.number ?? Number.POSITIVE_INFINITY));
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function byEpisode(a: LibraryItem, b: LibraryItem): number {
  return (a.episode ?? Number.POSITIVE_INFINITY) - (b.episode ?? Number.POSITIVE_INFINITY) || byTitle(a, b);
}

function byTitle(a: LibraryItem, b: LibraryItem): number {
  return collator.compare(a.title, b.title) || collator.compare(a.path, b.path);
}

function byNewest(a: LibraryItem, b: LibraryItem): number {
  return (b.addedAt ?? 0) - (a.addedAt ?? 0) || byTitle(a, b);
}

/** The episodes of an item's series in the order they are watched, and where the item stands among them. */
export function neighbours(items: readonly LibraryItem[], id: string): { previous?: LibraryItem; next?: LibraryItem } {
  const own = items.find((item) => item.id === id);
  if (own?.series === undefined) return {};
  const [series] = intoSeries(items.filter((item) => item.series === own.series && item.status !== "error"));
  const row = series?.seasons.flatMap((season) => season.episodes) ?? [];
  const at = row.findIndex((item) => item.id === id);
  const previous = at > 0 ? row[at - 1] : undefined;
  const next = at >= 0 ? row[at + 1] : undefined;
  return { ...(previous && { previous }), ...(next && { next }) };
}

/** What an item is called where nothing else says it: `Show S01E02`, or the film's title. */
export function fullName(item: Pick<LibraryItem, "title" | "series" | "season" | "episode">): string {
  return item.series === undefined ? item.title : `${item.series} ${episodeCode(item)}`.trim();
}

/** Its title says no more than its number: `Episode 3`. */
export function isUntitled(item: Pick<LibraryItem, "title" | "episode">): boolean {
  return item.episode !== undefined && item.title === `Episode ${item.episode}`;
}

/** `S01E02`, `E02`, or nothing. */
export function episodeCode(item: Pick<LibraryItem, "season" | "episode">): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const season = item.season === undefined ? "" : `S${two(item.season)}`;
  return item.episode === undefined ? season : `${season}E${two(item.episode)}`;
}
