import { parseRetryAfter } from "./backoff.js";
import type { Body } from "./pack.js";

export type Outcome =
  /** It will not come to anything else: stored, but for those of its events (by index) that were `rejected`, or `all`. */
  | { readonly kind: "settled"; readonly rejected: readonly number[] | "all" }
  /** Perhaps later. `unsent`: the browser could not even begin, or the connection broke. */
  | { readonly kind: "later"; readonly retryAfterMs: number | undefined; readonly unsent: boolean };

/** A server that says nothing for this long is taken for gone, ms. */
const TIMEOUT_MS = 20_000;
/** Refusals that say "not now": Request Timeout, Too Early, Too Many Requests. */
const passing = [408, 425, 429];

/**
 * One POST. `text/plain` is a "simple" request: it needs no preflight across origins, so it can leave with a dying page.
 * It takes along no cookie where the key opens the door, and never the address of the page. Resolves in every case.
 */
export async function post(url: string, body: Body, keepalive: boolean): Promise<Outcome> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const abort = new AbortController();
    timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    const response = await fetch(url, {
      method: "POST",
      body,
      keepalive,
      headers: { "content-type": "text/plain" },
      credentials: /[?&]key=/.test(url) ? "omit" : "same-origin",
      referrerPolicy: "no-referrer",
      signal: abort.signal,
    });
    // Read to its end, or the connection stays taken.
    const reply = await response.text().catch(() => "");
    const { ok, status, headers } = response;
    if (ok) return { kind: "settled", rejected: rejectedIn(reply) };
    if (status >= 400 && status < 500 && !passing.includes(status)) return { kind: "settled", rejected: "all" };
    return { kind: "later", retryAfterMs: parseRetryAfter(headers.get("retry-after"), Date.now()), unsent: false };
  } catch {
    return { kind: "later", retryAfterMs: undefined, unsent: true };
  } finally {
    clearTimeout(timer);
  }
}

/** Protocol's `IngestReply`: which events of the batch were refused, by index. */
function rejectedIn(reply: string): number[] {
  try {
    const { rejected }: { rejected?: { index: number }[] } = JSON.parse(reply);
    return rejected?.map(({ index }) => index) ?? [];
  } catch {
    return [];
  }
}

/** True if the browser took it upon itself to deliver; there will be no word of whether it did. */
export function beacon(url: string, body: string): boolean {
  try {
    return navigator.sendBeacon(url, body);
  } catch {
    return false;
  }
}
