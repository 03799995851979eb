import { rm } from "node:fs/promises";
import path from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Browser, launchBrowser, openSignedIn } from "./browser.js";
import { ffmpeg } from "./fixtures/ffmpeg.js";
import { watchFramesInPage } from "./frames-in-page.js";
import { itemOf } from "./playlist.js";
import { type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

const FPS = 24;
/** Plays as it is. */
const FIRST = "Tides.S01E01.Ebb.mp4";
/** No Chromium here plays HEVC: every rung of it is converted. */
const NEXT = "Tides.S01E02.Flow.mkv";

let service: RunningService;
let browser: Browser;
let mediaDir: string;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  mediaDir = await temporaryFolder("quality");
  const source = [
    ...["-f", "lavfi", "-t", "24", "-i", `testsrc2=s=640x360:r=${FPS},noise=alls=12:allf=t`],
    ...["-f", "lavfi", "-t", "24", "-i", "sine=frequency=440:sample_rate=48000", "-c:a", "aac", "-pix_fmt", "yuv420p"],
  ];
  // Keyframes nowhere near a grid of 2 s, and B-frames across every cut that is not at one.
  await ffmpeg(
    ...[...source, "-c:v", "libx264", "-preset", "superfast", "-bf", "3", "-g", "999", "-sc_threshold", "0"],
    ...["-force_key_frames", "0,1.3,3.7,5.1,7.4,9.2,12.6,14.1,16.8,19.3,22.5", "-b:v", "2500k"],
    ...["-movflags", "+faststart", path.join(mediaDir, FIRST)],
  );
  await ffmpeg(
    ...[...source, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-b:v", "2500k"],
    path.join(mediaDir, NEXT),
  );
  service = await startService({ mediaDir });
  browser = await launchBrowser();
  await itemOf(service, NEXT);
  ({ context, page } = await openSignedIn(browser, service.signInLink));
  await page.addInitScript(watchFramesInPage);
});
afterAll(async () => {
  await context.close();
  await browser.close();
  await service.stop();
  await rm(mediaDir, { recursive: true, force: true });
});

const playsFrom = (seconds: number) =>
  page.waitForFunction((from) => {
    const video = document.querySelector("video");
    return video !== null && video.currentTime > from && !video.paused && !video.seeking;
  }, seconds);

/** From its beginning, whatever was seen of it. */
async function watchFirst(): Promise<void> {
  const { id } = await itemOf(service, FIRST);
  await page.goto(service.origin);
  await service.fetch(`/api/v1/progress/${id}`, { method: "PUT", body: JSON.stringify({ positionMs: 0 }) });
  await page.goto(`${service.origin}/watch/${id}`);
  await playsFrom(0.2);
}

let x = 300;
async function choose(name: RegExp): Promise<void> {
  // The controls hide while nobody moves.
  await page.mouse.move(x++, 300);
  const settings = page.getByRole("button", { name: "Settings" });
  if ((await settings.getAttribute("aria-expanded")) !== "true") await settings.click();
  await page.getByRole("radio", { name }).check();
}

/** hls.js tells of a level a moment before its first frame is presented. */
const isShown = (rendition: string) =>
  page.waitForFunction((wanted) => {
    const hls = window.playhead?.player.hls;
    return hls?.levels[hls.currentLevel]?.uri.split("/").at(-2) === wanted;
  }, rendition);

/** What the server makes of a rung comes so much later, until the answer is called. */
async function slowDown(rendition: string, ms: number): Promise<() => Promise<void>> {
  const address = `**/${rendition}/*.m4s`;
  await page.route(address, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    await route.continue().catch(() => undefined);
  });
  return () => page.unroute(address, undefined);
}

it("plays the file on until the chosen rung is there, and goes back to the original", async () => {
  await watchFirst();
  const restore = await slowDown("v0-h264-240", 1_500);
  const isFile = () => page.evaluate(() => window.playhead!.player.hls === undefined);
  expect(await isFile()).toBe(true);
  const asked = page.waitForRequest("**/v0-h264-240/*.m4s");
  await choose(/^240p/);
  await asked;
  const atRequest = await page.evaluate(() => document.querySelector("video")!.currentTime);
  await playsFrom(atRequest + 0.8);
  expect(await isFile()).toBe(true);
  await isShown("v0-h264-240");
  await restore();
  await playsFrom(atRequest + 1.5);

  await page.evaluate((fps) => window.seenFrames.start(fps), FPS);
  await choose(/^Original/);
  await isShown("v0-copy");
  await page.waitForFunction(() => window.seenFrames.heights.at(-1) === 360);
  const { breaks, heights } = await page.evaluate(() => window.seenFrames);
  expect(breaks).toEqual([]);
  expect(heights).toEqual([240, 360]);
});

it("keeps the choice for the next episode, and turns from rung to rung in its first seconds without a wait", async () => {
  await watchFirst();
  await choose(/^240p/);
  const renditions = new Set<string | undefined>();
  page.on("request", (request) => {
    const name = /\/(v0-[^/]+)\/\d+\.m4s/.exec(request.url())?.[1];
    if (name !== undefined) renditions.add(name);
  });
  await page.keyboard.press("Escape");
  const restore = await slowDown("v0-h264-360", 3_500);
  renditions.clear();
  await page.keyboard.press("Shift+N");
  await page.waitForURL(`**/watch/${(await itemOf(service, NEXT)).id}`);
  await playsFrom(0.1);
  await isShown("v0-h264-240");
  expect(renditions).toEqual(new Set(["v0-h264-240"]));

  await page.evaluate((fps) => window.seenFrames.start(fps), FPS);
  await choose(/^360p/);
  await isShown("v0-h264-360");
  await restore();
  await page.waitForFunction(() => window.seenFrames.heights.at(-1) === 360);
  const { breaks, heights, aheadS } = await page.evaluate(() => window.seenFrames);
  expect(breaks).toEqual([]);
  expect(heights).toEqual([240, 360]);
  expect(aheadS).toBeLessThan(2 / FPS);
});
