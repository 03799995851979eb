import { type ReadonlySignal, signal } from "@preact/signals";

/** Where the window is: path and query, as the address bar shows them. */
export interface Place {
  readonly path: string;
  readonly query: string;
}

const current = signal<Place>(read());

export const place: ReadonlySignal<Place> = current;

export interface NavigateOptions {
  /** Takes the place of the present entry of the history. */
  readonly replace?: boolean;
}

/** Goes to a page of this application. `to` is a path with an optional query. */
export function navigate(to: string, options: NavigateOptions = {}): void {
  if (options.replace) history.replaceState({ depth: depth() }, "", to);
  else history.pushState({ depth: depth() + 1 }, "", to);
  current.value = read();
  scrollTo(0, 0);
}

/** Back where the viewer came from, or to `otherwise` when this was the first page of the window. */
export function goBack(otherwise: string): void {
  if (depth() > 0) history.back();
  else navigate(otherwise, { replace: true });
}

/** How many pages of ours lie behind this one in the history. */
function depth(): number {
  const state: unknown = history.state;
  if (typeof state !== "object" || state === null || !("depth" in state)) return 0;
  return typeof state.depth === "number" ? state.depth : 0;
}

/**
 * Makes plain links of the document navigate in place. Links to what `isPage` does not know, to other origins, with a
 * modifier key, a target or a download stay with the browser. Returns its stop function.
 */
export function startRouter(isPage: (path: string) => boolean): () => void {
  const stop = new AbortController();
  const follow = () => {
    current.value = read();
  };
  addEventListener("popstate", follow, { signal: stop.signal });
  document.addEventListener(
    "click",
    (event) => {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
      if (!isPage(link.pathname)) return;
      event.preventDefault();
      navigate(link.pathname + link.search);
    },
    { signal: stop.signal },
  );
  return () => stop.abort();
}

function read(): Place {
  return { path: location.pathname, query: location.search };
}
