import type { PlayheadEvent } from "@playhead/protocol";
import type { Observed } from "../observe/observed.js";
import { type ReadHeader, readTiming } from "../observe/resource-timing.js";
import { plainUrl } from "../record/plain-url.js";

type Request = Extract<PlayheadEvent, { type: "request" }>;

/** A request of the player that brought what it was for. Times in ms. */
export interface Loaded {
  readonly kind: Request["kind"];
  readonly url: string | undefined;
  readonly durationMs: number;
  /** When it was done, `performance.now()`; default: now. */
  readonly endAt?: number;
  readonly ttfbMs?: number | undefined;
  readonly bytes?: number | undefined;
  readonly status?: number | undefined;
  /** Default: how often `failed` was told of the address. */
  readonly retries?: number | undefined;
  readonly segment?: number | undefined;
  /** Of the response. */
  readonly header?: ReadHeader | undefined;
}

/** Addresses that fail and are never had are forgotten at some point. */
const MOST_FAILED = 100;

export interface RequestLog {
  loaded(request: Loaded): void;
  /** One try failed; whether that is an error is for the library to say. */
  failed(url: string | undefined): void;
}

/**
 * Each playlist and segment that arrived: how long it waited and took, and how often it was tried. A segment is named by
 * its folder and number; its URL would be most of the event and is left out.
 */
export function logRequests({ record, clock, failures }: Pick<Observed, "record" | "clock" | "failures">): RequestLog {
  const tries = new Map<string | undefined, number>();
  return {
    failed(url) {
      if (tries.size < MOST_FAILED) tries.set(url, (tries.get(url) ?? 0) + 1);
    },
    loaded({ kind, url, durationMs, endAt = clock.now(), ttfbMs, bytes, status, retries, segment, header }) {
      if (!(durationMs >= 0)) return;
      failures.recovered(endAt - durationMs);
      const path = plainUrl(url)?.split("/");
      const timing = url ? readTiming(url, endAt - durationMs, ttfbMs, header) : undefined;
      const firstByteMs = ttfbMs ?? timing?.ttfbMs;
      const number = segment ?? (kind === "segment" ? /(\d+)\.\w+$/.exec(path?.at(-1) ?? "")?.[1] : undefined);
      record(
        {
          type: "request",
          kind,
          // Told by another clock than the whole, and so perhaps by 1 ms more.
          ttfbMs: firstByteMs && Math.min(firstByteMs, durationMs),
          durationMs,
          bytes,
          retries: (retries ?? tries.get(url)) || undefined,
          status: status || undefined,
          waitMs: timing?.waitMs,
          // In nearly every layout, ours included, the folder has the name of the rendition.
          rendition: path?.at(-2)?.slice(0, 64),
          segment: number === undefined ? undefined : Number(number),
          url: kind === "playlist" ? path?.join("/") : undefined,
        },
        Math.min(clock.now(), endAt),
      );
      tries.delete(url);
    },
  };
}
