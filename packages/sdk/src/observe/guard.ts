let caught = 0;

/** How many times the SDK's own code failed on this page and was stopped here, for `Handle.stats()`. */
export function faultCount(): number {
  return caught;
}

/** Runs `work`; whatever it throws ends here and never in the page. Returns `otherwise` then. */
export function attempt<T, F>(work: () => T, otherwise: F): T | F {
  try {
    return work();
  } catch {
    caught++;
    return otherwise;
  }
}

/** The same for a callback that the browser or the player will call. */
export function guard<A extends unknown[]>(work: (...args: A) => void): (...args: A) => void {
  return (...args) => attempt(() => work(...args), undefined);
}
