const BASE_MS = 1_000;
const CAP_MS = 60_000;
/** No server may silence a view for longer than this, ms. */
const LONGEST_WAIT_MS = 3_600_000;

/**
 * How long to wait before try `attempt` + 1 (1 = one failure so far): exponential with full jitter, so that the players
 * that lost a server together do not come back together. What the server asks for (`Retry-After`) is the least.
 */
export function backoffMs(attempt: number, retryAfterMs: number | undefined, random: () => number): number {
  const jittered = random() * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 10));
  return Math.min(LONGEST_WAIT_MS, (retryAfterMs ?? 0) + jittered);
}

/** `Retry-After` (RFC 9110 §10.2.3): seconds or a date; undefined if it is neither. */
export function parseRetryAfter(header: string | null, unixNow: number): number | undefined {
  if (!header) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - unixNow;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
