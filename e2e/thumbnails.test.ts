import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Browser, launchBrowser, openSignedIn } from "./browser.js";
import { ffmpeg } from "./fixtures/ffmpeg.js";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

const run = promisify(execFile);
/** 10 s each; the second half of the film is a chapter of its own. */
const colours = ["red", "lime", "blue", "yellow"] as const;
const rgb = { red: [255, 0, 0], lime: [0, 255, 0], blue: [0, 0, 255], yellow: [255, 255, 0] } as const;
const FILM_S = 10 * colours.length;

let mediaDir: string;
let service: RunningService;
let browser: Browser;
let id: string;

beforeAll(async () => {
  mediaDir = await temporaryFolder("thumbnails");
  const metadata = path.join(mediaDir, "chapters.txt");
  const chapters = [
    ["Dawn", 0, 20],
    ["Dusk", 20, 40],
  ].map(([title, from, to]) => `[CHAPTER]\nTIMEBASE=1/1\nSTART=${from}\nEND=${to}\ntitle=${title}\n`);
  await writeFile(metadata, `;FFMETADATA1\n${chapters.join("")}`);
  const boxes = colours.map(
    (colour, i) => `drawbox=w=iw:h=ih:t=fill:c=${colour}:enable='between(t,${10 * i},${10 * i + 9.99})'`,
  );
  const picture = `color=black:s=320x180:r=25,format=gbrp,${boxes.join(",")}`;
  await ffmpeg(
    ...["-f", "lavfi", "-t", String(FILM_S), "-i", picture, "-i", metadata, "-map_metadata", "1"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p"],
    path.join(mediaDir, "Colours.mp4"),
  );
  await rm(metadata);
  service = await startService({ mediaDir });
  browser = await launchBrowser();
  id = await eventually(async () => {
    const { items } = await service.json<{ items: { id: string; status: string }[] }>("/api/v1/library");
    return items.find(({ status }) => status === "ready")?.id;
  });
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await rm(mediaDir, { recursive: true, force: true });
});

/** Mean colour of what is drawn there. */
async function drawn(page: Page, of: Locator): Promise<readonly number[]> {
  const clip = await of.boundingBox();
  if (clip === null) throw new Error("It is not drawn");
  const { x, y, width, height } = clip;
  const file = path.join(service.dataDir, "drawn.png");
  await page.screenshot({ path: file, clip: { x: x + 8, y: y + 8, width: width - 16, height: height - 16 } });
  const args = ["-v", "error", "-i", file, "-vf", "scale=1:1:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"];
  return [...(await run("ffmpeg", args, { encoding: "buffer" })).stdout];
}

const isNear = (shown: readonly number[], colour: keyof typeof rgb) =>
  rgb[colour].every((part, i) => Math.abs(part - (shown[i] ?? -999)) < 30);

it("shows the picture, the chapter and the time of the place on the seek bar that the pointer is over", async () => {
  const { context, page, problems } = await openSignedIn(browser, service.signInLink);
  const vtt = page.waitForResponse((answer) => answer.url().endsWith("/thumbnails.vtt") && answer.status() === 200);
  await page.goto(`${service.origin}/watch/${id}`);
  await vtt;
  const bar = page.locator("media-time-range");
  const [picture, chapter, time] = ["thumbnail", "chapter-display", "time-display"].map((part) =>
    page.locator(`media-preview-${part}[slot="preview"]`),
  );
  if (!picture || !chapter || !time) throw new Error("No preview");
  const box = await bar.boundingBox();
  if (box === null) throw new Error("No seek bar");
  for (const [i, colour] of colours.entries()) {
    await page.mouse.move(box.x + (box.width * (10 * i + 5)) / FILM_S, box.y + box.height / 2);
    await chapter.getByText(i < 2 ? "Dawn" : "Dusk", { exact: true }).waitFor();
    await eventually(async () => (isNear(await drawn(page, picture), colour) ? true : undefined));
    const [first, second, third] = await Promise.all([picture, chapter, time].map((part) => part.boundingBox()));
    expect(first && second && third && first.y < second.y && second.y < third.y).toBe(true);
  }
  expect(problems).toEqual([]);
  await context.close();
});

it("lets nobody see the pictures who is not signed in, and keeps them as long as their film", async () => {
  const text = await (await service.fetch(`/api/v1/media/${id}/thumbnails.vtt`)).text();
  const sheet = /^(\/\S+)#xywh=0,0,160,90$/m.exec(text)?.[1] ?? "";
  const answer = await service.fetch(sheet);
  expect(answer.headers.get("content-type")).toBe("image/jpeg");
  expect(answer.headers.get("cache-control")).toContain("immutable");
  for (const place of [sheet, `/api/v1/media/${id}/thumbnails.vtt`]) {
    expect((await fetch(new URL(place, service.origin))).status).toBe(401);
  }
  for (const place of ["9.jpg", "00.jpg", "..%2F0.jpg", "0.jpg.part"]) {
    expect((await service.fetch(`/api/v1/media/${id}/thumbnails/${place}`)).status).toBe(404);
  }
  await rm(path.join(mediaDir, "Colours.mp4"));
  await eventually(async () => ((await service.fetch(sheet)).status === 404 ? true : undefined));
});
