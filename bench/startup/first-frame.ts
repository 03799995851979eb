import type { PlaybackReply } from "@playhead/protocol";
import type { Browser, BrowserContext } from "playwright-core";

declare global {
  interface Window {
    firstFrame: Promise<{ ms: number; width: number; height: number }>;
  }
}

/** Runs in the page: resolves with the time from the first click to the first frame that the compositor was given. */
function watchFirstFrame(): void {
  window.firstFrame = new Promise((resolve) => {
    let clickAt: number | undefined;
    addEventListener("click", (event) => (clickAt ??= event.timeStamp), true);
    const seen = new WeakSet<HTMLVideoElement>();
    const look = () => {
      const video = document.querySelector("video");
      if (video && !seen.has(video)) {
        seen.add(video);
        video.requestVideoFrameCallback((now) => {
          resolve({ ms: now - (clickAt ?? now), width: video.videoWidth, height: video.videoHeight });
        });
      }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
    addEventListener("DOMContentLoaded", look);
  });
}

/** One round in a context of its own (cold caches): opens the page, clicks Play, and waits for the first frame. */
export async function clickToFirstFrame(
  browser: Browser,
  url: string,
  signIn: string | null,
  onPlayback?: (reply: PlaybackReply) => void,
): Promise<number> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.on("response", (response) => {
      if (onPlayback && response.url().endsWith("/api/v1/playback")) void response.json().then(onPlayback);
    });
    // The runner's compiler marks functions with this helper, which the page does not have.
    await page.addInitScript("globalThis.__name = (named) => named");
    await page.addInitScript(watchFirstFrame);
    if (signIn) await page.goto(signIn);
    await page.goto(url, { waitUntil: "networkidle" });
    const button = page.getByRole("button", { name: /^Play/ }).or(page.getByRole("link", { name: /^Play/ }));
    await button.first().click();
    const frame = await page.evaluate(() => window.firstFrame);
    if (frame.width === 0 || !(frame.ms > 0)) throw new Error(`No picture at ${url}: ${JSON.stringify(frame)}`);
    return frame.ms;
  } finally {
    await context.close();
  }
}
