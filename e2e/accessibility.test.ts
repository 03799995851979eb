import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { overflowOf, seriousOn } from "./axe.js";
import { type Browser, launchBrowser, openSignedIn } from "./browser.js";
import { collectScripts } from "./script-bytes.js";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

let emptyDir: string;
let full: RunningService;
let empty: RunningService;
let browser: Browser;
let filmId: string;

beforeAll(async () => {
  emptyDir = await temporaryFolder("no-films");
  // A folder with nothing at all in it would get the demo film.
  await writeFile(path.join(emptyDir, "notes.txt"), "no film");
  [full, empty, browser] = await Promise.all([
    startService({ mediaDir: inject("mediaDir") }),
    startService({ mediaDir: emptyDir }),
    launchBrowser(),
  ]);
  filmId = await eventually(async () => {
    const { items } = await full.json<{ items: { id: string; title: string; status: string }[] }>("/api/v1/library");
    const ready = items.every(({ status }) => status !== "pending");
    return ready ? items.find(({ title }) => title === "One minute")?.id : undefined;
  });
});
afterAll(async () => {
  await browser.close();
  await Promise.all([full.stop(), empty.stop()]);
  await rm(emptyDir, { recursive: true, force: true });
});

async function ready(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator("h1, h2, video, .notice").first().waitFor();
  // The dashboard's stream of live views stays open: it is no request that ends.
  await page.waitForLoadState("networkidle");
}

const phone = { width: 390, height: 844 };

it.each(["light", "dark"] as const)(
  "no page has anything serious for axe-core, or is too wide for a phone, in %s",
  async (colorScheme) => {
    const found: string[] = [];
    const look = async (page: Page, name: string) => {
      for (const line of await seriousOn(page)) found.push(`${name}: ${line}`);
      const before = page.viewportSize();
      await page.setViewportSize(phone);
      const overflow = await overflowOf(page);
      if (overflow > 0) found.push(`${name}: ${overflow} px too wide for a phone`);
      if (before) await page.setViewportSize(before);
    };
    for (const service of [full, empty]) {
      const { page, context } = await openSignedIn(browser, service.signInLink, { colorScheme });
      const kind = service === full ? "full" : "empty";
      for (const path of ["/", "/dashboard", "/dashboard/views", "/dashboard/nowhere", "/media/nothing"]) {
        await ready(page, service.origin + path);
        await look(page, `${kind} ${path}`);
      }
      await context.close();
    }
    const { page, context } = await openSignedIn(browser, full.signInLink, { colorScheme });
    await ready(page, `${full.origin}/media/${filmId}`);
    await look(page, "item");
    await page.goto(`${full.origin}/watch/${filmId}`);
    await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.2);
    await look(page, "player");
    await page.keyboard.press("?");
    await look(page, "player with its keys");
    await context.close();
    const stranger = await browser.newContext({ colorScheme });
    const signedOut = await stranger.newPage();
    await ready(signedOut, `${full.origin}/`);
    await look(signedOut, "signed out");
    await stranger.close();
    expect(found).toEqual([]);
  },
);

it("the player's page takes at most 130 KB of script, gzipped, besides hls.js", async () => {
  const { page, context } = await openSignedIn(browser, full.signInLink);
  const scripts = collectScripts(page);
  await page.goto(`${full.origin}/watch/${filmId}`);
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.2);
  await page.waitForLoadState("networkidle");
  const hlsJs = /\/hls[.-][^/]*\.js$/;
  const own = await scripts.gzipBytes(hlsJs);
  expect(own).toBeGreaterThan(0);
  expect(own).toBeLessThan(await scripts.gzipBytes());
  expect(own).toBeLessThanOrEqual(130_000);
  await context.close();
});
