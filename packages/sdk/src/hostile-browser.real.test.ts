import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./testbed/browser.js";
import { bundleSdk } from "./testbed/bundle.js";
import { type Film, makeFilm } from "./testbed/fixture.js";
import { startServer, type TestServer } from "./testbed/server.js";

/** What the SDK uses of a browser: `Owner.prototype.method`, `object.property`, a constructor. */
const apis = [
  "fetch",
  "navigator.sendBeacon",
  "navigator.userAgent",
  "navigator.maxTouchPoints",
  "navigator.connection",
  "navigator.locks",
  "navigator.onLine",
  "navigator.globalPrivacyControl",
  "navigator.doNotTrack",
  "screen.width",
  "indexedDB",
  "IDBFactory.prototype.open",
  "IDBDatabase.prototype.transaction",
  "IDBObjectStore.prototype.put",
  "sessionStorage",
  "localStorage",
  "Storage.prototype.getItem",
  "Storage.prototype.setItem",
  "crypto",
  "crypto.getRandomValues",
  "performance",
  "performance.now",
  "performance.getEntriesByName",
  "PerformanceObserver",
  "PerformanceObserver.supportedEntryTypes",
  "PerformanceObserver.prototype.observe",
  "PerformanceObserver.prototype.takeRecords",
  "Date.now",
  "JSON.stringify",
  "JSON.parse",
  "CompressionStream",
  "Blob",
  "Response",
  "TextEncoder",
  "URL",
  "AbortController",
  "MutationObserver",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "queueMicrotask",
  "requestAnimationFrame",
  "cancelAnimationFrame",
  "document.visibilityState",
  "document.baseURI",
  "EventTarget.prototype.addEventListener",
  "EventTarget.prototype.removeEventListener",
  "HTMLVideoElement.prototype.getVideoPlaybackQuality",
  "HTMLVideoElement.prototype.requestVideoFrameCallback",
  "HTMLVideoElement.prototype.videoWidth",
  "HTMLMediaElement.prototype.buffered",
  "HTMLMediaElement.prototype.currentSrc",
];

/** A page that plays by itself, with the SDK and calls to all of its handle. */
const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script>
const { setTimeout: later } = window;
const broken = () => { throw new Error("broken on purpose"); };
for (const path of decodeURIComponent(location.hash.slice(1)).split(",").filter(Boolean)) {
  const names = path.split(".");
  const name = names.pop();
  let owner = names.reduce((object, name) => object[name], window);
  while (owner && !Object.hasOwn(owner, name) && Object.getPrototypeOf(owner)) owner = Object.getPrototypeOf(owner);
  const { value } = Object.getOwnPropertyDescriptor(owner, name) ?? {};
  if (typeof value === "function") Object.defineProperty(owner, name, { value: broken });
  else Object.defineProperty(owner, name, { get: broken });
}
</script>
<video id="v" width="320" height="180" muted playsinline src="/media/film.mp4"></video>
<script>
window.errors = [];
window.onerror = (message) => void errors.push(String(message));
window.onunhandledrejection = (event) => void errors.push(String(event.reason));
</script>
<script src="/sdk.js"></script>
<script>
const video = document.getElementById("v");
const handle = Playhead.attach(video, { heartbeatMs: 50, batchMs: 50 });
handle.playRequested();
handle.setContext({ mediaId: "film" });
handle.custom("x", { y: 1 });
video.play();
let done = false;
const begin = () => (video.currentTime > 0.2 ? go() : later(begin, 50));
const go = () => {
  video.currentTime = 5;
  handle.stats();
  handle.flush().then(() => handle.replaceView()).then(() => handle.fail({ code: "x" })).then(() => handle.stop()).then(() => (done = true));
};
begin();
// Playwright itself needs what is broken here, so the page says by itself how it fares.
const look = () => (video.currentTime > 5.3 && done ? console.log(errors.join() || "fine") : later(look, 50));
look();
</script>`;

let film: Film;
let server: TestServer;
let browser: Browser;
let visitor: BrowserContext;
beforeAll(async () => {
  const [made, sdk, chromium] = await Promise.all([makeFilm(), bundleSdk(), launchChromium()]);
  film = made;
  browser = chromium;
  visitor = await browser.newContext();
  server = await startServer(film.folder, { "/page.html": page, "/sdk.js": sdk });
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await film.remove();
});

/** Resolves when the film has played on from a seek and the SDK's promises have resolved; tells what went wrong meanwhile. */
async function playWithout(broken: readonly string[]): Promise<string> {
  const tab = await visitor.newPage();
  const said = tab.waitForEvent("console", { timeout: 15_000 });
  await tab.goto(`${server.origin}/page.html#${encodeURIComponent(broken.join())}`, { waitUntil: "commit" });
  const words = (await said).text();
  await tab.close();
  return words;
}

it("plays on with every API of the browser broken at once", async () => {
  expect(await playWithout(apis)).toBe("fine");
});

it("plays on with any one of them broken", async () => {
  const left = [...apis];
  const next = async (): Promise<void> => {
    for (let api = left.pop(); api !== undefined; api = left.pop())
      expect([api, await playWithout([api]).catch(String)]).toEqual([api, "fine"]);
  };
  await Promise.all([next(), next(), next(), next(), next(), next()]);
});

it("is of use where all works: the same page, and the same calls", async () => {
  server.reset();
  expect(await playWithout([])).toBe("fine");
  expect(server.events().filter(({ type }) => type === "first_frame").length).toBeGreaterThan(0);
});
