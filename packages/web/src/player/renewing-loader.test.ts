import Hls, {
  type HlsConfig,
  type Loader,
  type LoaderCallbacks,
  type LoaderContext,
  LoaderContextType,
  type LoaderStats,
} from "hls.js";
import { describe, expect, it, vi } from "vitest";
import type { Fetched, HeadStart } from "./head-start.js";
import type { HlsLease } from "./hls-lease.js";
import { renewingLoader } from "./renewing-loader.js";

const config: HlsConfig = Hls.DefaultConfig;
const old = "http://host/api/v1/hls/one/v0/7.m4s";
const policy = config.fragLoadPolicy.default ?? undefined;
const request = { loadPolicy: policy, timeout: 1, maxRetry: 0, retryDelay: 0, maxRetryDelay: 0 };

function stats(): LoaderStats {
  const none = { start: 0, first: 0, end: 0 };
  return {
    aborted: false,
    loaded: 0,
    retry: 0,
    total: 0,
    chunkCount: 0,
    bwEstimate: 0,
    loading: { ...none },
    parsing: { ...none },
    buffering: { ...none },
  };
}

/** A server in which session `one` has ended: the loader below it answers at once, as the network would later. */
function harness(answers: Readonly<Record<string, number>>, headStart?: Partial<HeadStart>) {
  const asked: string[] = [];
  class FakeNetwork implements Loader<LoaderContext> {
    context: LoaderContext | null = null;
    stats = stats();
    load(context: LoaderContext, _: unknown, callbacks: LoaderCallbacks<LoaderContext>): void {
      // As hls.js' own: one loader, one load.
      if (this.stats.loading.start) throw new Error("used twice");
      this.stats.loading.start = 1;
      asked.push(context.url);
      const code = answers[context.url] ?? 200;
      if (code === 200) callbacks.onSuccess({ url: context.url, data: "bytes" }, this.stats, context, null);
      else callbacks.onError({ code, text: "" }, context, null, this.stats);
    }
    abort(): void {}
    destroy(): void {}
  }
  let id = "one";
  const renew = vi.fn(async (_url: string) => {
    id = "two";
    return true;
  });
  const note = vi.fn<HlsLease["note"]>();
  const lease: HlsLease = {
    id: "one",
    current: (url) => url.replace(/hls\/[^/]+/, `hls/${id}`),
    note,
    renew: (url) => renew(url),
    confirm: () => Promise.resolve(true),
  };
  const nothing: HeadStart = {
    playlist: () => undefined,
    fetchFirst: () => Promise.resolve(),
    fetchPlace: () => undefined,
    fetchPlaylist: () => Promise.reject(new Error("Nothing is there")),
    fetchNext: () => Promise.resolve(),
    take: () => undefined,
    drop: () => undefined,
  };
  const LoaderClass = renewingLoader(FakeNetwork, lease, { headStart: { ...nothing, ...headStart } });
  const loader = new LoaderClass(config);
  const load = () =>
    new Promise<{ code: number; context: LoaderContext; data?: unknown }>((resolve) => {
      loader.load({ url: old, responseType: "", type: LoaderContextType.MEDIA_FRAGMENT }, request, {
        onSuccess: ({ data }, _, context) => resolve({ code: 200, context, data }),
        onError: ({ code }, context) => resolve({ code, context }),
        onTimeout: () => undefined,
      });
    });
  return { asked, renew, loader, load, note };
}

describe("a loader with a head start", () => {
  const playlist = "#EXTM3U\n#EXTINF:2,\n0.m4s\n";
  const bytes = new ArrayBuffer(7);
  const fetched: Fetched = { response: new Response(), data: bytes, start: 10, first: 20, end: 30 };

  it("serves a playlist that came along without asking for it, as no request of its own", async () => {
    const { asked, loader, load, note } = harness({}, { playlist: () => playlist });
    expect(await load()).toMatchObject({ code: 200, data: playlist });
    expect(asked).toEqual([]);
    expect(loader.stats.loading.start).toBe(0);
    expect(note).toHaveBeenCalledWith(old, playlist);
  });

  it("takes over a fetch that was begun before, with the times it took", async () => {
    const take = () => ({ answer: Promise.resolve(fetched), abort: () => undefined });
    const { asked, loader, load } = harness({}, { take });
    expect(await load()).toMatchObject({ code: 200, data: bytes });
    expect(asked).toEqual([]);
    expect(loader.stats).toMatchObject({ loaded: 7, loading: { start: 10, first: 20, end: 30 } });
  });

  it("asks as usual where that fetch came to nothing", async () => {
    const take = () => ({ answer: Promise.reject(new Error("410")), abort: () => undefined });
    const { asked, load } = harness({}, { take });
    expect((await load()).code).toBe(200);
    expect(asked).toEqual([old]);
  });

  it("ends the fetch that it took over when hls.js gives up waiting", () => {
    const abort = vi.fn();
    const { asked, loader, load } = harness({}, { take: () => ({ answer: new Promise(() => undefined), abort }) });
    void load();
    loader.abort();
    expect(abort).toHaveBeenCalledTimes(1);
    expect(loader.stats.aborted).toBe(true);
    expect(asked).toEqual([]);
  });
});

describe("renewingLoader", () => {
  it("renews a session that has ended and asks once more, under the address hls.js knows", async () => {
    const { asked, renew, loader, load } = harness({ [old]: 410 });
    const before = loader.stats;
    const { code, context } = await load();
    expect(code).toBe(200);
    expect(asked).toEqual([old, old.replace("one", "two")]);
    expect(renew).toHaveBeenCalledTimes(1);
    expect(context.url).toBe(old);
    expect(loader.stats).toBe(before);
    expect(loader.stats.retry).toBe(1);
  });

  it("renews once a request: what the new session refuses too is an error", async () => {
    const { asked, load } = harness({ [old]: 410, [old.replace("one", "two")]: 404 });
    expect((await load()).code).toBe(404);
    expect(asked).toHaveLength(2);
  });

  it("leaves other errors to hls.js", async () => {
    const { renew, load } = harness({ [old]: 500 });
    expect((await load()).code).toBe(500);
    expect(renew).not.toHaveBeenCalled();
  });

  it("reports the first error when there is no new session", async () => {
    const { renew, load } = harness({ [old]: 410 });
    renew.mockRejectedValue(new Error("away"));
    expect((await load()).code).toBe(410);
  });

  it("says nothing more once it was destroyed", async () => {
    const { asked, renew, loader, load } = harness({ [old]: 410 });
    let renewed = () => {};
    renew.mockImplementation(
      () =>
        new Promise((resolve) => {
          renewed = () => resolve(true);
        }),
    );
    const settled = vi.fn();
    void load().then(settled);
    loader.destroy();
    renewed();
    await Promise.resolve();
    await Promise.resolve();
    expect(settled).not.toHaveBeenCalled();
    expect(asked).toHaveLength(1);
  });
});
