import type { Browser, Page } from "playwright-core";
import type { Peer } from "./peers.js";
import { FILM_HOST, type World } from "./world.js";

declare global {
  interface Window {
    bench: {
      readonly video: HTMLVideoElement;
      /** What the witness saw: time, playhead (s). */
      readonly trace: [at: number, position: number][];
      readonly problems: string[];
      start(before: string, attach: string, settings: object): Promise<number>;
      watch(): void;
      played(to: number): Promise<number>;
    };
  }
}

/** A page of its own, in a context of its own (nothing cached, nothing stored), with the film's player and at most one SDK. */
export interface BenchPage {
  readonly page: Page;
  /** Loads the SDK, makes the player, gives it the film and plays. Resolves with the time to the first frame, ms. */
  start(peer: Peer | undefined, settings?: object): Promise<number>;
  /** Resolves when the playhead has come there, s. */
  played(to: number): Promise<void>;
  /** @throws what went wrong in the page. */
  close(): Promise<void>;
}

export async function openBench(browser: Browser, world: World): Promise<BenchPage> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  const page = await context.newPage();
  await page.goto(`https://${FILM_HOST}/`);
  return {
    page,
    async start(peer, settings = {}) {
      if (peer?.script) {
        world.scripts.set("/peer.js", peer.script);
        await page.addScriptTag({ url: "/peer.js" });
      }
      return await page.evaluate(([before, attach, settings]) => window.bench.start(before, attach, settings), [
        peer?.before ?? "",
        peer?.attach ?? "",
        settings,
      ] as const);
    },
    async played(to) {
      await page.evaluate((to) => window.bench.played(to), to);
    },
    async close() {
      const problems = page.isClosed() ? [] : await page.evaluate(() => window.bench.problems);
      await context.close();
      if (problems.length > 0) throw new Error(`The page complained: ${problems.join("; ")}`);
    },
  };
}
