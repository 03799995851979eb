import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { fetchRendition, inOrder, scattered } from "./delivered.js";
import { ffmpeg } from "./fixtures/ffmpeg.js";
import { h264 } from "./fixtures/film.js";
import { films } from "./fixtures/library.js";
import { limited } from "./fixtures/make.js";
import { bytesOf, itemOf, playHls, type ReadPlaylist, readMaster, readRungs } from "./playlist.js";
import { eventually, type RunningService, type ServiceOptions, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

const exec = promisify(execFile);
const FILM = films.mp4.file;
const LADDER = "Rungs.mp4";
const LONG = films.long.file;
/** Of the long film: what an encoder makes before it rests, and a little more. */
const LONG_BEGINNING = 40;
/** 34 dB below full scale: less than the encoder itself takes away. */
const ALIKE = 0.02;

let scratch: string;
let mediaDir: string;
/** What an undisturbed service with a cache of its own delivers in order: segments by rendition and index. */
let reference: ReadonlyMap<string, Buffer>;
const running: RunningService[] = [];

beforeAll(async () => {
  scratch = await temporaryFolder("patterns");
  mediaDir = path.join(scratch, "media");
  await mkdir(mediaDir);
  await copyFile(path.join(inject("mediaDir"), FILM), path.join(mediaDir, FILM));
  await copyFile(path.join(inject("mediaDir"), LONG), path.join(mediaDir, LONG));
  const busy = ["-f", "lavfi", "-t", "8", "-i", "testsrc2=s=640x360:r=25"];
  await ffmpeg(...busy, ...h264(50), path.join(mediaDir, LADDER));
  const undisturbed = await start();
  const bytes = new Map<string, Buffer>();
  for (const playlist of [...(await open(undisturbed)), ...(await openRungs(undisturbed))]) {
    const { segments } = await fetchRendition(undisturbed, playlist);
    for (const [index, segment] of segments) bytes.set(nameOf(playlist, index), segment);
  }
  reference = bytes;
  const long = await openLong(undisturbed);
  const { segments } = await fetchRendition(undisturbed, long, inOrder(LONG_BEGINNING));
  for (const [index, segment] of segments) bytes.set(nameOf(long, index), segment);
  await undisturbed.stop();
});
afterAll(async () => {
  await Promise.all(running.map((service) => service.stop()));
  await rm(scratch, { recursive: true, force: true });
});

/** A service with an empty cache; stopped after all tests at the latest. */
async function start(options: Partial<ServiceOptions> = {}): Promise<RunningService> {
  const service = await startService({ mediaDir, ...options });
  running.push(service);
  return service;
}

/** Every rendition of the film, all of them made by an encoder. */
async function open(service: RunningService): Promise<readonly ReadPlaylist[]> {
  const item = await itemOf(service, FILM);
  return await readMaster(service, (await playHls(service, item.id, [])).master);
}

async function openLong(service: RunningService): Promise<ReadPlaylist> {
  const item = await itemOf(service, LONG);
  const [video] = await readMaster(service, (await playHls(service, item.id, [])).master);
  if (video === undefined) throw new Error("No video is delivered");
  return video;
}

/** The same service, asked by somebody else. */
const asUser = (service: RunningService, token: string): RunningService => ({
  ...service,
  fetch: (pathname, init) => service.fetch(pathname, { token, ...init }),
  json: (pathname, init) => service.json(pathname, { token, ...init }),
});

async function openRungs(service: RunningService): Promise<readonly ReadPlaylist[]> {
  const item = await itemOf(service, LADDER);
  return await readRungs(service, (await playHls(service, item.id, [])).master);
}

/** Heights tell the renditions of the two films apart. */
const nameOf = ({ url }: ReadPlaylist, index: number) => `${url.pathname.split("/").at(-2)}/${index}`;

/**
 * Asks for segments in an order and holds each against the reference: the same bytes, or, where another run of x264
 * or AAC made it, the same frames at the same times, alike to eye and ear. Rate control remembers what it encoded
 * before, so a run's bytes depend on where it began; within one service no segment ever changes.
 */
async function expectSame(service: RunningService, playlist: ReadPlaylist, order: readonly number[]): Promise<void> {
  const init = await bytesOf(service, playlist.init);
  const others = new Map<number, Buffer>();
  for (const index of order) {
    const url = playlist.segments[index]?.url;
    const wanted = reference.get(nameOf(playlist, index));
    if (url === undefined || wanted === undefined) throw new Error(`The film has no segment ${index}`);
    const bytes = await bytesOf(service, url);
    // What was delivered once stays as it is.
    expect(bytes.equals(await bytesOf(service, url)), `${nameOf(playlist, index)} asked for again`).toBe(true);
    if (!bytes.equals(wanted)) others.set(index, bytes);
  }
  await Promise.all([...others].map(([index, bytes]) => atOnce(() => expectAlike(playlist, index, init, bytes))));
}

/** Comparisons at once: each decodes on one core. */
const atOnce = limited(2);

async function expectAlike(playlist: ReadPlaylist, index: number, init: Buffer, bytes: Buffer): Promise<void> {
  const name = nameOf(playlist, index);
  const wanted = decodedReference.get(name) ?? decode(playlist.kind, init, reference.get(name) ?? bytes);
  decodedReference.set(name, wanted);
  const [one, other] = [await decode(playlist.kind, init, bytes), await wanted];
  expect(one.frames, name).toEqual(other.frames);
  expect(difference(one, other), name).toBeLessThan(ALIKE);
}
const decodedReference = new Map<string, Promise<Decoded>>();

interface Decoded {
  /** Number, time, duration and size of each frame. */
  readonly frames: readonly string[];
  /** Brightness of each pixel, or the samples of one channel. */
  readonly samples: Uint8Array | Int16Array;
  readonly fullScale: number;
}

async function decode(kind: ReadPlaylist["kind"], init: Buffer, segment: Buffer): Promise<Decoded> {
  const file = path.join(scratch, `${randomUUID()}.mp4`);
  await writeFile(file, Buffer.concat([init, segment]));
  const [list, raw] = [`${file}.list`, `${file}.raw`];
  const as = kind === "video" ? ["-pix_fmt", "gray", "-f", "rawvideo"] : ["-ac", "1", "-f", "s16le"];
  await ffmpeg(
    ...["-v", "error", "-threads", "1", "-copyts", "-i", file, "-f", "framecrc", list],
    ...["-fps_mode", "passthrough", ...as, raw],
  );
  const [lines, bytes] = [await readFile(list, "utf8"), new Uint8Array(await readFile(raw))];
  await Promise.all([file, list, raw].map((each) => rm(each)));
  return {
    frames: lines.split("\n").map((line) => (line.startsWith("#") ? line : line.slice(0, line.lastIndexOf(",")))),
    samples: kind === "video" ? bytes : new Int16Array(bytes.buffer, 0, bytes.length >> 1),
    fullScale: kind === "video" ? 255 : 32_768,
  };
}

/** Root mean square of what two segments differ by when they are seen or heard; 1 is full scale. */
function difference({ samples, fullScale }: Decoded, other: Decoded): number {
  let squares = 0;
  for (let i = 0; i < samples.length; i++) squares += ((samples[i] ?? 0) - (other.samples[i] ?? 0)) ** 2;
  return Math.sqrt(squares / Math.max(1, samples.length)) / fullScale;
}

/** Process ids of the encoders of video that a service runs. */
async function videoEncodersOf(service: RunningService): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [line, stat] = await Promise.all(
        ["cmdline", "stat"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")),
      );
      const parent = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return line?.includes("ffmpeg") && line.includes("libx264") && parent === service.process.pid
        ? Number(pid)
        : null;
    }),
  );
  return found.filter((pid) => pid !== null);
}

it("gives the same bytes for sparse seeks, the last segment first, and steps back over where runs join", async () => {
  for (const order of [
    (count: number) => [0, Math.floor(count / 2), count - 2, 3],
    (count: number) => [count - 1, ...inOrder(count)],
    (count: number) => [6, 5, 4, 7, 6, 3, 8, 2].filter((index) => index < count),
    scattered,
  ]) {
    const service = await start();
    for (const playlist of await open(service)) {
      await expectSame(service, playlist, order(playlist.segments.length));
    }
    await service.stop();
  }
});

it("gives the same for a viewer who changes the rung with every segment, each rung on one timeline", async () => {
  const service = await start();
  const rungs = await openRungs(service);
  expect(rungs.length).toBeGreaterThan(1);
  const [first] = rungs;
  for (const rung of rungs)
    expect(rung.segments.map(({ startS }) => startS)).toEqual(first?.segments.map(({ startS }) => startS));
  for (const index of inOrder(first?.segments.length ?? 0)) {
    const rung = rungs[index % rungs.length];
    if (rung) await expectSame(service, rung, [index]);
  }
  await service.stop();
});

it("gives two viewers at distant places the same bytes as one", async () => {
  const service = await start();
  const { token } = await service.json<{ token: string }>("/api/v1/users", {
    method: "POST",
    body: JSON.stringify({ name: "Second" }),
  });
  const second = asUser(service, token);
  const [[video], [theirs]] = [await open(service), await open(second)];
  if (video === undefined || theirs === undefined) throw new Error("No video is delivered");
  // Neither may have the other's playlists: these are two sessions.
  expect((await second.fetch(video.url.pathname)).status).toBe(404);
  const middle = Math.floor(video.segments.length / 2);
  const all = inOrder(video.segments.length);
  await Promise.all([expectSame(service, video, all.slice(0, middle)), expectSame(second, theirs, all.slice(middle))]);
  await service.stop();
});

it("gives a segment that is waited for though the encoder of it is killed in the middle", async () => {
  const service = await start();
  const video = await openLong(service);
  await expectSame(service, video, [0]);
  // Held still between two instructions, so that it surely is in the middle of what comes next.
  const [pid] = await videoEncodersOf(service);
  if (pid === undefined) throw new Error("No encoder works on the video");
  process.kill(pid, "SIGSTOP");
  const [index, pending] = await firstNotMade(service, video);
  process.kill(pid, "SIGKILL");
  expect((await pending).status).toBe(200);
  expect(index).toBeGreaterThan(0);
  await expectSame(service, video, [index, ...inOrder(index), index + 1]);
  expect(await videoEncodersOf(service)).not.toContain(pid);
  await service.stop();
});

/** Asks for one segment after the other until one has to be waited for. */
async function firstNotMade(service: RunningService, video: ReadPlaylist): Promise<[number, Promise<Response>]> {
  for (const index of inOrder(LONG_BEGINNING - 2)) {
    const response = service.fetch(video.segments[index]?.url.pathname ?? "");
    // The server reads what its encoder wrote, and answers with it, long before it has answered all of these.
    if (!(await Promise.race([response.then(() => true), answered(service, 20).then(() => false)]))) {
      return [index, response];
    }
    await (await response).arrayBuffer();
  }
  throw new Error("Everything was made already");
}

/** Settles when the server has answered so many requests, one after the other. */
async function answered(service: RunningService, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await (await service.fetch("/healthz")).text();
}

it("says what is wrong when the film is taken away or replaced, and stays up", async () => {
  const folder = path.join(scratch, "gone");
  await mkdir(folder);
  const file = path.join(folder, FILM);
  await copyFile(path.join(mediaDir, FILM), file);
  const service = await start({ mediaDir: folder });
  const [video] = await open(service);
  if (video === undefined) throw new Error("No video is delivered");
  await expectSame(service, video, [0]);

  await rename(file, path.join(scratch, "elsewhere.mp4"));
  // Until the library sees it, what is made already is served, and the encoder does not find its file.
  const last = video.segments.at(-1)?.url.pathname ?? "";
  expect(await answersUntil(service, last, "404 media_not_found")).toBeOneOf(["", "500 transcode_failed"]);

  await copyFile(path.join(inject("mediaDir"), films.irregular.file), file);
  const second = video.segments[1]?.url.pathname ?? "";
  expect(await answersUntil(service, second, "410 session_ended")).toBeOneOf(["", "404 media_not_found"]);
  const [other] = await eventually(() => open(service).catch(() => undefined));
  expect((await bytesOf(service, other?.segments[1]?.url ?? video.url)).length).toBeGreaterThan(0);
  expect((await service.fetch("/readyz")).status).toBe(200);
  await service.stop();
});

/** Asks until the answer is `wanted`. @returns the other errors that were told before, each once. */
async function answersUntil(service: RunningService, pathname: string, wanted: string): Promise<string> {
  const before = new Set<string>();
  await eventually(async () => {
    const response = await service.fetch(pathname);
    const body = await response.text();
    if (response.ok) return undefined;
    const { error }: { error: { code: string } } = JSON.parse(body);
    const told = `${response.status} ${error.code}`;
    if (told === wanted) return true;
    before.add(told);
    return undefined;
  });
  return [...before].join(", ");
}

it("gives the same bytes when its cache folder is deleted under it", async () => {
  const service = await start();
  const playlists = await open(service);
  for (const playlist of playlists) await expectSame(service, playlist, [0, 1, 2]);
  await rm(path.join(service.dataDir, "cache"), { recursive: true, force: true, maxRetries: 50, retryDelay: 5 });
  for (const playlist of playlists) await expectSame(service, playlist, scattered(playlist.segments.length));
  expect((await service.fetch("/readyz")).status).toBe(200);
  await service.stop();
});

/** Mounting is root's, as which the suite runs where it counts. */
const isRoot = process.getuid?.() === 0;
const CACHE_BYTES = 32 * 1024;

describe.each([
  { what: "the disk of its cache is full", env: { PLAYHEAD_CACHE_FREE_FLOOR: "0" }, isDisk: true },
  { what: "its quota is used up", env: { PLAYHEAD_CACHE_MAX: "32KB" }, isDisk: false },
  { what: "nothing may be kept", env: { PLAYHEAD_CACHE_MAX: "0" }, isDisk: false },
])("when $what", ({ env, isDisk }) => {
  it.skipIf(isDisk && !isRoot)("gives the same bytes", async () => {
    const dataDir = await temporaryFolder("full");
    const cache = path.join(dataDir, "cache");
    await mkdir(cache);
    if (isDisk) await exec("mount", ["-t", "tmpfs", "-o", `size=${CACHE_BYTES},mode=0755`, "tmpfs", cache]);
    try {
      const service = await start({ dataDir, env });
      for (const playlist of await open(service)) {
        await expectSame(service, playlist, scattered(playlist.segments.length));
        await expectSame(service, playlist, inOrder(playlist.segments.length));
        expect(await bytesIn(cache)).toBeLessThanOrEqual(CACHE_BYTES);
      }
      expect((await service.fetch("/readyz")).status).toBe(200);
      await service.stop();
    } finally {
      if (isDisk) await exec("umount", [cache]);
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

/** Of all files in a folder; one that goes away meanwhile counts as none. */
async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true });
  const sizes = entries.map(async (name) => {
    const found = await stat(path.join(folder, name)).catch(() => undefined);
    return found?.isFile() ? found.size : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
