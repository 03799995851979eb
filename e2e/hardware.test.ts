import { rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBarePlayer, supportedIn } from "./bare-player-page.js";
import { type Browser, launchBrowser } from "./browser.js";
import { ffmpeg } from "./fixtures/ffmpeg.js";
import { itemOf, playHls } from "./playlist.js";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

const RATE = 25;
const SECONDS = 10;
/** Where the fifth segment ends. */
const DIES_AFTER = 3 * RATE;
const script = "../packages/server/src/streaming/testing/fake-nvenc-ffmpeg.sh";

let mediaDir: string;
let service: RunningService;
let browser: Browser;

beforeAll(async () => {
  mediaDir = await temporaryFolder("hardware");
  const source = `testsrc2=s=320x180:r=${RATE}:d=${SECONDS}`;
  await ffmpeg("-f", "lavfi", "-i", source, "-c:v", "mpeg4", "-q:v", "5", "-g", "50", path.join(mediaDir, "film.mkv"));
  const env = {
    PLAYHEAD_FFMPEG: path.resolve(import.meta.dirname, script),
    PLAYHEAD_HARDWARE_ENCODER: "nvenc",
    FAKE_NVENC_FRAMES: String(DIES_AFTER),
  };
  [service, browser] = await Promise.all([startService({ mediaDir, env }), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await rm(mediaDir, { recursive: true, force: true });
});

const metrics = async () => (await service.fetch("/metrics")).text();

it("a film whose hardware encoder dies is seen to its end, and sought in across the change, without an error", async () => {
  await eventually(async () => (await metrics()).includes('playhead_hardware_encoder{encoder="nvenc"} 1') || undefined);
  const context = await browser.newContext();
  await (await context.newPage()).goto(service.signInLink);
  const page = await openBarePlayer(context, service.origin, "hls.js");
  const item = await itemOf(service, "film.mkv");
  const { master } = await playHls(service, item.id, await supportedIn(page, item.codecs));

  const seen = await page.evaluate(async (url) => {
    const errors: string[] = [];
    const video = document.createElement("video");
    video.muted = true;
    document.body.append(video);
    const failed = new Promise<void>((resolve) => {
      video.addEventListener("error", () => {
        errors.push(`video: ${video.error?.message}`);
        resolve();
      });
    });
    const hls = new Hls({ enableWorker: false });
    hls.on(Hls.Events.ERROR, (_, { type, details }) => errors.push(`${type} ${details}`));
    hls.loadSource(url);
    hls.attachMedia(video);
    const ended = new Promise((resolve) => video.addEventListener("ended", resolve, { once: true }));
    await video.play();
    await Promise.race([ended, failed]);
    const frames = video.getVideoPlaybackQuality().totalVideoFrames;
    // From what hardware made to what software made, and back.
    const sought: [to: number, shown: number][] = [];
    for (const to of [2.5, 3.5, 2.9, 9, 0.1, 3.1]) {
      const shown = new Promise<number>((resolve) => {
        video.requestVideoFrameCallback((_, { mediaTime }) => resolve(mediaTime));
        void failed.then(() => resolve(Number.NaN));
      });
      video.currentTime = to;
      sought.push([to, await shown]);
    }
    hls.destroy();
    return { errors, frames, sought };
  }, master.pathname);

  expect(seen.errors).toEqual([]);
  expect(seen.frames).toBe(SECONDS * RATE);
  for (const [to, shown] of seen.sought) expect(shown).toBeCloseTo(to, 1);
  expect(await metrics()).toContain('playhead_hardware_fallbacks_total{encoder="nvenc"} 1');
  expect(service.output()).toContain("fell off the bus");
  await context.close();
});
