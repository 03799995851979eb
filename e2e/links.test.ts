import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import type { PlaybackLinkReply } from "@playhead/protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Browser, launchBrowser, openSignedIn } from "./browser.js";
import { ffmpeg } from "./fixtures/ffmpeg.js";
import { itemOf } from "./playlist.js";
import { type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

/** Players that never signed in: plain requests, ffmpeg, and pages of another origin in Chromium. */
const run = promisify(execFile);
const HLS_JS = createRequire(import.meta.url).resolve("hls.js/dist/hls.min.js");
const SECONDS = 6;
const seen: string[] = [];
let mediaDir: string;
let dataDir: string;
let service: RunningService;
let elsewhere: http.Server;
let browser: Browser;
const files = { mp4: "plain.mp4", mkv: "copied.mkv", avi: "converted.avi" } as const;

beforeAll(async () => {
  mediaDir = await temporaryFolder("links");
  const source = [
    "-f",
    "lavfi",
    "-i",
    `testsrc2=s=320x180:r=25:d=${SECONDS}`,
    "-f",
    "lavfi",
    "-i",
    `sine=d=${SECONDS}`,
  ];
  const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac"];
  await ffmpeg(...source, ...h264, "-movflags", "+faststart", path.join(mediaDir, files.mp4));
  await ffmpeg("-i", path.join(mediaDir, files.mp4), "-c", "copy", path.join(mediaDir, files.mkv));
  await ffmpeg(...source, "-c:v", "mpeg4", "-c:a", "libmp3lame", path.join(mediaDir, files.avi));
  dataDir = await temporaryFolder("links-data");
  service = await startService({ mediaDir, dataDir });
  elsewhere = await servePages();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  elsewhere?.closeAllConnections();
  elsewhere?.close();
  await service?.stop();
  for (const folder of [mediaDir, dataDir]) await rm(folder, { recursive: true, force: true });
});

async function linkTo(file: string): Promise<PlaybackLinkReply & { id: string }> {
  const { id } = await itemOf(service, file);
  const reply = await service.json<PlaybackLinkReply>(`/api/v1/media/${id}/link`, { method: "POST" });
  return { ...reply, id };
}
const anyone = (url: string | URL, init?: RequestInit) => fetch(new URL(url, service.origin), init);

/** Decodes what a URL plays, as a player would. */
async function decode(url: string): Promise<{ frames: number; complaints: string }> {
  const args = [
    "-v",
    "error",
    "-progress",
    "-",
    "-i",
    new URL(url, service.origin).href,
    "-map",
    "0:v:0",
    "-f",
    "null",
    "-",
  ];
  const { stdout, stderr } = await run("ffmpeg", args);
  return { frames: Number([...stdout.matchAll(/^frame=(\d+)$/gm)].at(-1)?.[1] ?? 0), complaints: stderr };
}

it("gives a signed-in user a link, and says how long it lives", async () => {
  const { url, fileUrl, expiresAt } = await linkTo(files.mp4);
  expect(expiresAt - Date.now()).toBeGreaterThan(23 * 3_600_000);
  expect(expiresAt - Date.now()).toBeLessThanOrEqual(24 * 3_600_000);
  expect(fileUrl.startsWith(url)).toBe(true);
  const { id } = await itemOf(service, files.mp4);
  expect((await anyone(`/api/v1/media/${id}/link`, { method: "POST" })).status).toBe(401);
  expect((await service.fetch("/api/v1/media/nothing/link", { method: "POST" })).status).toBe(404);
});

it("plays the file itself to anyone who holds the link, in ranges", async () => {
  const { url, fileUrl } = await linkTo(files.mp4);
  const bytes = await readFile(path.join(mediaDir, files.mp4));
  for (const address of [url, fileUrl]) {
    const part = await anyone(address, { headers: { range: "bytes=100-199" } });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 100-199/${bytes.byteLength}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(100, 200));
  }
  const mkv = await linkTo(files.mkv);
  const whole = Buffer.from(await (await anyone(mkv.fileUrl)).arrayBuffer());
  expect(whole).toEqual(await readFile(path.join(mediaDir, files.mkv)));
});

it.each(["mkv", "avi"] as const)("plays %s as HLS in ffmpeg, to its last picture", async (name) => {
  const { frames, complaints } = await decode((await linkTo(files[name])).url);
  expect(complaints).toBe("");
  // ffmpeg's own count of an AVI differs by one.
  expect(Math.abs(frames - SECONDS * 25)).toBeLessThanOrEqual(1);
});

it("opens playback of its item and nothing else", async () => {
  const { url, id } = await linkTo(files.mkv);
  const other = await itemOf(service, files.mp4);
  const { search } = new URL(url, service.origin);
  const { url: master } = await anyone(url);
  const view = path.posix.dirname(new URL(master).pathname);
  const status = async (address: string, method = "GET") => (await anyone(address, { method })).status;
  expect(await status(master)).toBe(200);
  expect(await status(`${view}/index.m3u8`.replace(id, other.id))).toBe(403);
  expect(await status(`/api/v1/stream/${other.id}${search}`)).toBe(403);
  for (const closed of [`/api/v1/media/${id}${search}`, `/api/v1/library${search}`, `/api/v1/me${search}`]) {
    expect([closed, await status(closed)]).toEqual([closed, 401]);
  }
  expect(await status(`${view}/heartbeat`, "POST")).toBe(401);
  expect(await status(view, "DELETE")).toBe(401);
  expect(await status(`/api/v1/media/${id}/link${search}`, "POST")).toBe(401);
});

it("plays in pages of another origin: hls.js over segments, <video src> over the file", async () => {
  const [hls, file] = [await linkTo(files.mkv), await linkTo(files.mp4)];
  for (const [page, url] of [
    ["hls", hls.url],
    ["video", file.url],
  ] as const) {
    const context = await browser.newContext();
    try {
      const tab = await context.newPage();
      const address = elsewhere.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const link = encodeURIComponent(new URL(url, service.origin).href);
      await tab.goto(`http://127.0.0.1:${port}/${page}.html?link=${link}`);
      const shown = await tab.evaluate("shown");
      expect(shown).toMatchObject({ width: 320, height: 180 });
      if (page === "hls") expect(shown).toMatchObject({ serverTiming: ["read", "wait"] });
    } finally {
      await context.close();
    }
  }
  expect(seen).toEqual([]);
});

it("is copied from the film's page", async () => {
  const { id } = await itemOf(service, files.mkv);
  const { context, page, problems } = await openSignedIn(browser, service.signInLink, {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  try {
    await page.goto(`${service.origin}/media/${id}`);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText(/valid until/i).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect((await anyone(copied)).status).toBe(200);
    expect(new URL(copied).origin).toBe(service.origin);
    expect(problems).toEqual([]);
  } finally {
    await context.close();
  }
});

it("goes on in the middle of a view after the server was killed and started again", async () => {
  const { url } = await linkTo(files.mkv);
  const master = await anyone(url);
  const rendition = /^[^#].*$/m.exec(await master.text())?.[0] ?? "";
  const { pathname } = new URL("1.m4s", new URL(rendition, master.url));
  const before = Buffer.from(await (await anyone(pathname)).arrayBuffer());
  await service.kill();
  service = await startService({ mediaDir, dataDir });
  await itemOf(service, files.mkv);
  const after = await anyone(pathname);
  expect(after.status).toBe(200);
  expect(Buffer.from(await after.arrayBuffer())).toEqual(before);
});

/** Another site: its own origin, without a sign-in here. Tells of cookies that it would get to see. */
async function servePages(): Promise<http.Server> {
  const script = await readFile(HLS_JS);
  const server = http.createServer((request, response) => {
    if (request.headers.cookie) seen.push(request.headers.cookie);
    const { pathname } = new URL(request.url ?? "/", "http://elsewhere");
    const isScript = pathname === "/hls.js";
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
    response.end(isScript ? script : pathname === "/hls.html" ? hlsPage : videoPage);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const shownFrame = `<!doctype html><link rel="icon" href="data:,"><video muted playsinline></video><script>
const link = new URLSearchParams(location.search).get("link");
const video = document.querySelector("video");
const failed = (why) => new Promise((_, reject) => (window.fail = (error) => reject(new Error(why + ": " + error))));
window.shown = Promise.race([
  failed("playback failed"),
  new Promise((resolve) => video.requestVideoFrameCallback(() => resolve({
    width: video.videoWidth,
    height: video.videoHeight,
    serverTiming: [...new Set(performance.getEntriesByType("resource").flatMap((entry) => entry.serverTiming.map(({ name }) => name)))].toSorted(),
  }))),
]);
</script>`;
const hlsPage = `${shownFrame}<script src="/hls.js"></script><script>
const hls = new Hls();
hls.on(Hls.Events.ERROR, (_, data) => { if (data.fatal) fail(data.details + " " + (data.response?.code ?? "")); });
hls.attachMedia(video);
hls.loadSource(link);
video.play();
</script>`;
const videoPage = `${shownFrame}<script>
video.onerror = () => fail(video.error.message);
video.src = link;
video.play();
</script>`;
