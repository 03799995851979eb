import { access, copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLibrary, type Library, type LibraryChange, type LibraryOptions } from "./library.js";
import type { MediaItem } from "./media-item.js";
import { film, h264, memoryMediaStore, memoryProgressStore, picture, temporaryFolder } from "./test-library.js";

type Folder = Awaited<ReturnType<typeof temporaryFolder>>;

let films: Folder;
let sample: string;
beforeAll(async () => {
  films = await temporaryFolder();
  sample = await film(...picture(2), ...h264, path.join(films.path, "sample.mkv"));
});
afterAll(() => films.remove());

let folder: Folder;
let libraries: Library[];
beforeEach(async () => {
  folder = await temporaryFolder();
  libraries = [];
});
afterEach(async () => {
  for (const library of libraries) await library.stop();
  await folder.remove();
});

const mediaDir = () => path.join(folder.path, "media");
const inMedia = (name: string) => path.join(mediaDir(), name);

async function place(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(path.dirname(inMedia(name)), { recursive: true });
    await copyFile(sample, inMedia(name));
  }
}

function open(options: Partial<LibraryOptions> = {}): Library {
  const library = createLibrary({
    mediaDir: mediaDir(),
    dataDir: path.join(folder.path, "data"),
    media: memoryMediaStore(),
    progress: memoryProgressStore(),
    ffmpeg: "ffmpeg",
    ffprobe: "ffprobe",
    log: pino({ level: "silent" }),
    settleMs: 200,
    ...options,
  });
  libraries.push(library);
  return library;
}

async function scanned(options: Partial<LibraryOptions> = {}): Promise<Library> {
  const library = open(options);
  await library.start();
  await library.scanned();
  return library;
}

/** The next change that fits. */
function change(library: Library, fits: (change: LibraryChange) => boolean): Promise<LibraryChange> {
  return new Promise((resolve) => {
    const end = library.onChange((each) => {
      if (!fits(each)) return;
      end();
      resolve(each);
    });
  });
}

const becomes = (library: Library, file: string, fits: (item: MediaItem) => boolean) =>
  change(library, ({ kind, item }) => kind !== "removed" && item.path === file && fits(item));

/** Posters are made later than the rest. */
const withoutPosters = (library: Library) => library.items().map((item) => ({ ...item, hasPoster: false }));
const paths = (library: Library) => library.items().map((item) => item.path);
const named = (library: Library, file: string): MediaItem => {
  const item = library.items().find((each) => each.path === file);
  if (item === undefined) throw new Error(`${file} is not in the library`);
  return item;
};

describe("a scan", () => {
  it("lists every film below the folder, titled by its name, and nothing else", async () => {
    await place(
      "Show/Season 1/Show.S01E02.mkv",
      "Film (2019).mkv",
      ".hidden.mkv",
      ".hidden/x.mkv",
      "new\nline 'ü\".mkv",
    );
    await writeFile(inMedia("notes.txt"), "x");
    const library = await scanned();
    expect(paths(library)).toEqual(["Film (2019).mkv", "Show/Season 1/Show.S01E02.mkv", "new\nline 'ü\".mkv"]);
    expect(library.items().map(({ status }) => status)).toEqual(["ready", "ready", "ready"]);
    const episode = named(library, "Show/Season 1/Show.S01E02.mkv");
    expect(episode).toMatchObject({ series: "Show", season: 1, episode: 2, absolutePath: inMedia(episode.path) });
    expect(library.get(episode.id)).toBe(episode);
    expect(library.scan).toBeNull();
  });

  it("lists what can't be played with its reason, and goes on", async () => {
    await place("good.mkv");
    await writeFile(inMedia("empty.mkv"), "");
    await writeFile(inMedia("text.mp4"), "hello");
    await writeFile(inMedia("cut.mkv"), (await readFile(sample)).subarray(0, 9000));
    await symlink("nowhere.mkv", inMedia("dangling.mkv"));
    const library = await scanned();
    expect(library.items().map(({ path, status, error }) => [path, status, error])).toEqual([
      ["cut.mkv", "error", expect.stringContaining("The file is incomplete: 9000 bytes of")],
      ["dangling.mkv", "error", "The file is a link to a file that is gone."],
      ["empty.mkv", "error", "The file is empty."],
      ["good.mkv", "ready", null],
      ["text.mp4", "error", "This is not a video file, or it is damaged."],
    ]);
  });

  it("lists a file whose name is no Unicode", async () => {
    await mkdir(mediaDir(), { recursive: true });
    await writeFile(Buffer.concat([Buffer.from(`${mediaDir()}/b`), Buffer.from([0xe4]), Buffer.from("r.mkv")]), "x");
    const library = await scanned();
    expect(library.items()).toMatchObject([
      { status: "error", error: "The file's name is not valid Unicode. Rename it." },
    ]);
  });

  it("follows links, and not their loops", async () => {
    await place("a/film.mkv");
    await symlink("..", inMedia("a/up"));
    await symlink(films.path, inMedia("elsewhere"));
    expect(paths(await scanned())).toEqual(["a/film.mkv", "elsewhere/sample.mkv"]);
  });

  it("makes a media folder that is missing", async () => {
    await scanned();
    await access(mediaDir());
  });

  it("probes two files at a time and tells how far it is", async () => {
    await place("1.mkv", "2.mkv", "3.mkv", "4.mkv");
    const told: string[] = [];
    // An ffprobe that says when it begins and ends.
    const log = path.join(folder.path, "probes.log");
    const slow = path.join(folder.path, "ffprobe");
    await writeFile(
      slow,
      `#!/bin/sh\necho begin >>'${log}'\nffprobe "$@"\ncode=$?\nsleep 0.1\necho end >>'${log}'\nexit $code\n`,
      { mode: 0o755 },
    );
    await scanned({ ffprobe: slow, onScanProgress: ({ done, total }) => told.push(`${done}/${total}`) });
    expect(told).toEqual(["1/4", "2/4", "3/4", "4/4"]);
    let running = 0;
    let most = 0;
    for (const line of (await readFile(log, "utf8")).trim().split("\n")) {
      running += line === "begin" ? 1 : -1;
      most = Math.max(most, running);
    }
    expect(most).toBe(2);
  });

  it("makes a poster, 480 wide and in the film's shape", async () => {
    await place("film.mkv");
    const library = open();
    const made = becomes(library, "film.mkv", (item) => item.hasPoster);
    await library.start();
    const poster = library.posterPath((await made).item);
    const { stdout } = await execa("ffprobe", [
      ..."-v error -show_entries stream=codec_name,width,height -of csv=p=0".split(" "),
      String(poster),
    ]);
    expect(stdout).toBe("mjpeg,480,270");
  });
});

describe("the second start", () => {
  it("knows everything at once, and opens no file", async () => {
    await place("film.mkv", "b.mkv");
    await writeFile(inMedia("broken.mkv"), "x");
    const media = memoryMediaStore();
    const first = await scanned({ media });
    const before = withoutPosters(first);
    await first.stop();
    media.puts.length = 0;

    const second = open({ media, ffprobe: "/nowhere/ffprobe", ffmpeg: "/nowhere/ffmpeg" });
    await second.start();
    expect(withoutPosters(second)).toEqual(before);
    await second.scanned();
    expect(withoutPosters(second)).toEqual(before);
    expect(media.puts).toEqual([]);
  });

  it("examines what changed under its old id, and forgets what is gone", async () => {
    await place("stays.mkv", "changes.mkv", "goes.mkv");
    const media = memoryMediaStore();
    const first = await scanned({ media });
    const { id, fileId } = named(first, "changes.mkv");
    await first.stop();
    await rm(inMedia("goes.mkv"));
    await writeFile(inMedia("changes.mkv"), "no film any more");
    media.puts.length = 0;

    const second = await scanned({ media });
    expect(paths(second)).toEqual(["changes.mkv", "stays.mkv"]);
    const changed = named(second, "changes.mkv");
    expect(changed).toMatchObject({ id, status: "error" });
    expect(changed.fileId).not.toBe(fileId);
    expect(new Set(media.puts)).toEqual(new Set(["changes.mkv"]));
    expect((await media.all()).map((record) => record.path).toSorted()).toEqual(["changes.mkv", "stays.mkv"]);
  });

  it("examines again what could not be examined for want of ffprobe, which was said once", async () => {
    await place("a.mkv", "b.mkv");
    const media = memoryMediaStore();
    const lines: string[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const first = await scanned({ media, ffprobe: "/nowhere/ffprobe", log: pino({ level: "error" }, sink) });
    expect(first.items().map(({ status, error }) => [status, error?.includes("PLAYHEAD_FFPROBE")])).toEqual([
      ["error", true],
      ["error", true],
    ]);
    expect(lines.filter((line) => line.includes("ffprobe (/nowhere/ffprobe)"))).toHaveLength(1);
    await first.stop();

    const second = await scanned({ media });
    expect(second.items().map(({ status }) => status)).toEqual(["ready", "ready"]);
  });
});

describe("watching", () => {
  it("sees films come, change and go", async () => {
    const library = await scanned();
    const added = becomes(library, "new/film.mkv", ({ status }) => status === "ready");
    await place("new/film.mkv");
    const { item } = await added;

    const changed = becomes(library, "new/film.mkv", ({ status }) => status === "error");
    await writeFile(inMedia("new/film.mkv"), "overwritten");
    expect((await changed).item.id).toBe(item.id);

    const removed = change(library, ({ kind }) => kind === "removed");
    await rm(inMedia("new"), { recursive: true });
    expect((await removed).item.id).toBe(item.id);
    expect(library.items()).toEqual([]);
  });

  it("follows a film that is renamed", async () => {
    await place("old.mkv");
    const library = await scanned();
    const added = becomes(library, "new.mkv", ({ status }) => status === "ready");
    const removed = change(library, ({ kind, item }) => kind === "removed" && item.path === "old.mkv");
    await rename(inMedia("old.mkv"), inMedia("new.mkv"));
    await Promise.all([added, removed]);
    expect(paths(library)).toEqual(["new.mkv"]);
  });

  it("waits until a film is copied", async () => {
    const library = await scanned();
    const seen: string[] = [];
    library.onChange(({ item }) => seen.push(item.status));
    const ready = becomes(library, "slow.mkv", ({ status }) => status === "ready");
    const bytes = await readFile(sample);
    const copy = execa("sh", ["-c", `exec cat >'${inMedia("slow.mkv")}'`], { stdin: "pipe" });
    // Pieces come faster than the file settles.
    for (let i = 0; i < 8; i++) {
      copy.stdin.write(bytes.subarray((i * bytes.length) / 8, ((i + 1) * bytes.length) / 8));
      await setTimeout(50);
    }
    copy.stdin.end();
    await copy;
    await ready;
    expect(seen).not.toContain("error");
  });

  it("keeps its films while the media folder is away", async () => {
    await place("film.mkv");
    const library = await scanned();
    const kinds: string[] = [];
    library.onChange(({ kind }) => kinds.push(kind));
    await rename(mediaDir(), path.join(folder.path, "away"));
    // Longer than a removal takes to be seen.
    await setTimeout(500);
    expect(paths(library)).toEqual(["film.mkv"]);
    expect(kinds).not.toContain("removed");
  });

  it("sees another media folder take the place of the old one", async () => {
    await place("film.mkv");
    const library = await scanned({ checkMs: 50 });
    const { id } = named(library, "film.mkv");
    const gone = change(library, ({ kind }) => kind === "removed");
    const found = becomes(library, "other.mkv", ({ status }) => status === "ready");
    await rename(mediaDir(), path.join(folder.path, "away"));
    await place("other.mkv");
    expect((await gone).item.id).toBe(id);
    await found;

    const added = becomes(library, "later.mkv", ({ status }) => status === "ready");
    await place("later.mkv");
    await added;
  });
});

it("ends a probe that hangs when it stops", async () => {
  await place("film.mkv");
  const pidFile = path.join(folder.path, "pid");
  const hanging = path.join(folder.path, "ffprobe");
  await writeFile(hanging, `#!/bin/sh\necho $$ >'${pidFile}'\nexec sleep 1000\n`, { mode: 0o755 });
  const library = open({ ffprobe: hanging });
  await library.start();
  const pid = await readWhenThere(pidFile);
  await library.stop();
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
});

async function readWhenThere(file: string): Promise<number> {
  for (;;) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text.endsWith("\n")) return Number(text);
    await setTimeout(20);
  }
}
