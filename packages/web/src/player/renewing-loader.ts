import type { HlsConfig, Loader, LoaderCallbacks, LoaderConfiguration, LoaderContext, LoaderStats } from "hls.js";
import type { HlsLease } from "./hls-lease.js";

type Details = Parameters<LoaderCallbacks<LoaderContext>["onTimeout"]>[2];
type LoaderClass = new (config: HlsConfig) => Loader<LoaderContext>;

/** Answers that mean "this HLS session is over": it ended (410), or the server that knew it is another one now (404). */
const SESSION_OVER = new Set([404, 410]);

/**
 * hls.js' own loader, which outlives the HLS session: every request goes to the present session, and one that finds it
 * ended renews it and asks once more. hls.js, and the viewer, notice nothing but a longer answer.
 */
export function renewingLoader(Base: LoaderClass, lease: HlsLease): LoaderClass {
  return class RenewingLoader implements Loader<LoaderContext> {
    context: LoaderContext | null = null;
    readonly stats: LoaderStats;
    readonly #config: HlsConfig;
    #inner: Loader<LoaderContext>;
    #over = false;

    constructor(config: HlsConfig) {
      this.#config = config;
      this.#inner = new Base(config);
      this.stats = this.#inner.stats;
    }

    load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<LoaderContext>): void {
      this.context = context;
      this.#load(context, config, callbacks, true);
    }

    #load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
      mayRenew: boolean,
    ): void {
      const url = lease.current(context.url);
      const { onProgress, onAbort } = callbacks;
      this.#inner.load({ ...context, url }, config, {
        onSuccess: (response, stats, _, details) => {
          if (typeof response.data === "string" && response.data.includes("#EXTINF")) lease.note(url, response.data);
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
      this.#inner.abort();
    }

    destroy(): void {
      this.#over = true;
      this.#inner.destroy();
      this.context = null;
    }

    getCacheAge(): number | null {
      return this.#inner.getCacheAge?.() ?? null;
    }

    getResponseHeader(name: string): string | null {
      return this.#inner.getResponseHeader?.(name) ?? null;
    }
  };
}
