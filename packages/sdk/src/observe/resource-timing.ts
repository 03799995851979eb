import { attempt } from "./guard.js";

/** Reads a header of a response, by its name in lower case. */
export type ReadHeader = (name: string) => string | null | undefined;

/** What the browser knows of a request, ms. */
export interface Timing {
  /** How long the server had it wait because what it asked for was not ready: `wait` of `Server-Timing`. */
  readonly waitMs: number | undefined;
  readonly ttfbMs: number | undefined;
}

/** Libraries note the start of a request by another clock, and some a little after the browser does. */
const LATE_MS = 50;

/**
 * Of the request for `url` that began at `startedAt`, `performance.now()`; `ttfbMs` if its player tells it.
 * From Resource Timing, where the entry is there and the server lets other origins see it; the wait from the response
 * itself if it is of our own origin (elsewhere asking for the header logs an error in the console).
 */
export function readTiming(url: string, startedAt: number, ttfbMs?: number, header?: ReadHeader): Timing | undefined {
  return attempt(() => {
    const { href, origin } = new URL(url, location.href);
    const waitMs = header && origin === location.origin ? parseWait(header("server-timing")) : null;
    // To look through the browser's list takes a while; most players of our own origin leave nothing to ask.
    if (waitMs !== null && ttfbMs !== undefined) return { waitMs, ttfbMs };
    const last = performance.getEntriesByName(href, "resource").at(-1);
    // The list has an end; then the last of the name is an older request's.
    const ours = last instanceof PerformanceResourceTiming && last.startTime >= startedAt - LATE_MS;
    const entry = ours ? last : undefined;
    return {
      waitMs: waitMs === null ? entry?.serverTiming?.find(({ name }) => name === "wait")?.duration : waitMs,
      // 0 where another origin does not tell.
      ttfbMs: ttfbMs ?? (entry && entry.responseStart > 0 ? entry.responseStart - entry.startTime : undefined),
    };
  });
}

/** `wait;dur=12.3, db;dur=4` → 12. */
export function parseWait(header: string | null | undefined): number | undefined {
  const duration = /(?:^|,)\s*wait\s*;(?:[^,]*;)?\s*dur\s*=\s*"?([\d.]+)/i.exec(header ?? "")?.[1];
  return duration ? Math.round(Number(duration)) : undefined;
}
