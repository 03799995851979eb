import type { PlaybackReply } from "@playhead/protocol";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { watchFirstFrame } from "./page-measures.js";

export interface Visit {
  readonly url: string;
  /** Of who is signed in, as `name=value`. */
  readonly cookie?: string;
  /**
   * `cold`: Play is pressed without anything having been made ready for it, by a viewer who asked to save data. `read`:
   * once the page has loaded and been read for a moment. `ready`: once the page has the film ready, too.
   */
  readonly page: "cold" | "read" | "ready";
  /** What the codec strings begin with that this browser says it does not play, though it may. */
  readonly lacks?: string;
  /** Shares of the film to go to after it began, each after it has played on from the one before. */
  readonly seeks?: readonly number[];
  /** Goes there as a viewer does: the pointer moves to the place on the seek bar, rests, and clicks. */
  readonly byPointer?: boolean;
  readonly onPlayback?: (reply: PlaybackReply) => void;
}

export interface Measured {
  /** Click → first frame, ms. */
  readonly firstFrameMs: number;
  /** Click → the first frame after that one, ms: sound is heard, and the picture moves. */
  readonly movingMs: number;
  /** From the opening of the page until it had the film ready, ms. */
  readonly readyMs?: number;
  /** Setting of `currentTime`, or the click → first frame from there, ms. */
  readonly seekMs: readonly number[];
}

/** Nothing has been loaded for so long, ms: the page is there, with all that it gets for Play. */
const QUIET_MS = 250;
/** How long the page of an item is read beyond that, ms. */
const READING_MS = 750;

/** One visit in a context of its own (cold caches): opens the page, clicks Play, and waits for the first frame. */
export async function clickToFirstFrame(browser: Browser, visit: Visit): Promise<Measured> {
  const { url, cookie, seeks = [], byPointer = false, onPlayback } = visit;
  const goTo = byPointer ? clickToFrame : seekToFrame;
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const { name, value } = /^(?<name>[^=]+)=(?<value>.*)$/.exec(cookie ?? "")?.groups ?? {};
    if (name && value) await context.addCookies([{ name, value, url: new URL(url).origin }]);
    const page = await context.newPage();
    const replies: Promise<unknown>[] = [];
    page.on("response", (response) => {
      if (!onPlayback || !response.url().endsWith("/api/v1/playback")) return;
      const reply = response.json().then(onPlayback);
      // One that comes as the page is closed is nobody's failure; those before it are waited for below.
      reply.catch(() => undefined);
      replies.push(reply);
    });
    // The runner's compiler marks functions with this helper, which the page does not have.
    await page.addInitScript("globalThis.__name = (named) => named");
    await page.addInitScript(watchFirstFrame);
    if (visit.page === "cold") await page.addInitScript(saveData);
    if (visit.lacks) await page.addInitScript(refuseCodec, visit.lacks);
    await page.goto(url, { waitUntil: "load" });
    await page.evaluate(loadedFor, QUIET_MS);
    const readyMs = visit.page === "ready" ? await page.evaluate(() => window.filmReady) : undefined;
    if (visit.page !== "cold") await page.waitForTimeout(READING_MS);
    const button = page.getByRole("button", { name: /^Play/ }).or(page.getByRole("link", { name: /^Play/ }));
    await button.first().click();
    const frame = await page.evaluate(() => window.firstFrame);
    if (frame.width === 0 || !(frame.ms > 0)) throw new Error(`No picture at ${url}: ${JSON.stringify(frame)}`);
    const seekMs: number[] = [];
    for (const share of seeks) seekMs.push(await goTo(page, share));
    await Promise.all(replies);
    return { firstFrameMs: frame.ms, movingMs: frame.movingMs, seekMs, ...(readyMs !== undefined && { readyMs }) };
  } finally {
    await context.close();
  }
}

/** Lets it play on for a second, then goes there: ms until a frame from there was given to the compositor. */
function seekToFrame(page: Page, share: number): Promise<number> {
  return page.evaluate(async (to) => {
    const video = document.querySelector("video");
    if (!video) throw new Error("No video");
    const from = video.currentTime;
    while (video.currentTime < from + 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    return await window.seekToFrame(video, to * video.duration);
  }, share);
}

/** How long the pointer rests on the bar before the button goes down, ms. */
const REST_MS = 150;

async function clickToFrame(page: Page, share: number): Promise<number> {
  await page.evaluate(async () => {
    const video = document.querySelector("video");
    if (!video) throw new Error("No video");
    const from = video.currentTime;
    while (video.currentTime < from + 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    window.watchSeekClick(video);
  });
  // The controls show when the pointer moves.
  await page.mouse.move(400, 300);
  const box = await page.locator("media-time-range").boundingBox();
  if (!box) throw new Error("No seek bar");
  const [x, y] = [box.x + share * box.width, box.y + box.height / 2];
  await page.mouse.move(x, y, { steps: 4 });
  await page.waitForTimeout(REST_MS);
  await page.mouse.click(x, y);
  return await page.evaluate(() => window.seekClick);
}

/** Runs in the page: waits until nothing has come from the network for so long, ms. */
async function loadedFor(quietMs: number): Promise<void> {
  for (;;) {
    const ends = performance.getEntriesByType("resource").map((entry) => entry.startTime + entry.duration);
    const waitMs = Math.max(0, ...ends) + quietMs - performance.now();
    if (waitMs <= 0 && document.querySelector("a, button")) return;
    await new Promise((resolve) => setTimeout(resolve, Math.max(20, waitMs)));
  }
}

function refuseCodec(prefix: string): void {
  const plays = MediaSource.isTypeSupported.bind(MediaSource);
  MediaSource.isTypeSupported = (type) => !type.toLowerCase().includes(prefix) && plays(type);
}

function saveData(): void {
  Object.defineProperty(Navigator.prototype, "connection", { get: () => ({ saveData: true }) });
}
