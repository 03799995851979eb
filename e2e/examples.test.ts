import type { ViewsReply } from "@playhead/protocol";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { type Browser, launchBrowser, openSignedIn } from "./browser.js";
import { eventually, type RunningService, startService } from "./service.js";

let service: RunningService;
let browser: Browser;
let context: BrowserContext;
const problems: string[] = [];

beforeAll(async () => {
  service = await startService({ mediaDir: inject("mediaDir") });
  browser = await launchBrowser();
  ({ context } = await openSignedIn(browser, service.signInLink));
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

it.each(["hlsjs", "shaka", "dashjs", "videojs", "native"])(
  "the page of %s plays a film, and its view is stored",
  async (name) => {
    const page = await context.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("response", (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${service.origin}/examples/`);
    await page.locator(`a[href="${name}.html"]`).click();
    const link = page.locator("output a");
    await link.waitFor();
    await page.locator("video").evaluate(async (video: HTMLVideoElement) => {
      video.muted = true;
      await video.play();
      while (video.currentTime < 1) await new Promise((resolve) => video.addEventListener("timeupdate", resolve));
    });
    const viewId = (await link.getAttribute("href"))?.split("/").at(-1);
    await page.close();

    const view = await eventually(async () => {
      const { views } = await service.json<ViewsReply>("/api/v1/analytics/views");
      return views.find((one) => one.viewId === viewId && one.exit === "left");
    });
    expect(view.startupMs).toBeGreaterThan(0);
    expect(view.playingMs).toBeGreaterThan(500);
    expect(problems).toEqual([]);
  },
);
