import { rm } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Browser, launchBrowser, openSignedIn } from "./browser.js";
import { aac, type Film, h264, sound } from "./fixtures/film.js";
import { films as library } from "./fixtures/library.js";
import { makeFilms } from "./fixtures/make.js";
import { measureInPage } from "./page-measure.js";
import { itemOf } from "./playlist.js";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

interface ViewRow {
  viewId: string;
  mediaId: string;
  startupMs: number | null;
  watchMs: number;
  rebufferCount: number;
  rebufferMs: number;
  seekCount: number;
  exit: string;
}

const { irregular, mp4, webm } = library;
/** More than a slow network carries. */
const heavy: Film = {
  file: "Heavy.mkv",
  hasAudio: true,
  inChromium: "copy",
  rate: { num: 25, den: 1 },
  size: [640, 360],
  args: [
    ...["-f", "lavfi", "-t", "8", "-i", "testsrc2=s=640x360:r=25,noise=alls=40:allf=t"],
    ...sound(8),
    ...h264(50, "-b:v", "4M", "-minrate", "4M", "-maxrate", "4M", "-bufsize", "1M"),
    ...aac,
  ],
};
const films = { irregular, mp4, webm, heavy };

let mediaDir: string;
let service: RunningService;
let browser: Browser;

beforeAll(async () => {
  mediaDir = await temporaryFolder("playback");
  await makeFilms(mediaDir, films);
  service = await startService({ mediaDir, env: { PLAYHEAD_HLS_IDLE_TIMEOUT: "2s" } });
  browser = await launchBrowser();
  // A browser's very first film waits for much that is no film's: what is measured is none of that.
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await page.addInitScript(measureInPage);
  await play(page, (await itemOf(service, films.heavy.file)).id);
  await context.close();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await rm(mediaDir, { recursive: true, force: true });
});

/** Opens the item's page and clicks Play, as a viewer does. */
async function play(page: Page, mediaId: string): Promise<void> {
  await page.goto(`${service.origin}/media/${mediaId}`);
  await clickPlay(page);
}

async function clickPlay(page: Page): Promise<void> {
  await page
    .getByRole("button", { name: /^Play/ })
    .or(page.getByRole("link", { name: /^Play/ }))
    .first()
    .click();
  // Nobody's hand is quicker than this: a seek within the first frames would still be part of the start.
  await page.waitForFunction(
    () => window.measure.startupMs !== null && document.querySelector("video")!.currentTime > 0.5,
  );
}

const seek = async (page: Page, share: number) => {
  await page.evaluate(async (to) => {
    const video = document.querySelector("video")!;
    const done = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
    video.currentTime = video.duration * to;
    await done;
  }, share);
  await moves(page);
};

/** The playhead moves on from where it is, for longer than a hand needs for the next thing. */
const moves = (page: Page) =>
  page.evaluate(async () => {
    const video = document.querySelector("video")!;
    const from = video.currentTime;
    while (!(video.currentTime > from + 0.3)) await new Promise((resolve) => requestAnimationFrame(resolve));
  });

/** The row of the one view of this item, once it is in the wanted state. */
const viewOf = (mediaId: string, wanted: (view: ViewRow) => boolean) =>
  eventually(async () => {
    const { views } = await service.json<{ views: ViewRow[] }>("/api/v1/analytics/views");
    return views.find((view) => view.mediaId === mediaId && wanted(view));
  });

const openSessions = async () => {
  const metrics = await (await service.fetch("/metrics")).text();
  return Number(/^playhead_hls_sessions (\d+)/m.exec(metrics)?.[1]);
};

it("plays, seeks, outlives its session's idle timeout, ends, and is measured as it was", async () => {
  const item = await itemOf(service, films.irregular.file);
  const { context, page, problems } = await openSignedIn(browser, service.signInLink);
  await page.addInitScript(measureInPage);
  await play(page, item.id);

  await seek(page, 0.9);
  await seek(page, 0.1);
  await page.evaluate(() => document.querySelector("video")!.pause());
  // Paused for longer than the idle timeout: the session ends on the server.
  await eventually(async () => ((await openSessions()) === 0 ? true : undefined), 60_000);
  await page.evaluate(() => document.querySelector("video")!.play());
  await moves(page);
  await seek(page, 0.6);
  await page.waitForFunction(() => document.querySelector("video")!.ended, undefined, { timeout: 60_000 });

  const measured = await page.evaluate(() => window.measure);
  const view = await viewOf(item.id, ({ exit }) => exit === "ended");
  expect(Math.abs((view.startupMs ?? Infinity) - (measured.startupMs ?? 0))).toBeLessThanOrEqual(50);
  expect(view.seekCount).toBe(3);
  expect(view.rebufferCount).toBe(measured.stallsMs.length);
  expect(view.rebufferCount).toBe(0);
  expect(Math.abs(view.watchMs - measured.watchMs) / measured.watchMs).toBeLessThan(0.02);
  expect(problems.filter((problem) => !problem.includes("410"))).toEqual([]);
  await context.close();
});

it("counts the rebuffers of a throttled network with their length", async () => {
  const item = await itemOf(service, films.heavy.file);
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await page.addInitScript(measureInPage);
  // A viewer who insists on it: left to itself, the ladder would step down and never stall.
  await page.addInitScript(() => localStorage.setItem("playhead.quality", "original"));
  await page.goto(`${service.origin}/media/${item.id}`);
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  // Half of what the film needs.
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 20,
    downloadThroughput: 250_000,
    uploadThroughput: 250_000,
  });
  await clickPlay(page);
  await page.waitForFunction(() => document.querySelector("video")!.ended, undefined, { timeout: 120_000 });

  const measured = await page.evaluate(() => window.measure);
  const view = await viewOf(item.id, ({ exit }) => exit === "ended");
  const stalledMs = measured.stallsMs.reduce((sum, ms) => sum + ms, 0);
  expect(measured.stallsMs.length).toBeGreaterThan(0);
  expect(view.rebufferCount).toBe(measured.stallsMs.length);
  expect(Math.abs(view.rebufferMs - stalledMs)).toBeLessThanOrEqual(100 * measured.stallsMs.length);
  await context.close();
});

it("stores the end of a view whose page is closed, and its resume point", async () => {
  const item = await itemOf(service, films.mp4.file);
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await page.addInitScript(measureInPage);
  await play(page, item.id);
  await seek(page, 0.5);
  await page.close({ runBeforeUnload: true });
  await viewOf(item.id, ({ exit }) => exit === "left");
  const progress = await eventually(async () => {
    const { positionMs } = await service.json<{ positionMs: number }>(`/api/v1/progress/${item.id}`);
    return positionMs > 0 ? positionMs : undefined;
  });
  expect(progress).toBeGreaterThan(9_000);
  await context.close();
});

it("shows a view on the dashboard within 5 s of playing", async () => {
  const item = await itemOf(service, films.webm.file);
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await page.addInitScript(measureInPage);
  const dashboard = await context.newPage();
  await dashboard.goto(`${service.origin}/dashboard`);
  await play(page, item.id);
  await dashboard.getByText(item.title).first().waitFor({ timeout: 5_000 });
  await context.close();
});
