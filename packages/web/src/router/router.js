import { signal } from "@preact/signals";

const current = signal(read());
export const place = current;
/** Goes to a page of this application. `to` is a path with an optional query. */
export function navigate(to, options = {}) {
  const { depth } = entry();
  if (options.replace) {
    history.replaceState({ depth, scrollY: 0 }, "", to);
  } else {
    history.replaceState({ depth, scrollY }, "");
    history.pushState({ depth: depth + 1, scrollY: 0 }, "", to);
  }
  current.value = read();
  scrollTo(0, 0);
}
/** Changes the query of this page without leaving it: what is searched for survives a visit elsewhere. */
export function setQuery(query) {
  const text = query.toString();
  history.replaceState({ ...entry(), scrollY }, "", location.pathname + (text === "" ? "" : `?${text}`));
  current.value = read();
}
/** Back where the viewer came from, or to `otherwise` when this was the first page of the window. */
export function goBack(otherwise) {
  if (entry().depth > 0) history.back();
  else navigate(otherwise, { replace: true });
}
/** What an entry of the history carries: how many pages of ours lie behind it, and how far it was scrolled. */
function entry() {
  const state = history.state;
  if (typeof state !== "object" || state === null || !("depth" in state) || !("scrollY" in state)) {
    return { depth: 0, scrollY: 0 };
  }
  return { depth: Number(state.depth) || 0, scrollY: Number(state.scrollY) || 0 };
}
/**
 * Makes plain links of the document navigate in place. Links to what `isPage` does not know, to other origins, with a
 * modifier key, a target or a download stay with the browser. Returns its stop function.
 */
export function startRouter(isPage) {
  const stop = new AbortController();
  history.scrollRestoration = "manual";
  const follow = () => {
    const { scrollY } = entry();
    current.value = read();
    // The page is drawn in the next frame; only then is it long enough to be scrolled.
    requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, scrollY)));
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
function read() {
  return { path: location.pathname, query: location.search };
}
//# sourceMappingURL=router.js.map
