import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { MediaItem } from "../../library/media-item.js";
import { ffmpeg } from "../testing/films.js";
import { makePictureFilms } from "../testing/picture-films.js";
import { itemOf } from "../testing/test-service.js";
import { startThumbnails, type TestThumbnails } from "../testing/test-thumbnails.js";
import { wrappedFfmpeg } from "../testing/wrapped-ffmpeg.js";

const run = promisify(execFile);
type Rgb = readonly [number, number, number];
/** The film shows one after the other, 5 s each. */
const colours: readonly Rgb[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
  [255, 255, 0],
  [255, 0, 255],
  [0, 255, 255],
  [128, 128, 128],
];
const FILM_S = 60;
const colourAt = (second: number) => colours[Math.floor(second / 5) % colours.length];
const hex = (rgb: Rgb) => `0x${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;

let folder: string;
let item: MediaItem;
let pictures: Awaited<ReturnType<typeof makePictureFilms>>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "playhead-thumbnails-"));
  const file = path.join(folder, "colours.mkv");
  const boxes = colours.map(
    (rgb, i) => `drawbox=w=iw:h=ih:t=fill:c=${hex(rgb)}:enable='eq(mod(floor(t/5)\\,${colours.length})\\,${i})'`,
  );
  const picture = `color=black:s=320x180:r=10,format=gbrp,${boxes.join(",")}`;
  const source = ["-v", "error", "-f", "lavfi", "-t", String(FILM_S), "-i", picture];
  await ffmpeg(...source, ..."-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 10".split(" "), file);
  item = await itemOf("colours", file);
  pictures = await makePictureFilms();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await pictures.remove();
});

async function newFolder(): Promise<string> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "playhead-sheets-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  return dataDir;
}

async function start(...args: Parameters<typeof startThumbnails>): Promise<TestThumbnails> {
  const thumbnails = await startThumbnails(...args);
  onTestFinished(() => thumbnails.stop());
  return thumbnails;
}

/** Until something is so; it must become so within 20 s. */
async function until<T>(what: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const value = await what();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error("It did not become so");
    await delay(20);
  }
}

/** The WebVTT when there is one, or `never`. */
const vttOf = (thumbnails: TestThumbnails, of: MediaItem): Promise<string> =>
  until(() => {
    const vtt = thumbnails.vtt(of);
    if (vtt === "later") return undefined;
    return vtt === "never" ? vtt : vtt.text;
  });

interface Tile {
  readonly fromS: number;
  readonly toS: number;
  readonly pixel: (x: number, y: number) => Rgb;
  readonly width: number;
  readonly height: number;
}

async function tilesOf(thumbnails: TestThumbnails, of: MediaItem): Promise<readonly Tile[]> {
  const vtt = await vttOf(thumbnails, of);
  const sheets = new Map<number, { readonly width: number; readonly pixels: Buffer }>();
  const tiles: Tile[] = [];
  for (const cue of vtt.matchAll(/^(\S+) --> (\S+)\n.*\/(\d+)\.jpg\?v=.*#xywh=(\d+),(\d+),(\d+),(\d+)$/gm)) {
    const [index = 0, left = 0, top = 0, width = 0, height = 0] = cue.slice(3).map(Number);
    if (!sheets.has(index)) {
      const file = thumbnails.sheet(of, index) ?? "";
      const size = ["-v", "error", "-show_entries", "stream=width", "-of", "csv=p=0", file];
      const raw = ["-v", "error", "-i", file, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"];
      const { stdout: pixels } = await run("ffmpeg", raw, { encoding: "buffer", maxBuffer: 1 << 26 });
      sheets.set(index, { width: Number((await run("ffprobe", size)).stdout), pixels });
    }
    const sheet = sheets.get(index);
    if (sheet === undefined) throw new Error("No such sheet");
    const pixel = (x: number, y: number): Rgb => {
      const at = 3 * ((top + y) * sheet.width + left + x);
      const part = (i: number) => sheet.pixels[at + i] ?? Number.NaN;
      return [part(0), part(1), part(2)];
    };
    tiles.push({ fromS: seconds(cue[1]), toS: seconds(cue[2]), pixel, width, height });
  }
  return tiles;
}

const seconds = (time = "") => time.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
const isNear = (a: Rgb | undefined, b: Rgb) => a?.every((part, i) => Math.abs(part - (b[i] ?? 0)) < 24) ?? false;
const middle = ({ pixel, width, height }: Tile) => pixel(width / 2, height / 2);

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** An ffmpeg that tells its pid, and takes as long as the film while there is a mark. */
async function slowFfmpeg() {
  const wrapped = await wrappedFfmpeg(
    `if [ -e "$MARK" ]; then echo $$ > "$MARK.pid"; exec ffmpeg -re "$@"; fi\nexec ffmpeg "$@"`,
  );
  onTestFinished(wrapped.remove);
  const mark = path.join(path.dirname(wrapped.command), "mark");
  await writeFile(mark, "");
  const pid = () => until(async () => Number(await readFile(`${mark}.pid`, "utf8").catch(() => "")) || undefined);
  return { command: wrapped.command, pid, hurry: () => rm(mark) };
}

describe("the pictures of the seek bar", () => {
  it.each(["mkv", "ts", "mp4"])("show what the film shows at their times, on every sheet: %s", async (ending) => {
    const target = path.join(folder, `the same.${ending}`);
    await ffmpeg("-v", "error", "-i", item.absolutePath, "-c", "copy", target);
    const film = await itemOf(ending, target);
    const tiles = await tilesOf(await start([film], { dataDir: await newFolder() }), film);
    expect(tiles.length).toBe(30);
    const wrong = tiles.filter((tile) => {
      const shown = middle(tile);
      return !isNear(colourAt(tile.fromS), shown) && !isNear(colourAt(tile.toS - 0.01), shown);
    });
    expect(wrong.map((tile) => [tile.fromS, middle(tile)])).toEqual([]);
  });

  it("stand upright where the film is marked as turned", async () => {
    for (const name of ["turned90", "turned270"]) {
      const turned = await longer(pictures.files[name] ?? "", name);
      const [tile] = await tilesOf(await start([turned], { dataDir: await newFolder() }), turned);
      if (tile === undefined) throw new Error("No picture");
      const { width, height, pixel } = tile;
      expect(height).toBeGreaterThan(width);
      const corners = [pixel(8, 8), pixel(width - 8, 8), pixel(width - 8, height - 8), pixel(8, height - 8)];
      const asMade: readonly Rgb[] = [
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [255, 255, 255],
      ];
      const by = name === "turned90" ? 3 : 1;
      expect(corners.map((corner, i) => isNear(asMade[(i + by) % 4], corner))).toEqual([true, true, true, true]);
    }
  });

  it("are SDR where the film is HDR, and whole where it is interlaced", async () => {
    const red = await longer(pictures.files["red"] ?? "", "red");
    const [shown] = await tilesOf(await start([red], { dataDir: await newFolder() }), red);
    const [r = 0, g = 0, b = 0] = shown ? middle(shown) : [];
    expect(r).toBeGreaterThan(90);
    expect(Math.max(g, b)).toBeLessThan(40);
    const interlaced = await longer(pictures.files["interlaced"] ?? "", "interlaced");
    expect((await tilesOf(await start([interlaced], { dataDir: await newFolder() }), interlaced)).length).toBe(2);
  });

  /** The same film, played four times: one second is too short for pictures. */
  async function longer(file: string, name: string): Promise<MediaItem> {
    const target = path.join(folder, `${name}${path.extname(file)}`);
    await ffmpeg("-v", "error", "-stream_loop", "3", "-i", file, "-map", "0", "-c", "copy", target);
    return itemOf(name, target);
  }
});

describe("making them", () => {
  it("goes on by itself, and is kept over a restart", async () => {
    const dataDir = await newFolder();
    const first = await start([item], { dataDir }, { lookMs: 20 });
    const sheet = await until(() => first.sheet(item, 1));
    const { mtimeMs } = await stat(sheet);
    await first.stop();
    const second = await start([item], { dataDir, ffmpeg: "/nonexistent/ffmpeg" });
    expect(await vttOf(second, item)).toContain("WEBVTT");
    expect((await stat(second.sheet(item, 1) ?? "")).mtimeMs).toBe(mtimeMs);
  });

  it("yields at once to whoever plays, and is taken up again afterwards", async () => {
    const slow = await slowFfmpeg();
    const thumbnails = await start([item], { dataDir: await newFolder(), ffmpeg: slow.command });
    expect(thumbnails.vtt(item)).toBe("later");
    const pid = await slow.pid();
    const player = { claim: () => ({ priority: "playing", runwayS: 0 }) as const, yieldSlot() {} };
    await thumbnails.scheduler.video.acquire(player, new AbortController().signal);
    await until(() => (isAlive(pid) ? undefined : true));
    expect(thumbnails.vtt(item)).toBe("later");
    await slow.hurry();
    thumbnails.scheduler.video.release(player);
    expect(await vttOf(thumbnails, item)).toContain("WEBVTT");
  });

  it("waits while somebody watches, but for the film that is watched", async () => {
    const other = { ...item, id: "other", fileId: "other", addedAt: 1 };
    const deps = { lookMs: 20, isWatched: () => true };
    const thumbnails = await start([other, item], { dataDir: await newFolder() }, deps);
    expect(await vttOf(thumbnails, item)).toContain("WEBVTT");
    expect(thumbnails.sheet(other, 0)).toBeUndefined();
  });

  it("is undone with the film, even while it is under way", async () => {
    const dataDir = await newFolder();
    const slow = await slowFfmpeg();
    const thumbnails = await start([item], { dataDir, ffmpeg: slow.command });
    thumbnails.vtt(item);
    const pid = await slow.pid();
    const films = () => readdir(path.join(dataDir, "thumbnails/v1"));
    const begun = path.join(dataDir, "thumbnails/v1", item.fileId, "0.jpg.part");
    await until(() => stat(begun).catch(() => undefined));
    await thumbnails.forget(item.fileId);
    await until(() => (isAlive(pid) ? undefined : true));
    await until(async () => ((await films()).length === 0 ? true : undefined));
  });

  it("keeps to its bytes: the film that was looked at longest ago goes", async () => {
    const other = { ...item, id: "other", fileId: "other" };
    const dataDir = await newFolder();
    const thumbnails = await start([item, other], { dataDir, thumbnailsMaxBytes: 20_000 });
    await vttOf(thumbnails, item);
    const { size } = await stat(thumbnails.sheet(item, 0) ?? "");
    expect(size).toBeLessThan(20_000);
    await thumbnails.stop();
    const small = await start([item, other], { dataDir, thumbnailsMaxBytes: 1.5 * size });
    await vttOf(small, other);
    expect(small.sheet(item, 0)).toBeUndefined();
  });

  it("makes none when it is off, and says so", async () => {
    const dataDir = await newFolder();
    const off = await start([item], { dataDir, thumbnailsMaxBytes: 0 });
    expect(off.vtt(item)).toBe("never");
    expect(await readdir(dataDir)).toEqual([]);
  });

  it("gives up for a while where ffmpeg can't", async () => {
    const thumbnails = await start([item], { dataDir: await newFolder(), ffmpeg: "false" });
    expect(await vttOf(thumbnails, item)).toBe("never");
  });

  it("leaves no ffmpeg when the server is killed", async () => {
    const slow = await slowFfmpeg();
    const script = path.join(import.meta.dirname, "../testing/doomed-thumbnails.ts");
    const args = ["--conditions=source", "--import", "tsx", script, item.absolutePath, await newFolder(), slow.command];
    const server = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    onTestFinished(() => void server.kill("SIGKILL"));
    const pid = await slow.pid();
    expect(isAlive(pid)).toBe(true);
    server.kill("SIGKILL");
    await once(server, "exit");
    await until(() => (isAlive(pid) ? undefined : true));
  });
});
