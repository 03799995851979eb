import Hls, {
  type HlsConfig,
  type Loader,
  type LoaderCallbacks,
  type LoaderContext,
  LoaderContextType,
  type LoaderStats,
} from "hls.js";
import { describe, expect, it, vi } from "vitest";
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
function harness(answers: Readonly<Record<string, number>>) {
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
  const lease: HlsLease = {
    id: "one",
    current: (url) => url.replace(/hls\/[^/]+/, `hls/${id}`),
    note: vi.fn(),
    renew: (url) => renew(url),
  };
  const LoaderClass = renewingLoader(FakeNetwork, lease);
  const loader = new LoaderClass(config);
  const load = () =>
    new Promise<{ code: number; context: LoaderContext }>((resolve) => {
      loader.load({ url: old, responseType: "", type: LoaderContextType.MEDIA_FRAGMENT }, request, {
        onSuccess: (_, __, context) => resolve({ code: 200, context }),
        onError: ({ code }, context) => resolve({ code, context }),
        onTimeout: () => undefined,
      });
    });
  return { asked, renew, loader, load };
}

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
