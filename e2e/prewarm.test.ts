import { execFileSync } from "node:child_process";
import { link, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { PlaybackReply, PreloadReply } from "@playhead/protocol";
import type { Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Browser, launchBrowser, openSignedIn } from "./browser.js";
import { ffmpeg } from "./fixtures/ffmpeg.js";
import { measureInPage } from "./page-measure.js";
import { itemOf } from "./playlist.js";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

/** The five acceptance criteria of "HLS session pre-warming on the media detail page", each seen from the browser. */
const converted = "To be converted.mkv";
const asItIs = "As it is.mp4";
const repackaged = "Repackaged.mkv";
const episodes = ["Show/Show S01E01.mkv", "Show/Show S01E02.mkv"] as const;
const silentFfmpeg = path.resolve(import.meta.dirname, "../packages/server/src/streaming/testing/silent-ffmpeg.sh");

let mediaDir: string;
let service: RunningService;
let browser: Browser;

beforeAll(async () => {
  mediaDir = await temporaryFolder("prewarm");
  const source = ["-f", "lavfi", "-t", "60", "-i", "testsrc2=s=320x180:r=25", "-f", "lavfi", "-t", "60", "-i", "sine"];
  await ffmpeg(...source, "-c:v", "mpeg4", "-g", "50", "-c:a", "aac", path.join(mediaDir, converted));
  const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50"];
  await ffmpeg(...source, ...h264, "-c:a", "aac", "-movflags", "+faststart", path.join(mediaDir, asItIs));
  // Three minutes: longer than what a player has ahead.
  await ffmpeg("-stream_loop", "2", "-i", path.join(mediaDir, asItIs), "-c", "copy", path.join(mediaDir, repackaged));
  await mkdir(path.join(mediaDir, "Show"));
  for (const file of episodes) await link(path.join(mediaDir, converted), path.join(mediaDir, file));
  service = await startService({ mediaDir });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await rm(mediaDir, { recursive: true, force: true });
});

const isPreload = (request: Request) => request.url().includes("/hls/preload/") && request.method() === "POST";
const isSegment = (url: string) => url.endsWith(".m4s");
const openSessions = async () => {
  const metrics = await (await service.fetch("/metrics")).text();
  return Number(/^playhead_hls_sessions (\d+)/m.exec(metrics)?.[1]);
};
/** ffmpeg processes that read a film of this test. */
const encoders = () =>
  execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("ffmpeg") && line.includes(mediaDir));
const allOver = () =>
  eventually(async () => ((await openSessions()) === 0 && encoders().length === 0 ? true : undefined));

/** Opens the item's page as a viewer does, and waits until it is ready to be played at once. */
async function openItem(page: Page, at: RunningService, mediaId: string) {
  const answered = page.waitForResponse((response) => isPreload(response.request()));
  await page.goto(`${at.origin}/media/${mediaId}`);
  const response = await answered;
  return { status: response.status(), reply: (await response.json()) as PreloadReply };
}

/** Picture and sound of the first place are here. */
function segmentsOfBothKinds(page: Page, hlsSessionId = ""): Promise<unknown> {
  const kinds = new Set<string>();
  return page.waitForEvent("requestfinished", (request) => {
    if (isSegment(request.url()) && request.url().includes(hlsSessionId))
      kinds.add(request.url().split("/").at(-2) ?? "");
    return kinds.size === 2;
  });
}

it("answers at once, though the encoder has given nothing yet, and the page can be read", async () => {
  const slow = await startService({ mediaDir, env: { PLAYHEAD_FFMPEG: silentFfmpeg } });
  const { id, title } = await itemOf(slow, converted);
  const { context, page } = await openSignedIn(browser, slow.signInLink);
  const { status, reply } = await openItem(page, slow, id);
  expect(status).toBe(202);
  expect(reply).toMatchObject({ status: "warming", delivery: "transcode", hlsSessionId: expect.any(String) });
  await page.getByRole("heading", { name: title }).waitFor();
  await context.close();
  await slow.stop();
});

it("prepares nothing where playback is turned off", async () => {
  const off = await startService({ mediaDir, env: { PLAYHEAD_PLAYBACK: "off" } });
  const { id, title } = await itemOf(off, converted);
  const { context, page } = await openSignedIn(browser, off.signInLink);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const { status, reply } = await openItem(page, off, id);
  expect(status).toBe(403);
  expect(reply).toMatchObject({ error: { code: "playback_off" } });
  await page.getByRole("heading", { name: title }).waitFor();
  expect(requests.filter(isSegment)).toEqual([]);
  expect(await (await off.fetch("/metrics")).text()).toMatch(/^playhead_hls_sessions 0/m);
  await context.close();
  await off.stop();
});

it("is played with the session, the segments and the picture that were made ready", async () => {
  const { id } = await itemOf(service, converted);
  const { context, page, problems } = await openSignedIn(browser, service.signInLink);
  await page.addInitScript(measureInPage);
  const ready = segmentsOfBothKinds(page);
  const { reply } = await openItem(page, service, id);
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(request.url()));
  await ready;
  const before = new Set(fetched.splice(0));
  expect(await page.evaluate(() => document.querySelector("video"))).toBeNull();

  const asked = page.waitForResponse((response) => response.url().endsWith("/api/v1/playback"));
  await page.getByRole("link", { name: /^Play/ }).click();
  const played = (await (await asked).json()) as PlaybackReply;
  await page.waitForFunction(() => document.querySelector("video")!.currentTime > 3);
  expect(played.hlsSessionId).toBe(reply.hlsSessionId);
  expect(fetched.filter((url) => before.has(url))).toEqual([]);
  expect(fetched.filter((url) => url.endsWith(".m3u8"))).toEqual([]);
  expect(await page.evaluate(() => document.querySelector("video")!.videoHeight)).toBe(180);

  // The two segments of the place are on the server, for whoever asks: nobody waits for an encoder.
  const folder = `/api/v1/hls/${reply.hlsSessionId}/${reply.firstRung}`;
  for (const segment of [0, 1]) {
    const again = await service.fetch(`${folder}/${segment}.m4s`);
    expect(again.headers.get("server-timing")).toContain("wait;dur=0");
  }
  const measured = await page.evaluate(() => window.measure);
  expect(problems).toEqual([]);
  // Its farewell is still under way when the tab is closed: the browser lives on.
  await page.close({ runBeforeUnload: true });

  // The view is the player's, from the click on.
  const view = await eventually(async () => {
    const { views } = await service.json<{ views: { viewId: string; startupMs: number | null; exit: string }[] }>(
      "/api/v1/analytics/views",
    );
    return views.find(({ exit }) => exit === "left");
  });
  const apartMs = (view.startupMs ?? Infinity) - (measured.startupMs ?? 0);
  expect(Math.abs(apartMs), `${view.startupMs} ms told, ${measured.startupMs} ms seen`).toBeLessThanOrEqual(50);
  const { events } = await service.json<{
    events: { type: string; reason?: string; toHeight?: number; durationMs?: number }[];
  }>(`/api/v1/analytics/views/${view.viewId}`);
  expect(events).toContainEqual(expect.objectContaining({ type: "quality_change", reason: "initial", toHeight: 180 }));
  expect(events.filter(({ type }) => type.startsWith("seek"))).toEqual([]);
  // A busy machine may hold up the decoder; what was made ready holds up nobody.
  const stops = events.filter(({ type, durationMs = 0 }) => type === "rebuffer_end" && durationMs >= 250);
  expect(stops).toHaveLength(measured.stallsMs.length);
  await allOver();
  await context.close();
});

it("prepares nothing for a film that plays as it is", async () => {
  const { id } = await itemOf(service, asItIs);
  const { context, page } = await openSignedIn(browser, service.signInLink);
  const preloads: string[] = [];
  page.on("request", (request) => {
    if (isPreload(request)) preloads.push(request.url());
  });
  await page.goto(`${service.origin}/media/${id}`);
  await page.getByText("Plays as it is").waitFor();
  await page.getByRole("link", { name: /^Play/ }).click();
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.2);
  expect(preloads).toEqual([]);
  expect(await openSessions()).toBe(0);
  await context.close();
});

it("is cancelled when one goes on to another page, and when the tab is closed", async () => {
  const { id } = await itemOf(service, converted);
  const { context, page } = await openSignedIn(browser, service.signInLink);
  const { reply } = await openItem(page, service, id);
  expect(await openSessions()).toBe(1);
  await page.locator('a[href="/"]').first().click();
  await allOver();
  expect((await service.fetch(reply.url)).status).toBe(410);

  const other = await context.newPage();
  const { reply: second } = await openItem(other, service, id);
  expect(second.hlsSessionId).not.toBe(reply.hlsSessionId);
  await other.close({ runBeforeUnload: true });
  await allOver();
  expect((await service.fetch(second.url)).status).toBe(410);
  await context.close();
});

it("has the next episode ready in the last minute of the one before", async () => {
  const [first, second] = [await itemOf(service, episodes[0]), await itemOf(service, episodes[1])];
  const { context, page } = await openSignedIn(browser, service.signInLink);
  const prepared = page.waitForResponse(
    (response) => isPreload(response.request()) && response.url().includes(second.id),
  );
  await page.goto(`${service.origin}/watch/${first.id}`);
  const { hlsSessionId, url } = (await (await prepared).json()) as PreloadReply;
  await segmentsOfBothKinds(page, hlsSessionId);
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(request.url()));
  const asked = page.waitForResponse((response) => response.url().endsWith("/api/v1/playback"));
  await page.mouse.move(400, 300);
  await page.getByRole("button", { name: /^Next episode/ }).click();
  expect(((await (await asked).json()) as PlaybackReply).url).toBe(url);
  await page.waitForFunction(
    (id) => location.pathname.endsWith(id) && (document.querySelector("video")?.currentTime ?? 0) > 0.5,
    second.id,
  );
  expect(fetched.filter((each) => each.endsWith(".m3u8") || each.endsWith("/0.m4s"))).toEqual([]);
  await context.close();
});

it("has a place of a copied film here before the click, when the pointer rests over it", async () => {
  const { id } = await itemOf(service, repackaged);
  const { context, page, problems } = await openSignedIn(browser, service.signInLink);
  await page.goto(`${service.origin}/media/${id}`);
  await page.getByRole("link", { name: /^Play/ }).click();
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.2);

  await page.mouse.move(400, 300);
  const box = await page.locator("media-time-range").boundingBox();
  if (!box) throw new Error("No seek bar");
  const [x, y] = [box.x + box.width * 0.95, box.y + box.height / 2];
  const ahead: string[] = [];
  const here = page.waitForEvent("requestfinished", (request) => {
    if (isSegment(request.url()) && "x-playhead-warm-up" in request.headers()) ahead.push(request.url());
    return ahead.length === 2;
  });
  await page.mouse.move(x, y);
  await here;
  expect(await page.evaluate(() => document.querySelector("video")!.currentTime)).toBeLessThan(60);

  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.mouse.click(x, y);
  await page.waitForFunction(() => document.querySelector("video")!.currentTime > 165);
  expect(ahead.map((url) => url.split("/").at(-2))).toEqual(expect.arrayContaining(["v0-copy", "a1-copy"]));
  expect(asked.filter((url) => ahead.includes(url))).toEqual([]);
  expect(problems).toEqual([]);
  await page.close({ runBeforeUnload: true });
  await allOver();
  await context.close();
});
