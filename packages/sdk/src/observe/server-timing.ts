import { whole } from "../record/known.js";
import { attempt } from "./guard.js";

const NAME = "server-timing";

/** What an XMLHttpRequest and a Response have in common for this. */
interface Answer {
  readonly headers?: Headers;
  getResponseHeader?(name: string): string | null;
}

/**
 * How long the server had a request wait because what it asked for was not ready: the metric `wait` of `Server-Timing`,
 * ms. From the response itself if it is of our own origin (elsewhere asking for the header logs an error in the
 * console), else from Resource Timing, which has it when the server allows that.
 */
export function serverWait(url: string, response: Answer | undefined | null): number | undefined {
  return attempt(() => {
    const absolute = new URL(url, location.href);
    if (absolute.origin === location.origin)
      return parseWait(response?.headers?.get(NAME) ?? response?.getResponseHeader?.(NAME));
    const entry = performance.getEntriesByName(absolute.href, "resource").at(-1);
    if (!(entry instanceof PerformanceResourceTiming)) return undefined;
    return whole(entry.serverTiming.find(({ name }) => name === "wait")?.duration);
  });
}

/** `wait;dur=12.3, db;dur=4` → 12. */
export function parseWait(header: string | null | undefined): number | undefined {
  const entry = header?.split(",").find((part) => /^\s*wait\s*(;|$)/i.test(part));
  const duration = entry && /;\s*dur\s*=\s*"?([\d.]+)/i.exec(entry)?.[1];
  return duration ? whole(Number(duration)) : undefined;
}
