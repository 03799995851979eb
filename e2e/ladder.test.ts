import { rm } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Browser, launchBrowser, openSignedIn } from "./browser.js";
import { ffmpeg } from "./fixtures/ffmpeg.js";
import { aac, bFrames, h264 } from "./fixtures/film.js";
import { watchFramesInPage } from "./frames-in-page.js";
import { itemOf } from "./playlist.js";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

const FILM = "Ladder.mkv";
const FPS = 24;
const SECONDS = 100;

interface QualityChange {
  readonly type: string;
  readonly toHeight?: number;
  readonly toBitrateBps?: number;
}

let service: RunningService;
let browser: Browser;
let mediaDir: string;
let mediaId: string;

beforeAll(async () => {
  mediaDir = await temporaryFolder("ladder");
  // Keyframes 1 to 7 s apart, nowhere near a grid of 2 s; B-frames; dear enough for a ladder below it.
  const half = [0, 1.3, 3.7, 7.1, 9.2, 14.6, 16.1, 21.4, 26.3, 31.9, 33.2, 38.7, 45.3, 50.1, 56.6];
  const keyframes = [...half, ...half.map((at) => at + 61)].join();
  await ffmpeg(
    ...["-f", "lavfi", "-t", String(SECONDS), "-i", `testsrc2=s=854x480:r=${FPS}`],
    ...["-f", "lavfi", "-t", String(SECONDS), "-i", "sine=frequency=440:sample_rate=48000"],
    ...h264(999, ...bFrames, "-force_key_frames", keyframes),
    // Filled up to a constant rate: costs next to nothing to make, nor to decode.
    ...["-b:v", "2500k", "-minrate", "2500k", "-maxrate", "2500k", "-bufsize", "1M", "-x264-params", "nal-hrd=cbr"],
    ...[...aac, path.join(mediaDir, FILM)],
  );
  service = await startService({ mediaDir });
  browser = await launchBrowser();
  mediaId = (await itemOf(service, FILM)).id;
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await rm(mediaDir, { recursive: true, force: true });
});

async function clickPlay(page: Page): Promise<void> {
  await page.goto(`${service.origin}/media/${mediaId}`);
  await page
    .getByRole("button", { name: /^Play/ })
    .or(page.getByRole("link", { name: /^Play/ }))
    .first()
    .click();
  await page.waitForFunction(() => document.querySelector("video")!.currentTime > 0.3);
}

/** The rendition that is on the screen. */
const shown = (page: Page) =>
  page.evaluate(() => {
    const { hls } = window.playhead!.player;
    return hls!.levels[hls!.currentLevel]?.uri.split("/").at(-2);
  });
const isShown = (page: Page, rendition: string) =>
  page.waitForFunction(
    (wanted) => {
      const { hls } = window.playhead!.player;
      return hls!.levels[hls!.currentLevel]?.uri.split("/").at(-2) === wanted;
    },
    rendition,
    { timeout: 60_000 },
  );

/** Where the first segment of a rendition begins that comes into the buffer from now on, seconds. */
const whenLoaded = (page: Page, rendition: string) =>
  page.evaluate((wanted) => {
    const { hls } = window.playhead!.player;
    return new Promise<number>((resolve) =>
      hls!.on("hlsFragBuffered", (_, { frag }) => {
        if (frag.type === "main" && hls!.levels[frag.level]?.uri.split("/").at(-2) === wanted) resolve(frag.start);
      }),
    );
  }, rendition);

/** Names of the video renditions whose segments were asked for, each once, in their order. */
function watchRenditions(page: Page): string[] {
  const names: string[] = [];
  page.on("request", (request) => {
    const name = /\/(v\d+-[^/]+)\/\d+\.m4s/.exec(request.url())?.[1];
    if (name !== undefined && names.at(-1) !== name) names.push(name);
  });
  return names;
}

it("changes the picture at the viewer's wish without a jump, a repeat or an empty buffer, and keeps the choice", async () => {
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await page.addInitScript(watchFramesInPage);
  await clickPlay(page);
  expect(await shown(page)).toBe("v0-copy");
  // More than the lead that a switch takes: what the start costs is another test's.
  await page.waitForFunction(() => {
    const { buffered, currentTime } = document.querySelector("video")!;
    return buffered.length > 0 && buffered.end(0) > currentTime + 8;
  });
  await page.evaluate((fps) => window.seenFrames.start(fps), FPS);
  await page.mouse.move(300, 300);
  await page.getByRole("button", { name: "Settings" }).click();
  let x = 300;
  for (const [name, rendition] of [
    [/^240p/, "v0-h264-240"],
    [/^Original \(480p/, "v0-copy"],
    [/^360p/, "v0-h264-360"],
  ] as const) {
    // The controls hide while nobody moves.
    await page.mouse.move(x++, 300);
    await page.getByRole("radio", { name }).check();
    await isShown(page, rendition);
  }
  // hls.js tells of a level a moment before its first frame is presented.
  await page.waitForFunction(() => window.seenFrames.heights.at(-1) === 360);
  const { breaks, heights, aheadS } = await page.evaluate(() => window.seenFrames);
  expect(breaks).toEqual([]);
  expect(heights).toEqual([480, 240, 480, 360]);
  expect(aheadS).toBeLessThan(2 / FPS);
  // The browser tells a little late what it dropped, being busy.
  await expect
    .poll(() => page.evaluate(() => window.seenFrames.missing - window.seenFrames.dropped))
    .toBeLessThanOrEqual(0);

  // The choice is the device's, not the film's or the page's.
  const renditions = watchRenditions(page);
  await clickPlay(page);
  expect(await shown(page)).toBe("v0-h264-360");
  expect(renditions).toEqual(["v0-h264-360"]);
  await context.close();
});

it("steps down on a slow network and up again on a fast one, and tells the bit rates", async () => {
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await clickPlay(page);
  expect(await shown(page)).toBe("v0-copy");
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  const carry = (bytesPerSecond: number) =>
    network.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 20,
      downloadThroughput: bytesPerSecond,
      uploadThroughput: bytesPerSecond,
    });
  await carry(220_000);
  // Away from what is buffered.
  await page.evaluate(() => (document.querySelector("video")!.currentTime = 75));
  await isShown(page, "v0-h264-240");
  // It rises no sooner: a good while after it stepped down, as all that could be loaded till then is of the low rung.
  await page.waitForFunction(() => document.querySelector("video")!.currentTime > 80);
  await carry(-1);
  const loaded = whenLoaded(page, "v0-copy");
  // What is buffered was loaded for the slow network; this is not.
  await page.evaluate(() => (document.querySelector("video")!.currentTime = 47));
  // A fast machine has all that was missing by the time the ladder may rise again: then there is more of it at the beginning.
  const isWatched = page.waitForFunction(() => document.querySelector("video")!.currentTime > 52);
  const isLoaded = await Promise.race([loaded.then(() => true), isWatched.then(() => false)]);
  if (!isLoaded) await page.evaluate(() => (document.querySelector("video")!.currentTime = 0));
  // The low rung plays on until there: no need to watch it all.
  await page.evaluate((at) => (document.querySelector("video")!.currentTime = at), (await loaded) + 0.1);
  await isShown(page, "v0-copy");
  const viewId = await page.evaluate(() => window.playhead!.player.viewId);
  await page.close({ runBeforeUnload: true });
  const changes = await eventually(async () => {
    const { events } = await service
      .json<{ events: QualityChange[] }>(`/api/v1/analytics/views/${viewId}`)
      .catch(() => ({ events: [] }));
    const found = events.filter(({ type }) => type === "quality_change");
    return found.some(({ toHeight }) => toHeight === 240) ? found : undefined;
  });
  const low = changes.find(({ toHeight }) => toHeight === 240)?.toBitrateBps ?? 0;
  const original = changes.find(({ toHeight }) => toHeight === 480)?.toBitrateBps ?? 0;
  expect(low).toBeGreaterThan(300_000);
  expect(low).toBeLessThan(original / 2);
  await context.close();
});

it("never leaves the original because the server was slow", async () => {
  const { context, page } = await openSignedIn(browser, service.signInLink);
  const renditions = watchRenditions(page);
  const serverMs = 6_000;
  await clickPlay(page);
  // Longer than most segments play: the buffer runs dry, and each answer says whose fault it was.
  await page.route("**/v0-*/*.m4s", async (route) => {
    const response = await route.fetch();
    await new Promise((resolve) => setTimeout(resolve, serverMs));
    const headers = { ...response.headers(), "server-timing": `wait;dur=${serverMs}, read;dur=5` };
    await route.fulfill({ response, headers });
  });
  await page.evaluate(() => (document.querySelector("video")!.currentTime = 27));
  await page.waitForFunction(() => document.querySelector("video")!.currentTime > 34, undefined, { timeout: 60_000 });
  expect(new Set(renditions)).toEqual(new Set(["v0-copy"]));
  expect(await shown(page)).toBe("v0-copy");
  await context.close();
});

it("begins with the rung that the measured network carries", async () => {
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await page.addInitScript(() => {
    localStorage.setItem("playhead.bandwidth", JSON.stringify({ bps: 1_000_000, at: Date.now() }));
  });
  const renditions = watchRenditions(page);
  await clickPlay(page);
  expect(renditions[0]).toBe("v0-h264-240");
  await context.close();
});
