import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { firstSegmentEdgesMs, speedEdges } from "@playhead/store";
import { openPostgresStore } from "@playhead/store-postgres";
import { pino } from "pino";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overflowOf, seriousOn } from "../../e2e/axe.js";
import { type Browser, launchBrowser, openSignedIn } from "../../e2e/browser.js";
import { collectScripts } from "../../e2e/script-bytes.js";
import { type RunningService, startService } from "../../e2e/service.js";
import { temporaryFolder } from "../../e2e/temporary-folder.js";
import {
  bitrate,
  count,
  counted,
  decimal,
  milliseconds,
  say,
  share,
} from "../../packages/web/src/dashboard/quantity.js";
import { tabs } from "../../packages/web/src/dashboard/tabs.js";
import { distributionOf, groupsOf, totalsOf, valuesOf } from "./answers.js";
import { loadEvents } from "./load.js";
import { planTraffic } from "./plan.js";
import { type Truth, truthOf } from "./truth.js";

const HOUR = 3_600_000;
const until = Math.floor(Date.now() / HOUR) * HOUR;
const traffic = planTraffic({ seed: 7, views: 2_000, days: 30, until });
const plans = [...traffic.plans()];
const truths = plans.map(truthOf);
const all = totalsOf(truths);
const range = `from=${traffic.from}&to=${until}`;

/** What an encoder did beside it: 38 of 40 runs got to a first segment in 0.6 s; each of 300 segments took half of its time. */
const bins = (edges: readonly number[], value: number, found: number) =>
  [0, ...edges].map((low, i) => (value >= low && value < (edges[i] ?? Number.POSITIVE_INFINITY) ? found : 0));
const work = {
  appId: "default",
  writer: "the test",
  seq: 1,
  encoders: [
    {
      at: until - 26 * HOUR,
      kind: "video",
      codec: "hevc",
      container: "matroska",
      encoder: "libx264",
      starts: 40,
      failures: 2,
      waits: 0,
      waitedMs: 0,
      firstSegments: 38,
      outputMs: 38 * 200,
      firstSegmentMs: 38 * 600,
      segments: 300,
      mediaMs: 600_000,
      tookMs: 300_000,
      firstSegmentBins: bins(firstSegmentEdgesMs, 600, 38),
      speedBins: bins(speedEdges, 2, 300),
    },
  ],
  sessions: [
    {
      at: until - 26 * HOUR,
      delivery: "transcode",
      starts: 30,
      preloads: 4,
      startMs: 150,
      idle: 3,
      client: 20,
      shutdown: 0,
      unused: 2,
    },
  ],
} as const;

let folder: string;
let service: RunningService;
let browser: Browser;
let page: Page;
let problems: string[];
let scripts: ReturnType<typeof collectScripts>;

/** A month of views whose truth is known, in the real service's database; then the dashboards in the real browser. */
beforeAll(async () => {
  folder = await temporaryFolder("dashboards");
  const mediaDir = path.join(folder, "media");
  const dataDir = path.join(folder, "data");
  await mkdir(mediaDir);
  const store = await openPostgresStore({ databaseUrl: null, dataDir, log: pino({ level: "silent" }) });
  await loadEvents(store, plans);
  await store.work.add(work);
  await store.close();
  [service, browser] = await Promise.all([startService({ mediaDir, dataDir }), launchBrowser()]);
  ({ page, problems } = await openSignedIn(browser, service.signInLink));
  // Signing in led to the library, whose scripts are none of the dashboard's.
  await page.goto("about:blank");
  scripts = collectScripts(page);
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Opens a page of the dashboard and waits until nothing on it is still to come. */
async function open(tab: string, query = range): Promise<void> {
  await page.goto(`${service.origin}/dashboard${tab === "" ? "" : `/${tab}`}?${query}`);
  await page.waitForLoadState("networkidle");
  await page.locator(".skeleton, [data-stale=true]").first().waitFor({ state: "detached" });
}

/** Text as people read it: every space is a plain one. */
const plain = (text: string) => text.replace(/\s+/g, " ").trim();
const textOf = async (selector: string) => plain(await page.locator(selector).first().innerText());
const rowsOf = (table: string) =>
  page
    .locator(`${table} tbody tr`)
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll("th,td")].map((cell) => (cell.textContent ?? "").replace(/\s+/g, " ").trim()),
      ),
    );
const shown = (...quantities: Parameters<typeof say>[0][]) => quantities.map((quantity) => plain(say(quantity)));

describe("shows what is true", () => {
  it("on the overview", async () => {
    await open("");
    const figures = plain(await page.locator(".figures").innerText());
    for (const text of shown(
      count(all.views),
      milliseconds(all.startupP50Ms),
      milliseconds(all.startupP95Ms),
      share(all.rebufferRatio),
      bitrate(all.averageBitrateBps),
      share(all.exitBeforeStartRate),
    )) {
      expect(figures.replaceAll(" ", "")).toContain(text.replaceAll(" ", ""));
    }
    await page.getByRole("button", { name: "Show as table" }).first().click();
    const rows = await rowsOf(".chart-table");
    const views = rows.map((cells) => Number(cells[1]?.replaceAll(",", "")));
    expect(views.reduce((sum, n) => sum + n, 0)).toBe(all.views);
  });

  it("on starts", async () => {
    await open("start");
    const startup = distributionOf(valuesOf(truths, "startupMs"));
    const server = distributionOf(valuesOf(truths, "startServerMs"));
    const [whole, ofServer] = await rowsOf(".percentiles");
    const ranks = (d: typeof startup) => shown(...[d.p50, d.p75, d.p90, d.p95, d.p99].map(milliseconds));
    expect(whole?.slice(1)).toEqual(ranks(startup));
    expect(ofServer?.slice(1)).toEqual(ranks(server));
    expect(await textOf(".percentiles")).toContain(plain(`Of ${counted(all.started, "view")} that started`));
  });

  it("on smoothness", async () => {
    await open("smoothness");
    const byCause = [...groupsOf(truths, ["stallCause"])].flatMap(([key, views]) => {
      const [cause]: (string | null)[] = JSON.parse(key);
      return cause === null || cause === undefined ? [] : [totalsOf(views)];
    });
    const wanted = byCause
      .toSorted((a, b) => b.rebufferMs - a.rebufferMs)
      .map((of) =>
        shown(
          count(of.views),
          count(of.rebufferCount),
          milliseconds(of.rebufferMs),
          share(of.rebufferMs / all.watchMs),
        ),
      );
    const section = page
      .locator("section")
      .filter({ has: page.getByRole("heading", { name: "What they waited for" }) });
    const found = await section
      .locator("tbody tr")
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll("td")].map((cell) => (cell.textContent ?? "").replace(/\s+/g, " "))),
      );
    expect(found).toEqual(wanted);
  });

  it("on failures", async () => {
    await open("failures");
    const lede = await textOf(".lede");
    expect(lede).toContain(plain(`of ${counted(all.attempts, "view")}`));
    expect(lede).toContain(`${all.startFailures} failed before the first frame, ${all.playbackFailures} after it`);
    const withError = [...groupsOf(truths, ["errorFingerprint"])].filter(([key]) => key !== "[null]");
    const found = (await rowsOf(".errors")).map((cells) => Number(cells[1]?.replaceAll(",", "")));
    expect(found.toSorted((a, b) => a - b)).toEqual(
      withError.map(([, views]) => views.length).toSorted((a, b) => a - b),
    );
  });

  it("on encoders", async () => {
    await open("encoder");
    const figures = plain(await page.locator(".figures").innerText());
    for (const text of ["3 of 25 that ended", "2 of 40 that started", "of 38 runs", "4 made ready ahead"]) {
      expect(figures).toContain(text);
    }
    const [row] = await rowsOf(".encoder-rows");
    expect(row?.slice(0, 3)).toEqual(["hevcpicture", "matroska", "libx264"]);
    expect(row?.slice(3, 6)).toEqual(["40", "2", ...shown(share(2 / 40))]);
    expect(row?.slice(8)).toEqual(shown(milliseconds(1_000), decimal(2, 2, "×"), share(0)));
    await page.getByRole("button", { name: "Show as table" }).first().click();
    const ended = (await rowsOf(".chart-table")).map((cells) => cells.slice(1));
    expect(ended).toEqual([["25", "20", "2", "0", "3"]]);
  });

  it("on experiments", async () => {
    await open("experiments");
    const heads = plain(await page.locator(".experiment thead").innerText());
    const variants = [...groupsOf(truths, ["variant"])].filter(([key]) => key !== "[null]");
    expect(variants.length).toBeGreaterThan(1);
    for (const [, views] of variants) {
      // Who is not told is nobody's second view.
      const viewers = new Set(views.map(({ viewerId, viewId }) => viewerId ?? viewId)).size;
      expect(heads).toContain(plain(`${counted(viewers, "viewer")}, ${counted(views.length, "view")}`));
    }
    const rebuffer = (await rowsOf(".experiment")).find(([name]) => name?.startsWith("Rebuffer ratio"));
    for (const [, views] of variants) {
      const [ratio = ""] = shown(share(totalsOf(views).rebufferRatio));
      expect(rebuffer?.some((cell) => cell.startsWith(ratio))).toBe(true);
    }
  });

  it("on single views, and on one of them", async () => {
    await open("views");
    const newest = truths.toSorted((a, b) => b.startedAt - a.startedAt);
    const links = await page.locator(".views-film a").evaluateAll((as) => as.map((a) => a.getAttribute("href")));
    expect(links).toEqual(newest.slice(0, 200).map(({ viewId }) => `/dashboard/views/${viewId}`));

    const stalled = newest.find((view) => (view.rebufferCount ?? 0) > 1 && view.stallCause !== null) as Truth;
    await page.goto(`${service.origin}/dashboard/views/${stalled.viewId}`);
    await page.locator(".lanes").first().waitFor();
    const text = plain(await page.locator("main").innerText());
    for (const figure of [
      ...shown(milliseconds(stalled.startupMs), milliseconds(stalled.rebufferMs), bitrate(stalled.averageBitrateBps)),
      ...shown(decimal(stalled.seedScore, 0)),
    ]) {
      expect(text).toContain(figure);
    }
  });

  it("under conditions that its address holds", async () => {
    const firefox = totalsOf(truths.filter((view) => view.browser === "Firefox"));
    await open("", `${range}&filter=browser:eq:Firefox`);
    expect(await textOf(".headline")).toContain(say(count(firefox.views)));
  });
});

const withView = () => [...tabs.map(({ path }) => path), `views/${truths[0]?.viewId}`];

it.each(["light", "dark"] as const)("has nothing serious for axe-core, in %s", async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  const found: string[] = [];
  for (const tab of withView()) {
    await open(tab);
    for (const line of await seriousOn(page)) found.push(`/${tab}: ${line}`);
  }
  await page.emulateMedia({ colorScheme: null });
  expect(found).toEqual([]);
});

it("fits a phone, with something to say and without", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  const wide: string[] = [];
  for (const tab of withView()) {
    for (const query of [range, `from=${traffic.from - 2 * HOUR}&to=${traffic.from - HOUR}`]) {
      await open(tab, query);
      const overflow = await overflowOf(page);
      if (overflow > 0) wide.push(`/${tab}?${query}: ${overflow} px`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 720 });
  expect(wide).toEqual([]);
});

it("took at most 250 KB of script for all of its pages together, gzipped", async () => {
  expect(await scripts.gzipBytes()).toBeLessThanOrEqual(250 * 1024);
});

it("complained of nothing in all of that", () => {
  expect(problems).toEqual([]);
});
