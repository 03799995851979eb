import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AttachOptions } from "../options.js";
import { launchChromium } from "../testbed/browser.js";
import { bundleSdk, readHlsJs } from "../testbed/bundle.js";
import { type Film, makeFilm } from "../testbed/fixture.js";
import { testPage } from "../testbed/page.js";
import { startServer, type TestServer } from "../testbed/server.js";

let film: Film;
let server: TestServer;
let browser: Browser;
/** One visitor. */
let visitor: BrowserContext;
let complaints: string[];

beforeAll(async () => {
  const [made, sdk, hls, chromium] = await Promise.all([makeFilm(), bundleSdk(), readHlsJs(), launchChromium()]);
  film = made;
  browser = chromium;
  server = await startServer(film.folder, { "/index.html": testPage, "/sdk.js": sdk, "/hls.js": hls });
});
beforeEach(async () => {
  visitor = await browser.newContext();
  complaints = [];
});
afterEach(async () => {
  await visitor.close();
  server.reset();
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await film.remove();
});

const down = () => ({ status: 500 });
/** Told to wait, a page sends nothing as it goes that could arrive when all is well again. */
const busy = () => ({ status: 429, headers: { "retry-after": "600" } });

/** Opens the test page and plays the film's file, with the element alone. Resolves in mid-play, with the view's id. */
async function play(options: AttachOptions = {}): Promise<{ page: Page; viewId: string }> {
  const page = await visitor.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${server.origin}/index.html`);
  await page.evaluate((options) => window.bed.open(options, null), options);
  await page.click("#play");
  await page.evaluate(() => window.bed.played(0.3));
  return { page, viewId: await page.evaluate(() => window.bed.handle.viewId) };
}

/** The same, up to the first answer, which is no. */
async function playRefused(): Promise<{ page: Page; viewId: string }> {
  const playing = await play();
  const failed = () => playing.page.evaluate(() => window.bed.handle.stats().failedRequests);
  await expect.poll(failed).toBeGreaterThan(0);
  return playing;
}

const viewEvents = (viewId: string) =>
  server.batches.filter(({ context }) => context.viewId === viewId).flatMap(({ events }) => events);
/** Resolves when the last event of the view is stored; tells how many were, each id once, and whether none is missing. */
async function whole(viewId: string): Promise<{ ends: number; gaps: boolean; copies: number }> {
  await server.stored(
    ({ type, id }) => type === "end" && viewEvents(viewId).some((event) => event.id === id && event.type === "end"),
  );
  const events = viewEvents(viewId);
  const seqs = [...new Set(events.map(({ seq }) => seq))];
  return {
    ends: new Set(events.filter(({ type }) => type === "end").map(({ id }) => id)).size,
    gaps: Math.max(...seqs) !== seqs.length - 1,
    copies: Math.max(...server.copies().values()),
  };
}
/** How many leftovers the visitor's browser keeps. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const local = Object.keys(localStorage).length;
    if (!databases.some(({ name }) => name === "playhead")) return local;
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("playhead");
      request.addEventListener("success", () => resolve(request.result));
    });
    const count = await new Promise<number>((resolve) => {
      const request = database.transaction("playhead").objectStore("playhead").count();
      request.addEventListener("success", () => resolve(request.result));
    });
    database.close();
    return local + count;
  });

describe("a page that goes while the server does not answer", () => {
  it("leaves its events to the next visit, which brings each once and keeps nothing", async () => {
    server.answer = busy;
    const before = await playRefused();
    await before.page.close();
    const other = await playRefused();
    await other.page.goto("about:blank");
    server.answer = () => ({ status: 200 });
    const { page } = await play();
    for (const { viewId } of [before, other]) {
      expect(await whole(viewId)).toEqual({ ends: 1, gaps: false, copies: 1 });
    }
    await expect.poll(() => kept(page)).toBe(0);
  });

  it("leaves them also of several players, and while the database has another's work to do", async () => {
    server.answer = down;
    const { page } = await play();
    await page.evaluate(async () => {
      const opening = indexedDB.open("playhead");
      const database = await new Promise<IDBDatabase>((resolve) =>
        opening.addEventListener("success", () => resolve(opening.result)),
      );
      const store = database.transaction("playhead", "readwrite").objectStore("playhead");
      const work = () => store.count().addEventListener("success", work);
      work();
      for (const name of ["second", "third"]) {
        window.bed.attach(document.createElement("video"), { viewerId: name }).custom("seen", name);
      }
      // And a view that begins when all others have said their last.
      addEventListener("pagehide", () =>
        window.bed.attach(document.createElement("video"), { viewerId: "late" }).custom("seen", "late"),
      );
    });
    await page.goto("about:blank");
    server.answer = () => ({ status: 200 });
    await play();
    const viewers = () => server.batches.map(({ context }) => context.viewerId);
    await expect.poll(viewers).toEqual(expect.arrayContaining(["second", "third", "late"]));
  });

  it("is not spoken for by two tabs at once", async () => {
    server.answer = busy;
    const before = await playRefused();
    await before.page.close();
    server.answer = () => ({ status: 200 });
    await Promise.all([play(), play(), play()]);
    expect(await whole(before.viewId)).toMatchObject({ gaps: false, copies: 1 });
  });

  it("loses to a crash of its tab only what was recorded since the last try", async () => {
    server.answer = down;
    const before = await play();
    const tried = server.posts.length;
    expect(tried).toBeGreaterThan(0);
    // It will not be seen to go, so it will count as dead only after a while: as if that had passed.
    await visitor.addInitScript(() => {
      const now = Date.now;
      Date.now = () => now() + 10 * 60_000;
    });
    await Promise.all([before.page.waitForEvent("crash"), before.page.goto("chrome://crash").catch(() => undefined)]);
    server.answer = () => ({ status: 200 });
    await play();
    await server.stored(({ type }) => type === "first_frame" && viewEvents(before.viewId).some((e) => e.type === type));
    const events = viewEvents(before.viewId);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, seq) => seq));
  });

  it("is not needed for the last events where the network holds", async () => {
    const { page, viewId } = await play();
    await page.close();
    expect(await whole(viewId)).toEqual({ ends: 1, gaps: false, copies: 1 });
  });
});

describe("what is left too long", () => {
  it("goes, the oldest first, and is counted in the next view", async () => {
    server.answer = busy;
    const before = await playRefused();
    await before.page.close();
    server.answer = () => ({ status: 200 });
    await visitor.addInitScript(() => {
      const now = Date.now;
      Date.now = () => now() + 8 * 86_400_000;
    });
    const { page } = await play();
    await page.evaluate(() => window.bed.handle.flush());
    await expect.poll(() => kept(page)).toBe(0);
    await page.evaluate(() => window.bed.handle.stop());
    expect(viewEvents(before.viewId)).toEqual([]);
    const told = server.events().filter((event) => event.type === "custom");
    expect(told).toMatchObject([{ name: "playhead.dropped", data: { count: expect.any(Number) } }]);
  });
});

describe("a browser", () => {
  it("without IndexedDB sends all the same", async () => {
    await visitor.addInitScript(() => Object.defineProperty(window, "indexedDB", { value: undefined }));
    server.answer = (post) => ({ status: post < 2 ? 500 : 200 });
    const { page, viewId } = await play();
    await page.evaluate(() => window.bed.handle.stop());
    await page.close();
    expect(await whole(viewId)).toMatchObject({ ends: 1, gaps: false });
    expect(complaints).toEqual([]);
  });

  it("without a working fetch sends by beacon when the page goes", async () => {
    await visitor.addInitScript(() => {
      window.fetch = () => {
        throw new Error("broken on purpose");
      };
    });
    const { page, viewId } = await play();
    await page.close();
    expect(await whole(viewId)).toMatchObject({ ends: 1, gaps: false });
  });

  it("without compression sends plain text", async () => {
    await visitor.addInitScript(() => Object.defineProperty(window, "CompressionStream", { value: undefined }));
    const { page, viewId } = await play();
    await page.evaluate(() => window.bed.handle.stop());
    expect(await whole(viewId)).toMatchObject({ gaps: false });
  });
});

describe("the viewer's wish", () => {
  const traces = (page: Page) =>
    page.evaluate(async () => ({
      databases: (await indexedDB.databases()).length,
      stored: Object.keys(sessionStorage).length + Object.keys(localStorage).length,
      cookie: document.cookie,
      state: window.bed.handle.stats().state,
    }));

  it.each(["globalPrivacyControl", "doNotTrack"])("by %s: nothing is recorded, sent or kept", async (signal) => {
    server.answer = busy;
    const before = await playRefused();
    await before.page.close();
    server.answer = () => ({ status: 200 });
    server.posts.length = 0;
    await visitor.addInitScript(
      (signal) => Object.defineProperty(navigator, signal, { value: signal === "doNotTrack" ? "1" : true }),
      signal,
    );
    const { page } = await play({ batchMs: 50 });
    await page.evaluate(() => window.bed.handle.flush());
    await page.evaluate(() => window.bed.handle.stop());
    await expect.poll(() => traces(page)).toEqual({ databases: 0, stored: 0, cookie: "", state: "off" });
    await page.close();
    expect(server.posts).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("may be overridden by the page, which has its reasons", async () => {
    await visitor.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { value: true }));
    const { page, viewId } = await play({ ignorePrivacySignals: true });
    await page.evaluate(() => window.bed.handle.stop());
    expect(await whole(viewId)).toMatchObject({ ends: 1 });
  });

  it("is known by a random id a tab, by the page's own, or not at all", async () => {
    const context = async (options: AttachOptions) => {
      const { page } = await play(options);
      await page.evaluate(() => window.bed.handle.stop());
      return { page, viewerId: server.batches.at(-1)?.context.viewerId };
    };
    const { page, viewerId } = await context({});
    expect(viewerId).toMatch(/^[\da-f-]{36}$/);
    await page.reload();
    await page.evaluate(() => window.bed.open({}, null));
    await page.click("#play");
    await page.evaluate(() => window.bed.played(0.1));
    await page.evaluate(() => window.bed.handle.stop());
    expect(server.batches.at(-1)?.context.viewerId).toBe(viewerId);
    expect((await context({})).viewerId).not.toBe(viewerId);
    expect((await context({ anonymous: "none" })).viewerId).toBeUndefined();
    expect((await context({ viewerId: "viewer123" })).viewerId).toBe("viewer123");
    expect(await visitor.cookies()).toEqual([]);
  });
});
