import path from "node:path";
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { measureInPage, type PageMeasure } from "./page-measure.js";
import { type Driver, type DriverName, drivers } from "./sdk-player-drivers.js";

/** A page of the service's own origin with one player and the SDK, as somebody would write it. */
export interface PlayerPage {
  readonly page: Page;
  readonly viewId: string;
  /** The viewer clicks, and the picture moves. */
  play(): Promise<void>;
  /** So many seconds of the film more. */
  watch(seconds: number): Promise<void>;
  seek(toS: number): Promise<void>;
  /** Cuts the network, until the film has stood still for `ms`; then it goes on. */
  cut(ms: number): Promise<void>;
  /** The same with a network that hardly brings anything. */
  choke(ms: number): Promise<void>;
  /** Goes to a place of which nothing is there yet, with a network slower than the film, until it stands still. */
  starve(toS: number, ms: number): Promise<void>;
  /** Another rung, once it is seen. */
  change(): Promise<void>;
  end(): Promise<void>;
  measured(): Promise<PageMeasure & { sizes: number; problems: string[] }>;
}

interface Handle {
  readonly viewId: string;
  playRequested(at: number): void;
  flush(): Promise<void>;
}
declare global {
  interface Window {
    Playhead: { attach(video: HTMLVideoElement, options: object): Handle };
    handle: Handle;
    witness: { sizes: number; problems: string[] };
    moved(seconds: number): Promise<void>;
    standing(ms: number): Promise<void>;
  }
}

const modules = path.resolve(import.meta.dirname, "../node_modules");
const html = (entry: string) => `<!doctype html><link rel="icon" href="data:,"><link rel="stylesheet" href="player.css">
  <button>Play</button><div><video id="v" class="video-js" width="320" height="180"
  muted playsinline></video></div><script src="player.js"></script><script type="module">
  import * as Playhead from "/sdk/${entry}.js"; Object.assign(window, { Playhead });</script>`;

export async function openPlayerPage(
  context: BrowserContext,
  origin: string,
  name: DriverName,
  url: string,
  options: object = {},
): Promise<PlayerPage> {
  const driver: Driver = drivers[name];
  const page = await context.newPage();
  await page.addInitScript(measureInPage);
  await page.route(`${origin}/sdk-test/*`, (route) => {
    const file = new URL(route.request().url()).pathname.split("/").at(-1);
    if (file === "") return route.fulfill({ contentType: "text/html", body: html(name) });
    const [contentType, asset] =
      file === "player.css" ? ["text/css", driver.styles] : ["text/javascript", driver.script];
    return route.fulfill({ contentType, ...(asset ? { path: path.join(modules, asset) } : { body: "" }) });
  });
  await page.goto(`${origin}/sdk-test/`);
  await page.evaluate(prepare);
  // Functions go into the page as text: what they use there are its own globals.
  await page.evaluate(
    `(async () => {
      const video = document.querySelector("video");
      const engine = await (${driver.make.toString()})(video);
      window.handle = Playhead.attach(video, { ...${JSON.stringify(options)}, engine });
      document.querySelector("button").addEventListener("click", async (event) => {
        handle.playRequested(event.timeStamp);
        const playing = (${driver.load.toString()})(video, ${JSON.stringify(url)});
        if (playing) await playing;
        video.play().catch((error) => witness.problems.push(String(error)));
      });
    })()`,
  );
  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.enable");
  const pace = (rate: number) =>
    page.evaluate((given) => {
      document.querySelector("video")!.playbackRate = given;
    }, rate);
  const stand = async (ms: number, conditions: Conditions) => {
    await emulate(cdp, conditions);
    // What is buffered is soon played.
    await pace(3);
    await page.evaluate((time) => window.standing(time), ms);
    await emulate(cdp, {});
    await page.evaluate(() => window.moved(0.1));
    await pace(1);
    await page.evaluate(() => window.moved(0.3));
  };
  const seek = (toS: number) =>
    page.evaluate(async (to) => {
      document.querySelector("video")!.currentTime = to;
      await window.moved(0.15);
    }, toS);
  return {
    page,
    viewId: await page.evaluate(() => window.handle.viewId),
    async play() {
      await page.click("button");
      await page.evaluate(() => window.moved(0.5));
    },
    watch: (seconds) => page.evaluate((s) => window.moved(s), seconds),
    seek,
    cut: (ms) => stand(ms, { offline: true }),
    choke: (ms) => stand(ms, { downloadThroughput: 200 }),
    async starve(toS, ms) {
      await emulate(cdp, { downloadThroughput: 200_000 });
      await seek(toS);
      await stand(ms, { downloadThroughput: 200_000 });
    },
    async change() {
      const resized = page.evaluate(
        () =>
          new Promise<void>((resolve) =>
            document.querySelector("video")!.addEventListener("resize", () => resolve(), { once: true }),
          ),
      );
      await page.evaluate(`(${driver.change?.toString() ?? "() => {}"})(document.querySelector("video"))`);
      await resized;
      await page.evaluate(() => window.moved(0.6));
    },
    end: () =>
      page.evaluate(async () => {
        const video = document.querySelector("video")!;
        const ended = new Promise<void>((resolve) => {
          // dash.js may find that it is at the end before the element does, and pauses it there.
          for (const type of ["ended", "pause"]) video.addEventListener(type, () => resolve(), { once: true });
        });
        video.currentTime = video.duration - 0.8;
        await ended;
        await window.handle.flush();
      }),
    measured: () => page.evaluate(() => ({ ...window.measure, ...window.witness })),
  };
}

interface Conditions {
  readonly offline?: boolean;
  /** Bytes a second; −1: as fast as it is. */
  readonly downloadThroughput?: number;
}
const emulate = (cdp: CDPSession, { offline = false, downloadThroughput = -1 }: Conditions) =>
  cdp.send("Network.emulateNetworkConditions", { offline, latency: 0, downloadThroughput, uploadThroughput: -1 });

/** Runs in the page: what the test waits for, and what it counts, told by the element alone. */
function prepare(): void {
  const video = document.querySelector("video")!;
  window.witness = { sizes: 0, problems: [] };
  addEventListener("error", (event) => window.witness.problems.push(event.message));
  addEventListener("unhandledrejection", (event) => window.witness.problems.push(String(event.reason)));
  // The first size is that of the start.
  video.addEventListener("resize", () => window.witness.sizes++);
  const frames = (done: (now: number) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => (done(performance.now()) ? resolve() : requestAnimationFrame(look));
      look();
    });
  window.moved = (seconds) => {
    let from = Number.NaN;
    return frames(() => {
      if (video.ended) return true;
      if (video.seeking) return false;
      from = Number.isNaN(from) ? video.currentTime : from;
      return video.currentTime >= from + seconds;
    });
  };
  window.standing = (ms) => {
    let position = video.currentTime;
    let since = performance.now();
    return frames((now) => {
      if (video.currentTime !== position) since = now;
      position = video.currentTime;
      return now - since >= ms;
    });
  };
}
