import type { LibraryItem } from "@playhead/protocol";
import { episodeCode } from "./episode-code.js";
import { isSeen, resumePoint } from "./resume-point.js";
import { matching } from "./search.js";

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
  /** To go on with, last watched first: what was begun, and of a series the episode after the one that was seen last. */
  readonly begun: readonly LibraryItem[];
  /** The newest, episodes of one series folded into one. */
  readonly recent: readonly Recent[];
  readonly films: readonly LibraryItem[];
  readonly series: readonly Series[];
  /** What can't be played, with its reason. */
  readonly broken: readonly LibraryItem[];
}

export interface Recent {
  /** The newest of them. */
  readonly item: LibraryItem;
  /** How many of the series came with it; 1 for a film. */
  readonly count: number;
}

const MOST_RECENT = 18;
/** Episodes that came within this of the newest of their series came together. */
const TOGETHER_MS = 7 * 86_400_000;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export function arrange(items: readonly LibraryItem[], query: string, order: Order): Shelves {
  const wanted = items.filter(matching(query));
  const playable = wanted.filter((item) => item.status !== "error");
  const compare = order === "newest" ? byNewest : byTitle;
  return {
    begun: toGoOnWith(playable.filter((item) => item.status === "ready")),
    recent: recentOf(playable.filter((item) => item.status === "ready")),
    films: playable.filter((item) => item.series === undefined).toSorted(compare),
    series: intoSeries(playable.filter((item) => item.series !== undefined)),
    broken: wanted.filter((item) => item.status === "error").toSorted(byTitle),
  };
}

function toGoOnWith(items: readonly LibraryItem[]): readonly LibraryItem[] {
  const films = items.filter((item) => item.series === undefined && isBegun(item));
  const episodes = items.filter((item) => item.series !== undefined);
  const series = [...groupBy(episodes, (item) => item.series)].flatMap(([, all]) => upNext(all) ?? []);
  return [...films.map((item) => ({ item, at: item.watchedAt ?? 0 })), ...series]
    .toSorted((a, b) => b.at - a.at || byNewest(a.item, b.item))
    .map(({ item }) => item);
}

const isBegun = (item: LibraryItem) => resumePoint(item.positionMs, item.durationMs, item.creditsMs) !== undefined;
const isWatched = (item: LibraryItem) => isSeen(item.positionMs, item.durationMs, item.creditsMs);

/** Of one series: the episode that is on, or the one after the last that was seen. */
function upNext(episodes: readonly LibraryItem[]): { readonly item: LibraryItem; readonly at: number } | undefined {
  const [last] = episodes
    .filter((item) => isBegun(item) || isWatched(item))
    .toSorted((a, b) => (b.watchedAt ?? 0) - (a.watchedAt ?? 0) || -byEpisode(a, b));
  if (!last) return undefined;
  const item = isBegun(last) ? last : neighbours(episodes, last.id).next;
  if (!item || isWatched(item)) return undefined;
  return { item, at: last.watchedAt ?? 0 };
}

function recentOf(items: readonly LibraryItem[]): readonly Recent[] {
  const groups = groupBy(items.toSorted(byNewest), (item) => item.series ?? item.id);
  return [...groups.values()].slice(0, MOST_RECENT).flatMap((group) => {
    const [newest] = group;
    if (!newest) return [];
    const since = (newest.addedAt ?? 0) - TOGETHER_MS;
    return { item: newest, count: group.filter((item) => (item.addedAt ?? 0) >= since).length };
  });
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
