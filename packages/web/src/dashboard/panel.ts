import { useEffect } from "preact/hooks";
import { type Remembered, useResource } from "../api/resource.js";

/** What one part of the dashboard knows. */
export interface Panel<T> {
  readonly value: T | undefined;
  readonly error: Error | undefined;
  readonly loading: boolean;
  /** What is shown answers another question than the present one: the answer is on its way, or failed. */
  readonly stale: boolean;
  readonly reload: () => void;
}

interface Kept<T> {
  readonly key: string;
  readonly value: T;
}

/** Without news the figures are asked for this often: the span moves on with the clock. */
const REFRESH_MS = 60_000;

/** The answers of a panel beyond the page: coming back to a question shows its answer at once, while it is asked again. */
export interface Memory<T> {
  /** The answer to `key`; the latest to any other where that was not asked yet. */
  readonly at: (key: string) => Remembered<Kept<T>>;
}

/** Questions that a panel knows the answers to: there and back between pages, ranges and conditions. */
const MOST_KEPT = 8;

export function createMemory<T>(): Memory<T> {
  /** The latest is the last. */
  const answers = new Map<string, Kept<T>>();
  const peek = (key: string) => answers.get(key) ?? [...answers.values()].at(-1);
  const keep = (kept: Kept<T>) => {
    answers.delete(kept.key);
    answers.set(kept.key, kept);
    const [oldest] = answers.keys();
    if (answers.size > MOST_KEPT && oldest !== undefined) answers.delete(oldest);
  };
  return {
    at: (key) => ({
      peek: () => peek(key),
      get value() {
        return peek(key);
      },
      set value(kept) {
        if (kept !== undefined) keep(kept);
      },
    }),
  };
}

/**
 * Loads a panel's part for the question `key`, and again whenever `pulse` moves. The last answer stays until the next.
 */
export function usePanel<T>(
  memory: Memory<T>,
  key: string,
  pulse: number,
  load: (signal: AbortSignal) => Promise<T>,
): Panel<T> {
  const resource = useResource(key, async (signal): Promise<Kept<T>> => ({ key, value: await load(signal) }), {
    memory: memory.at(key),
    refreshMs: () => REFRESH_MS,
  });
  useEffect(() => {
    if (pulse > 0) resource.reload();
  }, [pulse]);
  const { value: kept, error, loading } = resource.state.value;
  return {
    value: kept?.value,
    error,
    loading,
    stale: kept !== undefined && kept.key !== key,
    reload: resource.reload,
  };
}
