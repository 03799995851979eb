import { readdir, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { launchBrowser, openSignedIn } from "./browser.js";
import { startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

let scratch: string;
beforeAll(async () => {
  scratch = await temporaryFolder("start");
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** What the server says when it refuses to start. */
const refusal = (env: Record<string, string>, dataDir = path.join(scratch, "refused")): Promise<string> =>
  startService({ mediaDir: inject("mediaDir"), dataDir, env }).then(
    async (service) => {
      await service.stop();
      return "it started";
    },
    (error: Error) => error.message,
  );

it("refuses wrong settings with the name, the value and what is allowed", async () => {
  expect(await refusal({ PORT: "http" })).toMatch(/PORT is "http", but must be a whole number from 0 to 65535/);
  expect(await refusal({ PLAYHEAD_CACHE_MAX: "lots" })).toMatch(/PLAYHEAD_CACHE_MAX is "lots", but must be a size/);
});

it("says which port is taken", async () => {
  const holder = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => holder.once("listening", resolve));
  const address = holder.address();
  const port = typeof address === "object" && address ? address.port : 0;
  expect(await refusal({ PORT: String(port) })).toMatch(new RegExp(`Port ${port} on 127.0.0.1 is taken`));
  holder.close();
});

it("says that the data folder can't be written", async () => {
  const file = path.join(scratch, "a-file");
  await writeFile(file, "");
  expect(await refusal({}, path.join(file, "data"))).toMatch(/data folder .* can't be written .*PLAYHEAD_DATA_DIR/);
});

it("starts without ffmpeg, and says in the library what is missing", async () => {
  const service = await startService({
    mediaDir: inject("mediaDir"),
    env: { PLAYHEAD_FFMPEG: "/nowhere/ffmpeg", PLAYHEAD_FFPROBE: "/nowhere/ffprobe" },
  });
  try {
    await expect
      .poll(async () => await (await service.fetch("/api/v1/library")).text(), { timeout: 15_000 })
      .toMatch(/ffprobe|ffmpeg/);
  } finally {
    await service.stop();
  }
});

it("fills an empty media folder with a demo film that plays from the printed link", async () => {
  const mediaDir = path.join(scratch, "empty-media");
  const service = await startService({ mediaDir });
  const browser = await launchBrowser();
  try {
    expect((await readdir(mediaDir)).some((name) => /\.(mp4|mkv)$/.test(name))).toBe(true);
    const { page, problems } = await openSignedIn(browser, service.signInLink);
    expect(new URL(page.url()).search).toBe("");
    await page.getByRole("link", { name: /demo/i }).first().click();
    // Not any link that begins so: until the item's page is loaded, "Playhead demo" is still there.
    await page.getByRole("link", { name: "Play", exact: true }).click();
    await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 1);
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
    await service.stop();
  }
});

it("migrates once when two servers start together on one database", async () => {
  const mediaDir = inject("mediaDir");
  const dataDir = path.join(scratch, "shared-data");
  const both = await Promise.all([startService({ mediaDir, dataDir }), startService({ mediaDir, dataDir })]);
  for (const service of both) expect((await service.fetch("/readyz")).status).toBe(200);
  await Promise.all(both.map((service) => service.stop()));
});
