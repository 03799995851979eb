import { parseRetryAfter } from "./backoff.js";

export type Outcome =
  /** Acknowledged, which means stored. */
  | { readonly kind: "stored" }
  /** The server will never take it. */
  | { readonly kind: "refused"; readonly status: number }
  /** Perhaps later. `unsent`: the browser could not even begin, or the connection broke. */
  | { readonly kind: "later"; readonly retryAfterMs: number | undefined; readonly unsent: boolean };

/** A server that says nothing for this long is taken for gone, ms. */
const TIMEOUT_MS = 20_000;

/**
 * One POST. `text/plain` is a "simple" request: it needs no preflight across origins, so it can leave with a dying page.
 * Resolves in every case.
 */
export async function post(url: string, body: string, keepalive: boolean): Promise<Outcome> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const abort = new AbortController();
    timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    const response = await fetch(url, {
      method: "POST",
      body,
      keepalive,
      headers: { "content-type": "text/plain" },
      signal: abort.signal,
    });
    // Read to its end, or the connection stays taken.
    await response.text().catch(() => "");
    if (response.ok) return { kind: "stored" };
    const { status } = response;
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) return { kind: "refused", status };
    return {
      kind: "later",
      retryAfterMs: parseRetryAfter(response.headers.get("retry-after"), Date.now()),
      unsent: false,
    };
  } catch {
    return { kind: "later", retryAfterMs: undefined, unsent: true };
  } finally {
    clearTimeout(timer);
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
