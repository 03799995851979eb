import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { ApiError } from "./request.js";

/** What a page knows of something it asked for. A failed refresh keeps the last good value beside the error. */
export interface Resource<T> {
  readonly value: T | undefined;
  readonly error: ApiError | Error | undefined;
  /** True until the first answer. */
  readonly loading: boolean;
}

export interface LiveResource<T> {
  readonly state: ReadonlySignal<Resource<T>>;
  /** Asks again now; what is shown stays until the answer. */
  readonly reload: () => void;
}

/** Where the last value is kept: a signal, or what looks like one. */
export interface Remembered<T> {
  value: T | undefined;
  peek(): T | undefined;
}

export interface ResourceOptions<T> {
  /** Milliseconds until the next refresh, from the last answer; undefined for none. Pauses while the page is hidden. */
  readonly refreshMs?: (value: T | undefined) => number | undefined;
  /** Keeps the last value beyond the page, so that coming back shows it at once while it is asked for again. */
  readonly memory?: Remembered<T>;
}

/** Loads on mount and whenever `key` changes; ends its requests and timers on unmount. */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  options: ResourceOptions<T> = {},
): LiveResource<T> {
  const live = useMemo(() => createLive(load, options), [key]);
  useEffect(() => live.start(), [live]);
  return live;
}

function createLive<T>(load: (signal: AbortSignal) => Promise<T>, options: ResourceOptions<T>) {
  const known = options.memory?.peek();
  const state = signal<Resource<T>>({ value: known, error: undefined, loading: known === undefined });
  let run = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

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
    const answer = (next: Resource<T>): void => {
      if (mine.signal.aborted) return;
      state.value = next;
      if (options.memory) options.memory.value = next.value;
      schedule();
    };
    load(mine.signal).then(
      (value) => answer({ value, error: undefined, loading: false }),
      (error: unknown) => answer({ value: state.peek().value, error: toError(error), loading: false }),
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

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
