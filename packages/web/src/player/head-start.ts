import { firstParts } from "./first-parts.js";
import { serverPath } from "./hls-lease.js";
import { WARM_UP } from "./warm-up-header.js";

/** A body that was asked for before its loader was. */
export interface Fetched {
  readonly response: Response;
  readonly data: ArrayBuffer;
  /** `performance.now()`. */
  readonly start: number;
  readonly first: number;
  readonly end: number;
}

/** What is already here, or on its way, when hls.js asks for it. */
export interface HeadStart {
  /** The text of a playlist that came along with the server's answer. */
  playlist(url: string): string | undefined;
  /**
   * Fetches what hls.js will ask for first when it plays from here: init and segment of each playlist. Resolves when all
   * of it is here; rejects where the server did not give it.
   */
  fetchFirst(atS: number): Promise<void>;
  /**
   * Begins to fetch what a viewer may seek to, in place of what was fetched so before: what nobody took of that ends.
   * Fetches as one who does not play yet.
   */
  fetchPlace(urls: readonly string[]): void;
  /** A playlist that hls.js will ask for later: known, or fetched now and kept for it. Rejects where there is no answer. */
  fetchPlaylist(url: string): Promise<string>;
  /**
   * Fetches what the picture will go on with, in place of what was fetched so before. Resolves when all of it is here;
   * rejects where the server did not give it.
   */
  fetchNext(urls: readonly string[]): Promise<void>;
  /** Hands over a fetch, under way or done, once. */
  take(url: string): FetchUnderWay | undefined;
  /** Ends what nobody took. */
  drop(): void;
}

export interface FetchUnderWay {
  /** Rejects where there was no usable answer: then it is asked for as usual. */
  readonly answer: Promise<Fetched>;
  abort(): void;
}

export function createHeadStart(given: Readonly<Record<string, string>> = {}): HeadStart {
  const playlists: Record<string, string> = { ...given };
  const underWay = new Map<string, FetchUnderWay>();
  let place: readonly string[] = [];
  let next: readonly string[] = [];
  const end = (path: string): void => {
    underWay.get(path)?.abort();
    underWay.delete(path);
  };
  const begin = (path: string, headers: Readonly<Record<string, string>> = {}): void => {
    const stop = new AbortController();
    const answer = fetchPart(path, stop.signal, headers);
    // Who takes it hears of its failure; until then it is no unhandled one.
    answer.catch(() => undefined);
    underWay.set(path, { answer, abort: () => stop.abort() });
  };
  const here = async (paths: readonly string[]): Promise<void> => {
    for (const path of paths) if (!underWay.has(path)) begin(path);
    await Promise.all(paths.flatMap((path) => underWay.get(path)?.answer ?? []));
  };
  return {
    playlist: (url) => playlists[serverPath(url)],
    async fetchFirst(atS) {
      const paths = Object.entries(given).flatMap(([path, playlist]) =>
        firstParts(playlist, atS).map((part) => path.replace(/[^/]*$/, part)),
      );
      await here(paths);
    },
    fetchPlace(urls) {
      const paths = urls.map(serverPath);
      for (const path of place) if (!paths.includes(path)) end(path);
      for (const path of paths) {
        if (!place.includes(path) && !underWay.has(path)) begin(path, { [WARM_UP]: "1" });
      }
      place = paths;
    },
    async fetchPlaylist(url) {
      const path = serverPath(url);
      return (playlists[path] ??= await fetchText(path));
    },
    async fetchNext(urls) {
      const paths = urls.map(serverPath);
      const before = next;
      next = paths;
      const answers = here(paths);
      // After what replaces it was asked for: a server that is at work on both goes on.
      for (const path of before) if (!paths.includes(path)) end(path);
      await answers;
    },
    take(url) {
      const path = serverPath(url);
      const taken = underWay.get(path);
      underWay.delete(path);
      return taken;
    },
    drop() {
      for (const each of underWay.values()) each.abort();
      underWay.clear();
    },
  };
}

async function fetchText(path: string): Promise<string> {
  const response = await fetch(path, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return await response.text();
}

async function fetchPart(
  path: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
): Promise<Fetched> {
  const start = performance.now();
  const response = await fetch(path, { signal, headers, credentials: "same-origin" });
  const first = performance.now();
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const data = await response.arrayBuffer();
  return { response, data, start, first, end: performance.now() };
}
