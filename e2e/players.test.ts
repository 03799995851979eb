import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type BarePlayer, openBarePlayer, supportedIn, watch } from "./bare-player-page.js";
import { type Browser, launchBrowser } from "./browser.js";
import type { Film } from "./fixtures/film.js";
import { makeFilms } from "./fixtures/make.js";
import { type TrapName, trapNames, traps } from "./fixtures/traps.js";
import { itemOf, playHls } from "./playlist.js";
import { type RunningService, startService } from "./service.js";

let service: RunningService;
let browser: Browser;

beforeAll(async () => {
  await makeFilms(inject("trapsDir"), traps);
  service = await startService({ mediaDir: inject("trapsDir") });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

const filmOf = (name: TrapName): Film => traps[name];

describe.each([
  { player: "hls.js", signedInBy: "cookie" },
  { player: "Shaka Player", signedInBy: "token" },
] as const satisfies { player: BarePlayer; signedInBy: string }[])("$player, signed in by $signedInBy", (of) => {
  const token = () => (of.signedInBy === "token" ? service.token : undefined);
  let context: BrowserContext;
  let page: Page;
  /** Answers that no player should get. */
  const refused: string[] = [];

  beforeAll(async () => {
    context = await browser.newContext();
    if (of.signedInBy === "cookie") await (await context.newPage()).goto(service.signInLink);
    page = await openBarePlayer(context, service.origin, of.player);
    page.on("response", (response) => {
      if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`);
    });
  });
  afterAll(() => context.close());

  it.for(trapNames)("plays, seeks in and plays on %s", async (name) => {
    const film = filmOf(name);
    const item = await itemOf(service, film.file);
    const playback = await playHls(service, item.id, await supportedIn(page, item.codecs));
    expect(playback.delivery).toBe(film.inChromium);

    const seekTo = 0.7;
    const watched = await watch(page, { player: of.player, url: playback.master.pathname, token: token(), seekTo });
    expect(watched.errors).toEqual([]);
    expect(refused.splice(0)).toEqual([]);
    expect(watched.size).toEqual(film.size);
    expect(watched.durationS).toBeGreaterThan(0.9);
    expect(watched.shown[0]).toBeLessThan(0.1);
    expect(new Set(watched.shown).size).toBeGreaterThanOrEqual(3);
    expect(watched.holes).toEqual([]);
    if (film.hasAudio) expect(watched.soundBytes).toBeGreaterThan(0);
    // The picture of a moment is the last one that began before it.
    const frameS = film.rate === null ? 0.1 : film.rate.den / film.rate.num;
    const [first = Number.NaN] = watched.shownAfterSeek;
    expect(first, "first picture after the seek").toBeGreaterThan(watched.seekTargetS - 2 * frameS);
    expect(first, "first picture after the seek").toBeLessThan(watched.seekTargetS + 0.15);
    expect(watched.shownAfterSeek.at(-1)).toBeGreaterThan(Math.min(first + 0.1, watched.durationS - 2 * frameS));
    if (playback.hlsSessionId) await service.fetch(`/api/v1/hls/${playback.hlsSessionId}`, { method: "DELETE" });
  });
});
