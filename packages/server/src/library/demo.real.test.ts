import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ensureDemoFilm } from "./demo.js";
import { temporaryFolder } from "./test-library.js";

const log = pino({ level: "silent" });
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

it("puts a film of 30 s with picture and sound into an empty media folder, and only once", async () => {
  const mediaDir = path.join(folder.path, "media");
  const said: string[] = [];
  expect(await ensureDemoFilm({ mediaDir, ffmpeg: "ffmpeg", log, onProgress: (line) => said.push(line) })).toBe(true);
  expect(await readdir(mediaDir)).toEqual(["Playhead demo.mp4"]);
  expect(said).toHaveLength(1);
  const { stdout } = await execa("ffprobe", [
    ..."-v error -show_entries stream=codec_name,width,height,nb_frames,channels:format=duration -of csv=p=0".split(
      " ",
    ),
    path.join(mediaDir, "Playhead demo.mp4"),
  ]);
  expect(stdout.split("\n").slice(0, 3)).toEqual(["h264,1280,720,720", expect.stringMatching(/^aac,2,/), "30.000000"]);

  expect(await ensureDemoFilm({ mediaDir, ffmpeg: "ffmpeg", log })).toBe(false);
});

it("leaves a folder with files alone", async () => {
  await mkdir(path.join(folder.path, "a/b"), { recursive: true });
  await writeFile(path.join(folder.path, "a/b/notes.txt"), "x");
  expect(await ensureDemoFilm({ mediaDir: folder.path, ffmpeg: "ffmpeg", log })).toBe(false);
  expect(await readdir(folder.path)).toEqual(["a"]);
});

it("goes on without ffmpeg, and leaves nothing behind", async () => {
  expect(await ensureDemoFilm({ mediaDir: folder.path, ffmpeg: "/nowhere/ffmpeg", log })).toBe(false);
  expect(await readdir(folder.path)).toEqual([]);
});
