import { link, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ViewReply, ViewsReply } from "@playhead/protocol";
import type { BrowserContext, Page, Route } from "playwright-core";
import { type Browser, launchBrowser, openSignedIn } from "../browser.js";
import { makeFilms } from "../fixtures/make.js";
import { measureInPage } from "../page-measure.js";
import { itemOf } from "../playlist.js";
import { eventually, type RunningService, startService } from "../service.js";
import { temporaryFolder } from "../temporary-folder.js";
import { encodersOf, heldFfmpeg, signal } from "./encoders.js";
import { FILM_BYTES, films } from "./films.js";
import { frozen, LONG_MS, moves, playLink, slowDown, standsStill } from "./page.js";
import type { Trouble } from "./troubles.js";

/** What came of one try to make a view wait, or not to. */
export interface Staged {
  /** The stalls that were seen in the page, by a measure that knows nothing of the SDK, ms. */
  readonly seenMs: readonly number[];
  /** How long the start took, in the same way, or was waited for in vain, ms. */
  readonly startedMs: number | null;
  /** The view, as the API tells it. */
  readonly view: ViewReply;
}

/** A service with films of its own, and a browser: where each cause of a wait can be made to happen. */
export interface CauseStage {
  readonly run: Readonly<Record<Trouble, () => Promise<Staged>>>;
  close(): Promise<void>;
}

declare global {
  interface Window {
    /** The player took its film away after it had played. */
    beganAnew?: boolean;
  }
}

/** @param runs so many runs of each trouble: each encodes a film that none has encoded before. */
export async function openCauseStage(runs: number): Promise<CauseStage> {
  const folder = await temporaryFolder("causes");
  const mediaDir = path.join(folder, "media");
  await mkdir(mediaDir);
  await makeFilms(mediaDir, films);
  const fresh = Array.from({ length: 4 * runs }, (_, i) => `Encoded ${i}.mkv`);
  for (const name of fresh) await link(path.join(mediaDir, films.encoded.file), path.join(mediaDir, name));
  const hold = path.join(folder, "hold");
  const service = await startService({
    mediaDir,
    dataDir: path.join(folder, "data"),
    env: { PLAYHEAD_FFMPEG: await heldFfmpeg(folder, hold) },
  });
  const browser = await launchBrowser();
  const stage = new Stage(service, browser, fresh, hold);
  return {
    run: {
      starvedEncoder: () => stage.starvedEncoder(),
      slowEncoder: () => stage.slowEncoder(),
      slowNetwork: () => stage.slowNetwork(),
      slowStart: () => stage.slowStart(),
      busyPage: () => stage.busyPage(),
      brokenPicture: () => stage.brokenPicture(),
      leftStarved: () => stage.leftStarved(),
      leftSlow: () => stage.leftSlow(),
      leftUnstarted: () => stage.leftUnstarted(),
      none: () => stage.none(),
    },
    async close() {
      await browser.close();
      await service.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ends the view, and gives it once it is told. */
type Finish = (isTold?: (view: ViewReply) => boolean) => Promise<Staged>;

/** The server has told what it sent last, and the view was folded with it. */
const leftWaiting = ({ events, explanations, startCause, stallCause }: ViewReply) =>
  events.some(({ type }) => type === "hls_session_end") &&
  startCause === (explanations.start?.cause ?? null) &&
  stallCause === (explanations.stalls.at(-1)?.cause ?? null);

/** … and what it was asked for when the viewer left. */
const leftUnserved = (view: ViewReply) =>
  leftWaiting(view) &&
  view.events.some((event) => event.type === "segment" && Reflect.get(event, "outcome") === "client_left");

class Stage {
  readonly #service: RunningService;
  readonly #browser: Browser;
  /** Films that have yet to be encoded. */
  readonly #fresh: string[];
  /** While this file is there, no ffmpeg gets to work. */
  readonly #hold: string;

  constructor(service: RunningService, browser: Browser, fresh: string[], hold: string) {
    this.#service = service;
    this.#browser = browser;
    this.#fresh = fresh;
    this.#hold = hold;
  }

  /** Its ffmpeg is stopped in mid-film until the picture has stood still for long enough. */
  async starvedEncoder(): Promise<Staged> {
    const { page, finish } = await this.#open(this.#fresh.pop() ?? films.encoded.file);
    await this.#play(page);
    const encoders = await encodersOf(this.#service.mediaDir);
    signal(encoders, "SIGSTOP");
    try {
      await standsStill(page);
    } finally {
      signal(encoders, "SIGCONT");
    }
    await moves(page);
    return finish();
  }

  /** Its ffmpeg waits for its first turn for longer than a start may take. */
  async slowEncoder(): Promise<Staged> {
    const { page, finish } = await this.#open(this.#fresh.pop() ?? films.encoded.file, { warm: false });
    await writeFile(this.#hold, "");
    try {
      await this.#click(page);
      await page.waitForTimeout(2 * LONG_MS);
    } finally {
      await rm(this.#hold);
    }
    await moves(page);
    return finish();
  }

  /** The link carries half of what the film takes. */
  async slowNetwork(): Promise<Staged> {
    const { page, finish } = await this.#open(films.copied.file);
    await slowDown(page, 0.5 * FILM_BYTES);
    await this.#play(page);
    await standsStill(page);
    await slowDown(page, -1);
    await moves(page);
    return finish();
  }

  async slowStart(): Promise<Staged> {
    const { page, finish } = await this.#open(films.copied.file, { warm: false });
    await slowDown(page, 0.3 * FILM_BYTES);
    await this.#click(page);
    await moves(page);
    return finish();
  }

  /** Tasks of over a second, one after the other: nothing that came is handed to the decoder. */
  async busyPage(): Promise<Staged> {
    const { page, finish } = await this.#open(films.copied.file);
    // Fast enough, but not so that all of it is there before the page gets busy.
    await slowDown(page, 2 * FILM_BYTES);
    await this.#play(page);
    await page.evaluate((longMs) => {
      const video = document.querySelector("video");
      let stoodSince: number | null = null;
      let position = -1;
      const block = () => {
        const now = performance.now();
        // A page that is busy when it is closed is ended unheard (decision 29): that is another trouble.
        if (!video || window.measure.stallsMs.length > 0) return;
        if (video.currentTime !== position) stoodSince = null;
        else stoodSince ??= now;
        position = video.currentTime;
        if (stoodSince !== null && now - stoodSince > longMs) return;
        while (performance.now() - now < 1_100);
        requestAnimationFrame(block);
      };
      block();
    }, LONG_MS);
    await page.waitForFunction(() => window.measure.stallsMs.length > 0, undefined, { timeout: 60_000 });
    await moves(page);
    return finish();
  }

  /** The pictures of one segment are noise that no decoder takes: the player begins anew, over a link that takes its time. */
  async brokenPicture(): Promise<Staged> {
    const { page, finish } = await this.#open(films.copied.file);
    await slowDown(page, 2 * FILM_BYTES);
    await page.evaluate(() =>
      addEventListener("emptied", () => (window.beganAnew ||= window.measure.startupMs !== null), true),
    );
    let delayed = false;
    const answer = async (route: Route) => {
      const anew = await page.evaluate(() => window.beganAnew === true);
      if (!anew && route.request().url().includes("/3.m4s")) {
        const response = await route.fetch();
        const body = await response.body();
        body.fill(0xff, body.indexOf("mdat") + 4);
        return await route.fulfill({ response, body });
      }
      // What has to be loaded anew comes no sooner than from far away; what follows, as before.
      if (anew && !delayed) {
        delayed = true;
        await delay(LONG_MS);
      }
      await route.continue();
    };
    // The page may be gone before its last request is answered.
    await page.route(/\/v\d[^/]*\/[0-3]\.m4s/, (route) => answer(route).catch(() => undefined));
    await this.#play(page);
    // A player that begins anew empties its element, pauses and seeks: only frames tell how long the picture stood.
    const stoodMs = await frozen(page);
    await moves(page);
    return { ...(await finish()), seenMs: [stoodMs] };
  }

  /** As with a starved encoder, and the viewer does not wait for the end of it. */
  async leftStarved(): Promise<Staged> {
    const { page, finish } = await this.#open(this.#fresh.pop() ?? films.encoded.file);
    await this.#play(page);
    const encoders = await encodersOf(this.#service.mediaDir);
    signal(encoders, "SIGSTOP");
    try {
      const stoodMs = await standsStill(page);
      return { ...(await finish(leftUnserved)), seenMs: [stoodMs] };
    } finally {
      signal(encoders, "SIGCONT");
    }
  }

  /** The link carries next to nothing any more, and the viewer leaves. */
  async leftSlow(): Promise<Staged> {
    const { page, finish } = await this.#open(films.copied.file);
    await slowDown(page, 2 * FILM_BYTES);
    await this.#play(page);
    await slowDown(page, 0.05 * FILM_BYTES);
    const stoodMs = await standsStill(page);
    return { ...(await finish(leftWaiting)), seenMs: [stoodMs] };
  }

  /** As with a slow encoder, and the viewer leaves before the first frame. */
  async leftUnstarted(): Promise<Staged> {
    const { page, finish } = await this.#open(this.#fresh.pop() ?? films.encoded.file, { warm: false });
    await writeFile(this.#hold, "");
    try {
      const clickedAt = performance.now();
      await this.#click(page);
      await page.waitForTimeout(2 * LONG_MS);
      const waitedMs = performance.now() - clickedAt;
      const { startedMs, ...staged } = await finish(leftUnserved);
      if (startedMs !== null) throw new Error("It started");
      return { ...staged, startedMs: waitedMs };
    } finally {
      await rm(this.#hold);
    }
  }

  async none(): Promise<Staged> {
    const { page, finish } = await this.#open(films.easy.file);
    await this.#play(page);
    for (const to of [30, 4]) {
      await page.evaluate((to) => {
        const video = document.querySelector("video");
        if (video) video.currentTime = to;
      }, to);
      await moves(page);
    }
    return finish();
  }

  async #open(file: string, { warm = true } = {}): Promise<{ page: Page; finish: Finish }> {
    const { id } = await itemOf(this.#service, file);
    const { page, context } = await openSignedIn(this.#browser, this.#service.signInLink);
    // The benchmark's runner wraps functions that have a name in a helper of its own.
    await page.addInitScript("globalThis.__name ??= (named) => named");
    await page.addInitScript(measureInPage);
    // A viewer who insists: left to itself, the ladder would step down and never stall.
    await page.addInitScript(() => localStorage.setItem("playhead.quality", "original"));
    if (!warm) await page.route("**/api/v1/hls/preload/*", (route) => route.abort());
    const since = Date.now();
    await page.goto(`${this.#service.origin}/media/${id}`);
    await playLink(page).waitFor();
    return { page, finish: (isTold) => this.#finish(page, context, id, since, isTold) };
  }

  async #click(page: Page): Promise<void> {
    await playLink(page).click();
  }

  async #play(page: Page): Promise<void> {
    await this.#click(page);
    await moves(page);
  }

  /** Ends the view, and reads what became of it. */
  async #finish(
    page: Page,
    context: BrowserContext,
    mediaId: string,
    since: number,
    isTold: (view: ViewReply) => boolean = () => true,
  ): Promise<Staged> {
    const { stallsMs, startupMs } = await page.evaluate(() => window.measure);
    await page.close({ runBeforeUnload: true });
    const view = await eventually(async () => {
      const { views } = await this.#service.json<ViewsReply>(`/api/v1/analytics/views?from=${since}`);
      const found = views.find((view) => view.mediaId === mediaId && view.exit !== "open");
      if (found === undefined) return undefined;
      const view = await this.#service.json<ViewReply>(`/api/v1/analytics/views/${found.viewId}`);
      return isTold(view) ? view : undefined;
    });
    await context.close();
    return { seenMs: stallsMs, startedMs: startupMs, view };
  }
}
