import type { HlsConfig, Loader, LoaderCallbacks, LoaderConfiguration, LoaderContext, LoaderStats } from "hls.js";
import type { Fetched, HeadStart } from "./head-start.js";
import type { HlsLease } from "./hls-lease.js";

type Details = Parameters<LoaderCallbacks<LoaderContext>["onTimeout"]>[2];
type LoaderClass = new (config: HlsConfig) => Loader<LoaderContext>;

/** Answers that mean "this HLS session is over": it ended (410), or the server that knew it is another one now (404). */
const SESSION_OVER = new Set([404, 410]);

/** What is known or under way before a loader is asked, and what its requests carry. */
export interface LoaderExtras {
  readonly headStart?: HeadStart;
  readonly headers?: () => Readonly<Record<string, string>>;
}

/**
 * hls.js' own loader, which outlives the HLS session: every request goes to the present session, and one that finds it
 * ended renews it and asks once more. hls.js, and the viewer, notice nothing but a longer answer; or none at all, where
 * what it asks for has a head start.
 */
export function renewingLoader(Base: LoaderClass, lease: HlsLease, extras: LoaderExtras = {}): LoaderClass {
  const { headStart, headers } = extras;
  const noteMedia = (url: string, playlist: string): void => {
    if (playlist.includes("#EXTINF")) lease.note(url, playlist);
  };

  return class RenewingLoader implements Loader<LoaderContext> {
    context: LoaderContext | null = null;
    readonly stats: LoaderStats;
    readonly #config: HlsConfig;
    #inner: Loader<LoaderContext>;
    #over = false;
    #abortEarly: (() => void) | undefined;
    /** Set while an answer with a head start is awaited: hls.js wants to hear of its own aborts. */
    #onAbort: (() => void) | undefined;
    #answer: Fetched | undefined;

    constructor(config: HlsConfig) {
      this.#config = config;
      this.#inner = new Base(config);
      this.stats = this.#inner.stats;
    }

    load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<LoaderContext>): void {
      this.context = context;
      const url = lease.current(context.url);
      const asked = () => this.#load(context, config, callbacks, true);
      const playlist = headStart?.playlist(url);
      const early = playlist === undefined ? headStart?.take(url) : undefined;
      if (playlist !== undefined) {
        queueMicrotask(() => {
          if (!this.#over) this.#succeed(url, playlist, context, callbacks, null);
        });
      } else if (early) {
        this.#abortEarly = () => early.abort();
        this.#onAbort = () => callbacks.onAbort?.(this.stats, context, null);
        void this.#adopt(url, early.answer, context, callbacks, asked);
      } else asked();
    }

    /** An answer that was not asked for by this loader. One that came with another leaves the times of a request at 0. */
    #succeed(
      url: string,
      data: string | ArrayBuffer,
      context: LoaderContext,
      callbacks: LoaderCallbacks<LoaderContext>,
      details: Details,
    ): void {
      const size = typeof data === "string" ? data.length : data.byteLength;
      Object.assign(this.stats, { loaded: size, total: size });
      if (typeof data === "string") noteMedia(url, data);
      callbacks.onProgress?.(this.stats, context, data, details);
      callbacks.onSuccess({ url, data, code: 200 }, this.stats, context, details);
    }

    async #adopt(
      url: string,
      answer: Promise<Fetched>,
      context: LoaderContext,
      callbacks: LoaderCallbacks<LoaderContext>,
      asked: () => void,
    ): Promise<void> {
      this.stats.loading.start = performance.now();
      const fetched = await answer.catch(() => undefined);
      if (this.#over) return;
      this.#onAbort = undefined;
      this.#abortEarly = undefined;
      if (!fetched) {
        this.stats.loading.start = 0;
        return asked();
      }
      const { start, first, end, data, response } = fetched;
      this.#answer = fetched;
      Object.assign(this.stats.loading, { start, first, end });
      this.stats.bwEstimate = (data.byteLength * 8000) / Math.max(1, end - first);
      this.#succeed(url, data, context, callbacks, response);
    }

    #load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
      mayRenew: boolean,
    ): void {
      const url = lease.current(context.url);
      const { onProgress, onAbort } = callbacks;
      const sent = headers && { ...context.headers, ...headers() };
      this.#inner.load({ ...context, url, ...(sent && { headers: sent }) }, config, {
        onSuccess: (response, stats, _, details) => {
          if (typeof response.data === "string") noteMedia(url, response.data);
          callbacks.onSuccess(response, stats, context, details);
        },
        onError: (error, _, details, stats) => {
          const fail = () => callbacks.onError(error, context, details, stats);
          const again = () => this.#load(context, config, callbacks, false);
          if (mayRenew && SESSION_OVER.has(error.code)) void this.#renew(url, again, fail);
          else fail();
        },
        onTimeout: (stats, _, details) => callbacks.onTimeout(stats, context, details),
        ...(onAbort && {
          onAbort: (stats: LoaderStats, _: LoaderContext, details: Details) => onAbort(stats, context, details),
        }),
        ...(onProgress && {
          onProgress: (stats: LoaderStats, _: LoaderContext, data: string | ArrayBuffer, details: Details) =>
            onProgress(stats, context, data, details),
        }),
      });
    }

    async #renew(url: string, again: () => void, fail: () => void): Promise<void> {
      const renewed = await lease.renew(url).catch(() => false);
      if (this.#over) return;
      if (!renewed) return fail();
      this.#reset();
      again();
    }

    /** A loader loads once. The next one writes into the same statistics, which hls.js has taken hold of. */
    #reset(): void {
      this.#inner.destroy();
      this.#inner = new Base(this.#config);
      Object.assign(this.stats, { aborted: false, loaded: 0, total: 0, retry: this.stats.retry + 1 });
      this.stats.loading = { start: 0, first: 0, end: 0 };
      this.#inner.stats = this.stats;
    }

    abort(): void {
      this.#over = true;
      const told = this.#onAbort;
      this.#leaveEarly();
      if (told) {
        this.stats.aborted = true;
        told();
      } else this.#inner.abort();
    }

    destroy(): void {
      this.#over = true;
      this.#leaveEarly();
      this.#inner.destroy();
      this.context = null;
    }

    #leaveEarly(): void {
      this.#abortEarly?.();
      this.#abortEarly = undefined;
      this.#onAbort = undefined;
    }

    getCacheAge(): number | null {
      return this.#inner.getCacheAge?.() ?? null;
    }

    getResponseHeader(name: string): string | null {
      return this.#answer?.response.headers.get(name) ?? this.#inner.getResponseHeader?.(name) ?? null;
    }
  };
}
