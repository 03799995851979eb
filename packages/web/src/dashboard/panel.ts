import { type Signal, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useResource } from "../api/resource.js";

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

/** Remembers a panel's last answer beyond the page, so that coming back from a view shows it at once. */
export function createMemory<T>(): Signal<Kept<T> | undefined> {
  return signal(undefined);
}

/**
 * Loads a panel's part for the question `key`, and again whenever `pulse` moves. The last answer stays until the next.
 */
export function usePanel<T>(
  memory: Signal<Kept<T> | undefined>,
  key: string,
  pulse: number,
  load: (signal: AbortSignal) => Promise<T>,
): Panel<T> {
  const resource = useResource(key, async (signal): Promise<Kept<T>> => ({ key, value: await load(signal) }), {
    memory,
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
