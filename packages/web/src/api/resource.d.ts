import { type ReadonlySignal, type Signal } from "@preact/signals";
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
export interface ResourceOptions<T> {
  /** Milliseconds until the next refresh, from the last answer; undefined for none. Pauses while the page is hidden. */
  readonly refreshMs?: (value: T | undefined) => number | undefined;
  /** Keeps the last value beyond the page, so that coming back shows it at once while it is asked for again. */
  readonly memory?: Signal<T | undefined>;
}
/** Loads on mount and whenever `key` changes; ends its requests and timers on unmount. */
export declare function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  options?: ResourceOptions<T>,
): LiveResource<T>;
//# sourceMappingURL=resource.d.ts.map
