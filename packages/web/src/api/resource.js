import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
/** Loads on mount and whenever `key` changes; ends its requests and timers on unmount. */
export function useResource(key, load, options = {}) {
  const live = useMemo(() => createLive(load, options), [key]);
  useEffect(() => live.start(), [live]);
  return live;
}
function createLive(load, options) {
  const known = options.memory?.peek();
  const state = signal({ value: known, error: undefined, loading: known === undefined });
  let run = new AbortController();
  let timer;
  const schedule = () => {
    clearTimeout(timer);
    const delay = options.refreshMs?.(state.peek().value);
    if (delay === undefined || document.hidden || run.signal.aborted) return;
    timer = setTimeout(reload, delay);
  };
  const reload = () => {
    run.abort();
    clearTimeout(timer);
    const mine = new AbortController();
    run = mine;
    const answer = (next) => {
      if (mine.signal.aborted) return;
      state.value = next;
      if (options.memory) options.memory.value = next.value;
      schedule();
    };
    load(mine.signal).then(
      (value) => answer({ value, error: undefined, loading: false }),
      (error) => answer({ value: state.peek().value, error: toError(error), loading: false }),
    );
  };
  const start = () => {
    const onVisible = () => {
      if (!document.hidden && options.refreshMs?.(state.peek().value) !== undefined) reload();
    };
    document.addEventListener("visibilitychange", onVisible);
    reload();
    return () => {
      document.removeEventListener("visibilitychange", onVisible);
      clearTimeout(timer);
      run.abort();
    };
  };
  return { state, reload, start };
}
function toError(error) {
  return error instanceof Error ? error : new Error(String(error));
}
//# sourceMappingURL=resource.js.map
