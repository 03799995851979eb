import { type Cause, causes, type Explanation } from "./cause.js";

/** The cause of most of the time; the first in the order of `causes` where two took as long. Null for nothing. */
export function mainCause(explanations: readonly Explanation[]): Cause | null {
  const time = (cause: Cause) =>
    explanations.reduce((sum, found) => sum + (found.cause === cause ? found.durationMs : 0), 0);
  const ranked = causes.map((cause) => ({ cause, ms: time(cause) })).toSorted((a, b) => b.ms - a.ms);
  return explanations.length === 0 ? null : (ranked[0]?.cause ?? null);
}
