let caught = 0;

/** How many times the SDK's own code failed on this page and was stopped here, for `Handle.stats()`. */
export function faultCount(): number {
  return caught;
}

/** Runs `work`; whatever it throws ends here and never in the page. Returns undefined then. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    caught++;
    return undefined;
  }
}

/** The same for a callback that the browser or the player will call. */
export function guard<A extends unknown[]>(work: (...args: A) => void): (...args: A) => void {
  return (...args) => attempt(() => work(...args));
}
