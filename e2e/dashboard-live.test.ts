import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { overflowOf, seriousOn } from "./axe.js";
import { type Browser, launchBrowser, openSignedIn } from "./browser.js";
import { films } from "./fixtures/library.js";
import { itemOf } from "./playlist.js";
import { type RunningService, startService } from "./service.js";

let service: RunningService;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService({ mediaDir: inject("mediaDir") }), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

const playFilm = async (page: Page, id: string) => {
  await page.goto(`${service.origin}/watch/${id}`);
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.3);
};
const setPaused = (page: Page, paused: boolean) =>
  page.evaluate(async (paused) => {
    const video = document.querySelector("video");
    if (paused) video?.pause();
    else await video?.play();
  }, paused);

it("shows who watches and how it goes within two seconds, and says when it can't know", async () => {
  const { id } = await itemOf(service, films.minute.file);
  const { page: live, context, problems } = await openSignedIn(browser, service.signInLink);
  await live.goto(`${service.origin}/dashboard/live`);
  await live.getByText("Nobody is watching").waitFor();

  const player = await context.newPage();
  await playFilm(player, id);
  const row = live.locator("tbody tr").filter({ hasText: "One minute" });
  const within = { timeout: 2_000 };
  await row.filter({ hasText: "Playing" }).waitFor(within);
  await setPaused(player, true);
  await row.filter({ hasText: "Paused" }).waitFor(within);
  await setPaused(player, false);
  await row.filter({ hasText: "Playing" }).waitFor(within);
  expect(await row.locator("a").getAttribute("href")).toMatch(/^\/dashboard\/views\//);
  expect(await seriousOn(live)).toEqual([]);
  await live.setViewportSize({ width: 390, height: 844 });
  expect(await overflowOf(live)).toBe(0);

  // A page that goes tells so itself.
  await player.close({ runBeforeUnload: true });
  await live.getByText("Nobody is watching").waitFor(within);
  expect(problems).toEqual([]);

  await service.kill();
  await live.getByText("the server is away, trying again").waitFor();
});
