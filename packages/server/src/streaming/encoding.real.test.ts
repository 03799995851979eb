import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listen, type StreamingMessages } from "./channels.js";
import { films, makeFilms } from "./testing/films.js";
import { heard } from "./testing/heard.js";
import { startTestService, type TestService, type TestServiceOptions } from "./testing/test-service.js";
import { wrappedFfmpeg } from "./testing/wrapped-ffmpeg.js";

const nothing = /^$/;
let folder: string;
let remove: () => Promise<void>;
let service: TestService;
let starts: StreamingMessages["playhead:ffmpeg.start"][];
let ends: StreamingMessages["playhead:ffmpeg.end"][];
let stopListening: (() => void)[] = [];

beforeAll(async () => {
  ({ folder, remove } = await makeFilms("long"));
});
afterAll(() => remove());
beforeEach(() => {
  starts = [];
  ends = [];
  stopListening = [
    listen("playhead:ffmpeg.start", (message) => starts.push(message)),
    listen("playhead:ffmpeg.end", (message) => ends.push(message)),
  ];
});
afterEach(async () => {
  await service.stop();
  for (const stop of stopListening) stop();
});

const start = async (options: TestServiceOptions = {}) => {
  service = await startTestService({ long: path.join(folder, films.long.file) }, options);
};
const video = async (positionMs = 0, user = "ann") => {
  const { playlists } = await service.play("long", nothing, { positionMs, user });
  const base = playlists.find(({ kind }) => kind === "video")?.base ?? "";
  return { base, segment: (index: number, signal?: AbortSignal) => service.bytes(`${base}/${index}.m4s`, signal) };
};
const videoStarts = () => starts.filter(({ kind }) => kind === "video");
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("an encoder run", () => {
  it("works ahead only as far as the look-ahead, and goes on when the viewer does", async () => {
    await start({ limits: { lookAheadS: 8 } });
    const made: number[] = [];
    stopListening.push(
      listen("playhead:ffmpeg.segment", ({ kind, index }) => {
        if (kind === "video") made.push(index);
      }),
    );
    const { segment } = await video();
    const ahead = heard("playhead:ffmpeg.segment", ({ kind, index }) => kind === "video" && index === 8);
    await segment(0);
    await ahead;
    await paused();
    const before = [...made];
    await delay(300);
    expect(made).toEqual(before);
    // The first seven segments are 5 s long together; what follows has 2 s each.
    expect(made.at(-1)).toBe(8);
    const further = heard("playhead:ffmpeg.segment", ({ kind, index }) => kind === "video" && index === 9);
    await segment(3);
    await further;
    expect(videoStarts()).toHaveLength(1);
  });

  it("that stands still ends when its viewer asks for nothing, though it sends heartbeats, and begins anew", async () => {
    await start({ limits: { lookAheadS: 4, parkedMs: 700 } });
    const { segment, base } = await video();
    const ended = heard("playhead:ffmpeg.end", ({ kind }) => kind === "video");
    await segment(0);
    await service.fetch(`/api/v1/hls/${base.split("/")[4]}/heartbeat`, { method: "POST" });
    expect((await ended).reason).toBe("stopped");
    expect((await segment(12)).byteLength).toBeGreaterThan(1000);
    expect(videoStarts()).toHaveLength(2);
  });

  it("is started again at the segment it owed when it dies, and the viewer only waits", async () => {
    await start({ limits: { lookAheadS: 4 } });
    const { segment } = await video();
    await segment(0);
    const before = await segment(3);
    await paused();
    const ended = heard("playhead:ffmpeg.end", ({ kind }) => kind === "video");
    process.kill(videoStarts()[0]?.pid ?? 0, "SIGKILL");
    // Nobody reads while it is paused: its death shows when what it left in the pipe is used up.
    let index = 3;
    while (videoStarts().length === 1) expect((await segment(index++)).byteLength).toBeGreaterThan(1000);
    expect((await ended).reason).toBe("failed");
    for (const next of [index, index + 1, index + 2]) expect((await segment(next)).byteLength).toBeGreaterThan(1000);
    expect(await segment(3)).toEqual(before);
    expect(videoStarts()).toHaveLength(2);
    expect(service.logged.join()).toContain("started again");
  });

  it("is killed while somebody waits: the one who waits gets the segment all the same", async () => {
    await start();
    const { segment } = await video();
    // From a place where nothing is made yet; ffmpeg dies before the first fragment is out.
    const began = heard("playhead:ffmpeg.start", ({ kind, startSegment }) => kind === "video" && startSegment === 60);
    const waiting = segment(60);
    process.kill((await began).pid ?? 0, "SIGKILL");
    expect((await waiting).byteLength).toBeGreaterThan(1000);
    expect(videoStarts().filter(({ startSegment }) => startSegment === 60)).toHaveLength(2);
  });

  it("ends with SIGTERM or SIGKILL even while nobody empties its pipe", async () => {
    await start({ limits: { lookAheadS: 4 } });
    const { segment } = await video();
    await segment(0);
    await paused();
    const pids = service.streaming.stats().encoder.pids;
    expect(pids.length).toBeGreaterThan(0);
    const from = performance.now();
    await service.streaming.stop();
    expect(performance.now() - from).toBeLessThan(2000);
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

describe("a seek", () => {
  it("far away starts one run there and ends the old one", async () => {
    await start();
    const { segment } = await video();
    await segment(0);
    const ended = heard("playhead:ffmpeg.end", ({ kind, startSegment }) => kind === "video" && startSegment === 0);
    await segment(80);
    expect((await ended).reason).toBe("stopped");
    expect(videoStarts().map(({ startSegment }) => startSegment)).toEqual([0, 80]);
  });

  it("just ahead waits for the run that is under way", async () => {
    await start();
    const { segment } = await video();
    await Promise.all([segment(0), segment(1), segment(2)]);
    expect(videoStarts()).toHaveLength(1);
  });

  it("storm of 20 in 2 s makes two runs at most, and the last place is served", async () => {
    await start();
    const { segment } = await video();
    await segment(0);
    const before = videoStarts().length;
    for (let i = 1; i <= 20; i++) {
      const seek = new AbortController();
      const waiting = segment(i * 5, seek.signal);
      if (i === 20) {
        expect((await waiting).byteLength).toBeGreaterThan(1000);
        break;
      }
      await delay(95);
      seek.abort();
      await waiting.catch(() => {});
    }
    const since = videoStarts().slice(before);
    expect(since.length).toBeLessThanOrEqual(2);
    expect(since.at(-1)?.startSegment).toBe(100);
  });

  it("that its viewer gave up leaves no run behind", async () => {
    await start();
    const { base, segment } = await video();
    await segment(0);
    const seek = new AbortController();
    const waiting = segment(90, seek.signal);
    await heard("playhead:ffmpeg.start", ({ startSegment, kind }) => kind === "video" && startSegment === 90);
    const left = heard("playhead:ffmpeg.end", ({ startSegment, kind }) => kind === "video" && startSegment === 90);
    seek.abort();
    await waiting.catch(() => {});
    expect((await left).reason).toBe("stopped");
    const id = base.split("/")[4] ?? "";
    await service.fetch(`/api/v1/hls/${id}`, { method: "DELETE" });
    await nothingRuns();
    expect((await service.fetch(`${base}/90.m4s`)).status).toBe(410);
  });
});

describe("a turn to another rung", () => {
  /** A session's rungs, the best one first, by what gives a segment of each. */
  const rungs = async () => {
    const { rungs: all } = await service.play("long", nothing, { quality: 240 });
    return all.map(
      ({ base }) =>
        (index: number) =>
          service.bytes(`${base}/${index}.m4s`),
    );
  };
  const started = () => videoStarts().map(({ rendition, startSegment }) => `${rendition} ${startSegment}`);

  it("leaves the encoder that the picture goes on with meanwhile, until the viewer is there", async () => {
    await start({ limits: { lookAheadS: 4 } });
    const [better, shown] = await rungs();
    await shown!(0);
    await paused();
    const ended = heard("playhead:ffmpeg.end", ({ kind }) => kind === "video");
    // The new one comes late, and again: the old one is played on, beyond what was made ahead.
    await Promise.all([better!(5), shown!(7)]);
    await Promise.all([better!(7), shown!(8), shown!(9)]);
    expect(started()).toEqual(["v0-h264-240 0", "v0-h264-360 5"]);
    await better!(8);
    await better!(9);
    expect(await ended).toMatchObject({ rendition: "v0-h264-240", reason: "stopped" });
    expect(started()).toHaveLength(2);
  });

  it("makes what is asked for of the rung that is left, though its encoder was not started yet", async () => {
    await start({ limits: { segmentWaitMs: 5000 } });
    const [better, shown] = await rungs();
    // The third seek in a row waits a moment, to see whether it is the last.
    const seeks = [20, 40, 60].map((index) => shown!(index));
    await heard("playhead:ffmpeg.start", ({ startSegment }) => startSegment === 20);
    await Promise.all([better!(60), better!(61)]);
    for (const bytes of await Promise.all(seeks)) expect(bytes.byteLength).toBeGreaterThan(1000);
  });

  it("makes nothing ahead on the rung that is left", async () => {
    await start({ limits: { lookAheadS: 1000 } });
    const [better, shown] = await rungs();
    await shown!(0);
    await better!(2);
    const made: string[] = [];
    stopListening.push(listen("playhead:ffmpeg.segment", ({ rendition }) => made.push(rendition)));
    await heard("playhead:ffmpeg.segment", ({ rendition, index }) => rendition === "v0-h264-360" && index === 20);
    expect(made.filter((rendition) => rendition === "v0-h264-240").length).toBeLessThan(4);
  });

  it("takes the only encoder from the rung that is left", async () => {
    await start({ maxEncoders: 1, limits: { lookAheadS: 1000 } });
    const [better, shown] = await rungs();
    await shown!(0);
    expect((await better!(3)).byteLength).toBeGreaterThan(1000);
    expect(started()).toEqual(["v0-h264-240 0", "v0-h264-360 3"]);
  });
});

describe("two viewers", () => {
  it("at one place share one run and its bytes", async () => {
    await start();
    const [mine, other] = [await video(0, "ann"), await video(0, "bob")];
    expect(other.base).not.toBe(mine.base);
    const of = (base: string, user: string) =>
      service.fetch(`${base}/30.m4s`, { user }).then((response) => response.arrayBuffer());
    const [ann, bob] = await Promise.all([of(mine.base, "ann"), of(other.base, "bob")]);
    expect(Buffer.from(ann).equals(Buffer.from(bob))).toBe(true);
    expect(videoStarts().filter(({ startSegment }) => startSegment === 30)).toHaveLength(1);
  });

  it("share one encoder: it leaves the one who has enough ahead for the one who has nothing to play", async () => {
    await start({ maxEncoders: 1, limits: { lookAheadS: 1000 } });
    const { segment } = await video();
    const ahead = heard("playhead:ffmpeg.segment", ({ kind, index }) => kind === "video" && index === 6);
    await segment(0);
    await ahead;
    const { base } = await video(200_000, "bob");
    expect((await service.fetch(`${base}/100.m4s`, { user: "bob" })).status).toBe(200);
    expect(service.streaming.stats().encoder.videoEncoders).toBe(1);
    expect((await segment(40)).byteLength).toBeGreaterThan(1000);
  });
});

describe("trouble", () => {
  it("ffmpeg is missing: 503 with what to do", async () => {
    await start({ ffmpeg: "/nowhere/ffmpeg" });
    const { base } = await video();
    const response = await service.fetch(`${base}/0.m4s`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: "ffmpeg_missing" } });
  });

  it("an ffmpeg that fails at once: one repeat, then 500, its last lines in the log, and the server goes on", async () => {
    await start({ ffmpeg: path.join(import.meta.dirname, "testing/failing-ffmpeg.sh") });
    const { base } = await video();
    const response = await service.fetch(`${base}/0.m4s`);
    expect(response.status).toBe(500);
    const told = await response.text();
    expect(JSON.parse(told)).toMatchObject({ error: { code: "transcode_failed" } });
    expect(told).not.toContain(folder);
    expect(service.logged.join()).toContain("no such codec today");
    expect(service.logged.join()).toContain("long.mkv");
    expect(service.logged.join()).toContain("failing-ffmpeg.sh");
    expect(service.logged.join()).toContain("libx264");
    expect((await service.fetch(`${base}/index.m3u8`)).status).toBe(200);
  });

  it("an ffmpeg that hangs while somebody waits is ended and started once more", async () => {
    const hangsOnce = await wrappedFfmpeg(
      `case "$*" in *libx264*) mkdir "$MARK" 2>/dev/null && exec sleep 60;; esac; exec ffmpeg "$@"`,
    );
    try {
      await start({ ffmpeg: hangsOnce.command, limits: { silentMs: 4000 } });
      const failed = heard("playhead:ffmpeg.error", ({ kind }) => kind === "video");
      const { segment } = await video();
      expect((await segment(0)).byteLength).toBeGreaterThan(1000);
      expect((await failed).message).toContain("wrote nothing for 4 s");
      expect(videoStarts()).toHaveLength(2);
      expect(isAlive(videoStarts()[0]?.pid ?? 0)).toBe(false);
    } finally {
      await hangsOnce.remove();
    }
  });

  it("an ffmpeg that never delivers: busy after the wait", async () => {
    await start({ ffmpeg: path.join(import.meta.dirname, "testing/silent-ffmpeg.sh"), limits: { segmentWaitMs: 300 } });
    const { base } = await video();
    const response = await service.fetch(`${base}/0.m4s`);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).not.toBeNull();
  });
});

it("segments outlive the server: the next one sends them without an encoder", async () => {
  await start();
  const { segment, base } = await video();
  const rendition = base.split("/").at(-1) ?? "";
  const bytes = await segment(3);
  await service.streaming.stop();
  const { dataDir } = service;
  starts = [];
  const again = await startTestService(
    { long: path.join(folder, films.long.file) },
    { dataDir, ffmpeg: "/nowhere/ffmpeg" },
  );
  try {
    const { base: there } = await again.play("long", nothing);
    expect(await again.bytes(`${there}/${rendition}/3.m4s`)).toEqual(bytes);
    expect((await again.bytes(`${there}/${rendition}/init.mp4`)).byteLength).toBeGreaterThan(300);
  } finally {
    await again.stop();
  }
});

/** Until every run has as much ahead as it may. */
async function paused(): Promise<void> {
  for (;;) {
    const { runs, pausedRuns } = service.streaming.stats().encoder;
    if (runs > 0 && pausedRuns === runs) return;
    await delay(20);
  }
}

async function nothingRuns(): Promise<void> {
  while (service.streaming.stats().encoder.runs > 0) await delay(20);
}
