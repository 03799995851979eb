import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Writable } from "node:stream";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { createLibrary, type Library } from "../library.js";
import type { MediaItem } from "../media-item.js";
import { mediaReply } from "../media-reply.js";
import { film, h264, memoryMediaStore, memoryProgressStore, picture, temporaryFolder } from "../test-library.js";

type Folder = Awaited<ReturnType<typeof temporaryFolder>>;

let films: Folder;
let folder: Folder;
let library: Library | undefined;
let logged: string[];
let media: ReturnType<typeof memoryMediaStore>;

beforeAll(async () => {
  films = await temporaryFolder();
  await film(...picture(1), ...h264, path.join(films.path, "sample.mkv"));
});
afterAll(() => films.remove());
beforeEach(async () => {
  folder = await temporaryFolder();
  logged = [];
  media = memoryMediaStore();
});
afterEach(async () => {
  await library?.stop();
  await folder.remove();
});

const place = (name: string) => path.join(folder.path, "media", name);
const srt = "1\n00:00:00,100 --> 00:00:00,900\nHi\n";

async function put(name: string, content: string | Buffer = srt): Promise<void> {
  await mkdir(path.dirname(place(name)), { recursive: true });
  if (name.endsWith(".mkv")) await copyFile(path.join(films.path, "sample.mkv"), place(name));
  else await writeFile(place(name), content);
}

async function open(): Promise<Library> {
  const stream = new Writable({
    write(chunk, _, done) {
      logged.push(String(chunk));
      done();
    },
  });
  library = createLibrary({
    mediaDir: path.join(folder.path, "media"),
    dataDir: path.join(folder.path, "data"),
    media,
    progress: memoryProgressStore(),
    ffmpeg: "ffmpeg",
    ffprobe: "ffprobe",
    log: pino({ level: "warn" }, stream),
    settleMs: 50,
  });
  await library.start();
  await library.scanned();
  return library;
}

const item = (name: string): MediaItem => {
  const found = library?.items().find(({ path: at }) => at === name);
  if (found === undefined) throw new Error(`${name} is not in the library`);
  return found;
};
const names = (name: string) =>
  mediaReply(item(name), undefined).tracks.flatMap((track) => (track.kind === "subtitle" ? [track.name] : []));

/** Resolves when the film's subtitles are as wanted. */
const until = (of: Library, name: string, wanted: (names: readonly unknown[]) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const stop = of.onChange(() => {
      if (of.items().some(({ path: at }) => at === name) && wanted(names(name))) {
        stop();
        resolve();
      }
    });
  });

it("finds the subtitle files of a film, with what their names tell", async () => {
  await put("Film.mkv");
  await put("Film.srt");
  await put("Film.en.srt");
  await put("Film.de.forced.ass", "[Script Info]\n[Events]\nDialogue: 0,0:00:00.10,0:00:00.90,Default,,0,0,0,,Hallo\n");
  await put("Film.sdh.vtt", "WEBVTT\n\n00:00.100 --> 00:00.900\nHi\n");
  await put("Subs/3_French.srt");
  await open();
  expect(mediaReply(item("Film.mkv"), undefined).tracks.filter(({ kind }) => kind === "subtitle")).toMatchObject([
    { name: "German (forced)", language: "de", codec: "ass", forced: true, external: true },
    { name: "English", language: "en", codec: "subrip" },
    { name: "Subtitles (SDH)", codec: "webvtt", hearingImpaired: true },
    { name: "Subtitles 4" },
    { name: "French", language: "fr", index: 5 },
  ]);
});

it("sees files come, change and go while it runs", async () => {
  await put("Film.mkv");
  const running = await open();
  expect(names("Film.mkv")).toEqual([]);
  const { fileId } = item("Film.mkv");

  const added = until(running, "Film.mkv", (found) => found.length === 1);
  await put("Film.en.srt");
  await added;
  expect(names("Film.mkv")).toEqual(["English"]);

  const [before] = item("Film.mkv").sideSubtitles;
  const changed = until(running, "Film.mkv", () => item("Film.mkv").sideSubtitles[0]?.version !== before?.version);
  await put("Film.en.srt", `${srt}\n2\n00:00:01,000 --> 00:00:02,000\nMore\n`);
  await changed;
  expect(item("Film.mkv").sideSubtitles[0]?.id).toBe(before?.id);

  const gone = until(running, "Film.mkv", (found) => found.length === 0);
  await rm(place("Film.en.srt"));
  await gone;
  expect(item("Film.mkv").fileId).toBe(fileId);
});

it("gives a file of another name to a film only while that is alone in its folder", async () => {
  await put("Show/One.mkv");
  await put("Show/whatever.en.srt");
  const running = await open();
  expect(names("Show/One.mkv")).toEqual(["English"]);

  const lost = until(running, "Show/One.mkv", (found) => found.length === 0);
  await put("Show/Two.mkv");
  await lost;
  const again = until(running, "Show/One.mkv", (found) => found.length === 1);
  await rename(place("Show/Two.mkv"), path.join(folder.path, "elsewhere.mkv"));
  await again;
});

it("says what is wrong with a broken file, and plays the film without it", async () => {
  await put("Film.mkv");
  await put("Film.en.srt", "no subtitles at all");
  await put("Film.de.srt", Buffer.from([0, 1, 2, 0xff, 0xfe, 0x80, 0]));
  await put("Film.fr.srt", "");
  await open();
  expect(item("Film.mkv").status).toBe("ready");
  expect(names("Film.mkv")).toEqual([]);
  const complained = logged.map((line) => line.match(/"file":"([^"]+)"/)?.[1]);
  expect(new Set(complained)).toEqual(new Set(["Film.de.srt", "Film.en.srt", "Film.fr.srt"]));
  expect(logged[0]).toContain("There are no subtitles in it that can be read.");
});

it("knows them at once when it starts again", async () => {
  await put("Film.mkv");
  await put("Film.en.srt");
  await (await open()).stop();
  const again = createLibrary({
    mediaDir: path.join(folder.path, "media"),
    dataDir: path.join(folder.path, "data"),
    media,
    progress: memoryProgressStore(),
    ffmpeg: "ffmpeg",
    ffprobe: "ffprobe",
    log: pino({ level: "silent" }),
  });
  library = again;
  await again.start();
  expect(names("Film.mkv")).toEqual(["English"]);
  await again.scanned();
  expect(names("Film.mkv")).toEqual(["English"]);
});
