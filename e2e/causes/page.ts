import type { CDPSession, Page } from "playwright-core";

/** A wait that is worth a name, ms. */
export const LONG_MS = 1_200;

export const playLink = (page: Page) =>
  page
    .getByRole("link", { name: /^Play/ })
    .or(page.getByRole("button", { name: /^Play/ }))
    .first();

/** One a page: what a second one says of the link counts for nothing. */
const links = new WeakMap<Page, CDPSession>();

/** Lets the link carry so much, both ways; -1: all it can. */
export async function slowDown(page: Page, bytesPerSecond: number): Promise<void> {
  const network = links.get(page) ?? (await page.context().newCDPSession(page));
  links.set(page, network);
  await network.send("Network.enable");
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
}

/** The picture stands, without a pause or a seek, for long enough to be a stall. @returns ms */
export const standsStill = (page: Page) =>
  page.evaluate(async (longMs) => {
    const video = document.querySelector("video");
    let position = -1;
    let since = performance.now();
    const giveUpAt = since + 60_000;
    if (!video) throw new Error("There is no video");
    while (performance.now() < giveUpAt) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (video.currentTime !== position || video.seeking || video.paused) since = performance.now();
      position = video.currentTime;
      if (performance.now() - since > longMs) return performance.now() - since;
    }
    throw new Error("It played on");
  }, LONG_MS);

/** No frame is shown for a while, and then one is. @returns for how long, ms */
export const frozen = (page: Page) =>
  page.evaluate(
    (longMs) =>
      new Promise<number>((resolve, reject) => {
        const video = document.querySelector("video");
        let last = performance.now();
        const shown = (now: number) => {
          if (now - last > longMs / 2) return resolve(now - last);
          last = now;
          video?.requestVideoFrameCallback(shown);
        };
        video?.requestVideoFrameCallback(shown);
        setTimeout(() => reject(new Error("It played on")), 30_000);
      }),
    LONG_MS,
  );

/** The playhead moves on from where it is, for a second. */
export const moves = (page: Page) =>
  page.waitForFunction(
    () => {
      const video = document.querySelector("video");
      if (!video || video.seeking) return false;
      const since = Number((video.dataset.stageFrom ??= String(video.currentTime)));
      if (video.currentTime < since) video.dataset.stageFrom = String(video.currentTime);
      const ran = video.currentTime > since + 1;
      if (ran) delete video.dataset.stageFrom;
      return ran;
    },
    undefined,
    { timeout: 60_000 },
  );
