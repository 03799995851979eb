import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Browser, launchBrowser, openSignedIn } from "./browser.js";
import { ffmpeg } from "./fixtures/ffmpeg.js";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

/** 40 s: 6 s of intro, the story, 6 s of credits. */
const chapters = [
  ["Intro", 0, 6_000],
  ["The story", 6_000, 34_000],
  ["End credits", 34_000, 40_000],
] as const;

let mediaDir: string;
let service: RunningService;
let browser: Browser;

interface Item {
  id: string;
  title: string;
  status: string;
  positionMs?: number;
  creditsMs?: number;
}
const items = async () => (await service.json<{ items: Item[] }>("/api/v1/library")).items;
const episode = async (name: string) => {
  const found = (await items()).find(({ title }) => title === name);
  if (!found) throw new Error(`No ${name} in the library`);
  return found;
};

beforeAll(async () => {
  mediaDir = await temporaryFolder("series");
  const metadata = path.join(mediaDir, "chapters.txt");
  const parts = chapters.map(
    ([title, start, end]) => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start}\nEND=${end}\ntitle=${title}\n`,
  );
  await writeFile(metadata, `;FFMETADATA1\n${parts.join("")}`);
  const source = ["-f", "lavfi", "-t", "40", "-i", "testsrc2=s=320x180:r=25"];
  const sound = ["-f", "lavfi", "-t", "40", "-i", "sine=frequency=440:sample_rate=48000"];
  const first = path.join(mediaDir, "Tides.S01E01.Ebb.mp4");
  await ffmpeg(
    ...[...source, ...sound, "-i", metadata, "-map_metadata", "2"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-pix_fmt", "yuv420p", "-c:a", "aac", first],
  );
  for (const name of ["Tides.S01E02.Flow.mp4", "Tides.S02E01.Spring.mp4"]) {
    await ffmpeg("-i", first, "-map", "0", "-map_metadata", "0", "-c", "copy", path.join(mediaDir, name));
  }
  await rm(metadata);
  service = await startService({ mediaDir });
  browser = await launchBrowser();
  await eventually(async () => {
    const all = await items();
    return all.length === 3 && all.every(({ status }) => status === "ready") ? true : undefined;
  });
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await rm(mediaDir, { recursive: true, force: true });
});

const time = (page: Page) => page.evaluate(() => document.querySelector("video")!.currentTime);
const playsFrom = (page: Page, seconds: number) =>
  page.waitForFunction((from) => {
    const video = document.querySelector("video");
    return video && video.currentTime > from && !video.seeking && !video.paused;
  }, seconds);

async function seek(page: Page, toS: number): Promise<void> {
  await page.evaluate(async (to) => {
    const video = document.querySelector("video")!;
    const done = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
    video.currentTime = to;
    await done;
  }, toS);
}

/** As fast as a finger: the next is sent without waiting for the one before. */
const taps = (page: Page, count: number, x: number) =>
  Array.from({ length: count }, () => page.touchscreen.tap(x, 400));

/** Opened by its address, with nothing seen of it. */
async function watch(page: Page, name: string): Promise<void> {
  const { id } = await episode(name);
  await service.fetch(`/api/v1/progress/${id}`, { method: "PUT", body: JSON.stringify({ positionMs: 0 }) });
  await page.goto(`${service.origin}/watch/${id}`);
  await playsFrom(page, 0.1);
}

it("offers to skip the intro from its first moment, by click and by key, and no longer after it", async () => {
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await watch(page, "Ebb");
  await page.getByRole("button", { name: "Skip intro" }).click();
  await playsFrom(page, 6);
  expect(await time(page)).toBeLessThan(10);
  await page.getByRole("button", { name: "Skip intro" }).waitFor({ state: "detached" });

  await seek(page, 1);
  await page.getByRole("button", { name: "Skip intro" }).waitFor();
  await page.keyboard.press("s");
  await playsFrom(page, 6);
  await context.close();
});

it("begins the next episode by itself after the credits began, and counts the one before as watched", async () => {
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await watch(page, "Ebb");
  const next = await episode("Flow");
  await seek(page, 34.2);
  const card = page.getByRole("region", { name: "Next episode" });
  await card.getByText("Flow").waitFor();
  // The credits last for 6 s: the countdown goes on where the film is over.
  await page.waitForURL(`**/watch/${next.id}`, { timeout: 30_000 });
  await playsFrom(page, 0.1);
  await page.goto(service.origin);
  await page.locator(".series").getByRole("link", { name: /Ebb/ }).getByText("Watched", { exact: true }).waitFor();
  // Of the series, the episode that follows is to be gone on with.
  await page.getByRole("region", { name: "Go on watching" }).getByText("Tides S01E02").waitFor();
  await context.close();
});

it("stays with the credits when told so, and says at the end what comes next, across the seasons", async () => {
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await watch(page, "Flow");
  const next = await episode("Spring");
  await seek(page, 34.2);
  await page.getByRole("button", { name: "Watch credits" }).click();
  await page.getByRole("region", { name: "Next episode" }).waitFor({ state: "detached" });
  await page.getByText("Next episode in").waitFor();
  expect(await page.evaluate(() => document.querySelector("video")!.ended)).toBe(true);
  await page.getByRole("button", { name: "Stay here" }).click();
  await page.getByText("Next episode in").waitFor({ state: "detached" });
  await page.keyboard.press("Shift+N");
  await page.waitForURL(`**/watch/${next.id}`);
  await playsFrom(page, 0.1);
  await page.keyboard.press("Shift+P");
  await page.waitForURL(`**/watch/${(await episode("Flow")).id}`);
  await context.close();
});

it("shows all keys on ?, keeps the focus there, and gives it back on Esc without leaving the film", async () => {
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await watch(page, "Ebb");
  const address = page.url();
  await page.keyboard.press("?");
  const map = page.getByRole("dialog", { name: "Keys" });
  await map.getByText("Skip the intro, recap or credits").waitFor();
  await page.keyboard.press("k");
  expect(await page.evaluate(() => document.querySelector("video")!.paused)).toBe(false);
  for (let i = 0; i < 3; i++) await page.keyboard.press("Tab");
  expect(await map.evaluate((dialog) => !document.hasFocus() || dialog.contains(document.activeElement))).toBe(true);
  await page.keyboard.press("Escape");
  await map.waitFor({ state: "detached" });
  expect(page.url()).toBe(address);
  await context.close();
});

it("seeks by double taps that add up, and never pauses by a tap", async () => {
  const { context, page } = await openSignedIn(browser, service.signInLink, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await watch(page, "Ebb");
  await seek(page, 8);
  const before = await time(page);
  await Promise.all([page.getByText("+20 s").waitFor(), ...taps(page, 3, 350)]);
  await playsFrom(page, before + 20);
  expect(await time(page)).toBeLessThan(before + 26);
  const ahead = await time(page);
  await Promise.all([page.getByText("−10 s").waitFor(), ...taps(page, 2, 40)]);
  expect(await time(page)).toBeLessThan(ahead);
  expect(await page.evaluate(() => document.querySelector("video")!.paused)).toBe(false);
  await context.close();
});

it("marks an episode as watched and as unwatched on its page", async () => {
  const { context, page } = await openSignedIn(browser, service.signInLink);
  const { id } = await episode("Spring");
  await page.goto(`${service.origin}/media/${id}`);
  await page.getByRole("button", { name: "Mark as watched" }).click();
  await page.getByRole("button", { name: "Mark as unwatched" }).waitFor();
  expect((await episode("Spring")).positionMs).toBeGreaterThan(39_000);
  await page.getByRole("button", { name: "Mark as unwatched" }).click();
  await page.getByRole("button", { name: "Mark as watched" }).waitFor();
  expect((await episode("Spring")).positionMs).toBe(0);
  await context.close();
});

it("finds as one types, from the / key on", async () => {
  const { context, page } = await openSignedIn(browser, service.signInLink);
  await page.getByRole("searchbox").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("spring tides");
  await page
    .locator(".series")
    .getByRole("link", { name: /Spring/ })
    .waitFor();
  await page.locator(".series").getByRole("link", { name: /Ebb/ }).waitFor({ state: "detached" });
  await page.keyboard.type(" nothing");
  await page.getByText("Nothing here is called").waitFor();
  await context.close();
});
