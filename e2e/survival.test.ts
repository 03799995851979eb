import { once } from "node:events";
import { cp, mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { films } from "./fixtures/library.js";
import { bytesOf, itemOf, playHls, readMaster } from "./playlist.js";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

let folder: string;
let mediaDir: string;
let dataDir: string;
let service: RunningService;

beforeAll(async () => {
  folder = await temporaryFolder("survival");
  mediaDir = path.join(folder, "media");
  dataDir = path.join(folder, "data");
  // A library of its own: what other tests' services encode at the same time is not this one's.
  await mkdir(mediaDir);
  await cp(path.join(inject("mediaDir"), films.long.file), path.join(mediaDir, films.long.file));
  service = await startService({ mediaDir, dataDir });
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Command lines of the encoders that work on this library, from the process table. */
async function encoders(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes("ffmpeg") && line.includes(service.mediaDir));
}

const firstSegment = async () => {
  const item = await itemOf(service, films.long.file);
  const { master } = await playHls(service, item.id, []);
  const [video] = await readMaster(service, master);
  const bytes = await bytesOf(service, video!.segments[40]!.url);
  return { video: video!, bytes };
};

it("leaves no encoder behind when the server is killed in mid-transcode, and serves at once after", async () => {
  const { bytes } = await firstSegment();
  expect((await encoders()).length).toBeGreaterThan(0);

  await service.kill();
  await eventually(async () => ((await encoders()).length === 0 ? true : undefined), 5_000);

  service = await startService({ mediaDir, dataDir });
  const again = await firstSegment();
  expect(again.bytes.equals(bytes)).toBe(true);
  const left = await readdir(path.join(dataDir, "cache"), { recursive: true });
  expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

it("makes the same bytes again after an encoder was killed in the middle", async () => {
  const { video, bytes } = await firstSegment();
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (line.includes("ffmpeg") && line.includes(service.mediaDir)) process.kill(Number(pid), "SIGKILL");
  }
  const far = await bytesOf(service, video.segments[300]!.url);
  expect(far.length).toBeGreaterThan(0);
  expect((await bytesOf(service, video.segments[40]!.url)).equals(bytes)).toBe(true);
});

it("stops all its encoders when it is asked to stop", async () => {
  await firstSegment();
  await service.stop();
  expect(await encoders()).toEqual([]);
  service = await startService({ mediaDir, dataDir });
});

it("ends with its encoders and a bad status on an error that nothing caught", async () => {
  await service.stop();
  const hook = "data:text/javascript,process.on('SIGUSR2',()=>{throw new Error('thrown by a test')})";
  service = await startService({
    mediaDir,
    dataDir,
    env: { NODE_OPTIONS: `--import=${hook.replaceAll(" ", "%20")}` },
  });
  await firstSegment();
  const exit = once(service.process, "exit");
  service.process.kill("SIGUSR2");
  expect(await exit).toEqual([1, null]);
  expect(await encoders()).toEqual([]);
  expect(service.output()).toContain("thrown by a test");
  service = await startService({ mediaDir, dataDir });
});
