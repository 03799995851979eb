import type { LibraryItem, LibraryReply } from "@playhead/protocol";
import { type ReadonlySignal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { knownLibrary, loadLibrary } from "../api/library.js";
import { useResource } from "../api/resource.js";
import { Icon } from "../design/icon.js";
import { KeyMap } from "../design/key-map.js";
import { Notice } from "../design/notice.js";
import { warmUp } from "../player/warm-up.js";
import { place, setQuery } from "../router/router.js";
import { arrange, type Order } from "./arrange.js";
import { BegunCard, Card, RecentCard } from "./card.js";
import "./library.css";
import { SeriesShelf } from "./series-shelf.js";
import "./still.css";

/** While files are being examined, and after that: now and then, for what was put into the folder. */
const refreshMs = (reply: LibraryReply | undefined) =>
  reply?.scan || reply?.items.some((item) => item.status === "pending") ? 2_000 : 60_000;

export function LibraryPage() {
  const library = useResource("library", loadLibrary, { refreshMs, memory: knownLibrary });
  const { value, error, loading } = library.state.value;
  useEffect(() => {
    document.title = "Library · Playhead";
  }, []);

  if (loading) return <Skeleton />;
  return (
    <>
      <h1 class="visually-hidden">Library</h1>
      {error && (
        <Notice
          tone="bad"
          title={value ? "This list may be out of date" : "The library could not be loaded"}
          actions={
            <button type="button" class="button" data-size="small" onClick={library.reload}>
              Try again
            </button>
          }
        >
          {error.message}
        </Notice>
      )}
      {value?.scan && <ScanProgress {...value.scan} />}
      {value && (value.items.length === 0 ? !value.scan && <EmptyLibrary /> : <Shelves items={value.items} />)}
    </>
  );
}

function Shelves({ items }: { items: readonly LibraryItem[] }) {
  const query: ReadonlySignal<string> = useComputed(() => new URLSearchParams(place.value.query).get("q") ?? "");
  const order: ReadonlySignal<Order> = useComputed(() =>
    new URLSearchParams(place.value.query).get("order") === "newest" ? "newest" : "title",
  );
  const shelves = arrange(items, query.value, order.value);
  const canGoOn = shelves.begun.length > 0;
  useEffect(() => {
    if (canGoOn) warmUp();
  }, [canGoOn]);
  const searching = query.value.trim() !== "";
  const found = shelves.films.length + shelves.series.length + shelves.broken.length > 0;
  return (
    <>
      <Finder query={query.value} order={order.value} />
      {!searching && shelves.begun.length > 0 && (
        <section class="shelf" aria-labelledby="begun">
          <h2 class="heading title-face" id="begun">
            Go on watching
          </h2>
          <ul class="strip" data-size="large">
            {shelves.begun.map((item) => (
              <li key={item.id}>
                <BegunCard item={item} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {!searching && order.value === "title" && shelves.films.length + shelves.series.length > FEW && (
        <section class="shelf" aria-labelledby="recent">
          <h2 class="heading title-face" id="recent">
            Recently added
          </h2>
          <ul class="strip">
            {shelves.recent.map((recent) => (
              <li key={recent.item.id}>
                <RecentCard recent={recent} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {shelves.films.length > 0 && (
        <section class="shelf" aria-labelledby="films">
          <h2 class="heading title-face" id="films">
            Films <span class="mono heading-count">{shelves.films.length}</span>
          </h2>
          <ul class="grid">
            {shelves.films.map((item, i) => (
              <li key={item.id}>
                <Card item={item} eager={i < 12} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {shelves.series.length > 0 && (
        <section class="shelf" aria-labelledby="series">
          <h2 class="heading title-face" id="series">
            Series <span class="mono heading-count">{shelves.series.length}</span>
          </h2>
          {shelves.series.map((series) => (
            <SeriesShelf key={series.name} series={series} />
          ))}
        </section>
      )}
      {shelves.broken.length > 0 && <Broken items={shelves.broken} />}
      {searching && !found && (
        <Notice
          icon="search"
          title={`Nothing here is called “${query.value.trim()}”`}
          actions={
            <button type="button" class="button" data-size="small" onClick={() => search("", order.value)}>
              Show everything
            </button>
          }
        >
          Titles, series, years and file names are searched.
        </Notice>
      )}
    </>
  );
}

/** So few are all in sight: no need to say which of them are new. */
const FEW = 6;

const keyLines = [
  { keys: ["/"], about: "Search the library" },
  { keys: ["Esc"], about: "Clear the search" },
  { keys: ["?"], about: "Show these keys" },
];

function search(query: string, order: Order): void {
  const next = new URLSearchParams();
  if (query !== "") next.set("q", query);
  if (order !== "title") next.set("order", order);
  setQuery(next);
}

function Finder({ query, order }: { query: string; order: Order }) {
  const field = useRef<HTMLInputElement>(null);
  const keysShown = useSignal(false);
  useEffect(() => {
    const stop = new AbortController();
    addEventListener(
      "keydown",
      (event) => {
        const { target } = event;
        if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
        if (target instanceof Element && target.closest("input, textarea, select, dialog")) return;
        if (event.key === "?") keysShown.value = true;
        if (event.key !== "/") return;
        event.preventDefault();
        field.current?.focus();
        field.current?.select();
      },
      { signal: stop.signal },
    );
    return () => stop.abort();
  }, [keysShown]);
  return (
    <search class="finder">
      {keysShown.value && <KeyMap title="Keys" lines={keyLines} onClose={() => (keysShown.value = false)} />}
      <label class="field">
        <Icon name="search" />
        <span class="visually-hidden">Search the library</span>
        <input
          type="search"
          placeholder="Search the library"
          autocomplete="off"
          aria-keyshortcuts="/"
          ref={field}
          value={query}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            if (query === "") field.current?.blur();
            else search("", order);
          }}
          onInput={(event) => search(event.currentTarget.value, order)}
        />
      </label>
      <div class="segments" role="group" aria-label="Order">
        <button type="button" aria-pressed={order === "title"} onClick={() => search(query, "title")}>
          A–Z
        </button>
        <button type="button" aria-pressed={order === "newest"} onClick={() => search(query, "newest")}>
          Newest
        </button>
      </div>
    </search>
  );
}

/** What can't be played is listed with its reason: a file that silently goes missing is worse than a broken one. */
function Broken({ items }: { items: readonly LibraryItem[] }) {
  return (
    <section class="shelf" aria-labelledby="broken">
      <h2 class="heading title-face" id="broken">
        Can’t be played <span class="mono heading-count">{items.length}</span>
      </h2>
      <ul class="broken">
        {items.map((item) => (
          <li key={item.id}>
            <Icon name="warning" />
            <a href={`/media/${encodeURIComponent(item.id)}`} class="mono broken-path">
              {item.path}
            </a>
            <span class="broken-reason">{item.error ?? "The server gives no reason."}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ScanProgress({ done, total }: { done: number; total: number }) {
  const share = total === 0 ? 0 : Math.min(1, done / total);
  return (
    <div
      class="scan"
      role="progressbar"
      aria-label="Examining the files"
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
    >
      <p>
        Examining the files <span class="mono">{`${done} of ${total}`}</span>
      </p>
      <div class="scan-track">
        <div class="ruler" />
        <i class="scan-marker" style={{ left: `${share * 100}%` }} />
      </div>
    </div>
  );
}

function EmptyLibrary() {
  return (
    <section class="empty">
      <div class="empty-strip" aria-hidden="true">
        <div class="empty-frames">
          <i />
          <i />
          <i />
        </div>
        <div class="ruler" />
        <i class="scan-marker" />
      </div>
      <h2 class="title-face">No films yet</h2>
      <p>
        Put video files into the media folder, in any format. They appear here by themselves, within seconds: nothing to
        import, nothing to convert.
      </p>
      <dl class="empty-facts">
        <dt class="label">The folder</dt>
        <dd>
          <code class="mono">media</code> beside the server, or what <code class="mono">PLAYHEAD_MEDIA_DIR</code> names.
        </dd>
        <dt class="label">A film</dt>
        <dd>
          <code class="mono">Title (1962).mkv</code>
        </dd>
        <dt class="label">A series</dt>
        <dd>
          <code class="mono">Show/Season 1/Show.S01E02.mkv</code>
        </dd>
      </dl>
    </section>
  );
}

function Skeleton() {
  return (
    <div role="status" aria-label="Loading the library">
      <div class="finder">
        <div class="skeleton skeleton-field" />
      </div>
      <ul class="grid">
        {Array.from({ length: 12 }, (_, i) => (
          <li key={i} class="card">
            <span class="still skeleton" />
            <span class="skeleton skeleton-line" />
          </li>
        ))}
      </ul>
    </div>
  );
}
