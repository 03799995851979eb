import { execFile } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { films, makeFilms } from "./testing/films.js";
import { type Playing, startTestService, type TestService } from "./testing/test-service.js";

const h264 = /^(avc1|mp4a\.40)/;
const nothing = /^$/;
const frameS = 1001 / 24_000;

let folder: string;
let remove: () => Promise<void>;
let service: TestService;
beforeAll(async () => {
  ({ folder, remove } = await makeFilms("ladder", "mp4"));
  service = await startTestService({
    ladder: path.join(folder, films.ladder.file),
    mp4: path.join(folder, films.mp4.file),
  });
});
afterAll(async () => {
  await service.stop();
  await remove();
});

const run = promisify(execFile);

/** Presentation times of a segment's pictures as ffmpeg reads them, ascending, s. */
async function packetTimes(init: Uint8Array, segment: Uint8Array): Promise<number[]> {
  const file = path.join(folder, "segment.mp4");
  await writeFile(file, Buffer.concat([init, segment]));
  const { stdout } = await run("ffprobe", ["-v", "error", "-show_entries", "packet=pts_time", "-of", "csv=p=0", file]);
  const times = stdout.split("\n").filter((line) => line.trim() !== "");
  return times.map(Number).toSorted((a, b) => a - b);
}

/** Every picture of every segment of a rung, s; and the bits per second of each, where it is no short first one. */
async function readRung({ base, boundaries }: Playing["rungs"][number]) {
  const init = await service.bytes(`${base}/init.mp4`);
  const segments: { readonly times: readonly number[]; readonly bps: number }[] = [];
  for (let index = 0; index < boundaries.length - 1; index++) {
    const bytes = await service.bytes(`${base}/${index}.m4s`);
    const durationS = (boundaries[index + 1] ?? 0) - (boundaries[index] ?? 0);
    // RFC 8216 §4.3.4.2 counts peaks over half a target duration or more.
    const bps = durationS < 1 ? 0 : (bytes.byteLength * 8) / durationS;
    segments.push({ times: await packetTimes(init, bytes), bps });
  }
  return { name: path.posix.basename(base), boundaries, segments };
}

describe.each([
  ["copied", h264, ["v0-copy", "v0-h264-360", "v0-h264-240"]],
  ["converted", nothing, ["v0-h264-480", "v0-h264-360", "v0-h264-240"]],
] as const)("a film that is %s", (_, plays, names) => {
  it("has rungs of one timeline, each cut where its playlist says and within the bits that it promises", async () => {
    const playing = await service.play("ladder", plays);
    const rungs = [];
    for (const rung of playing.rungs) rungs.push(await readRung(rung));
    expect(rungs.map(({ name }) => name)).toEqual(names);

    const pictures = rungs.map(({ segments }) => segments.flatMap(({ times }) => times));
    for (const [i, { name, boundaries, segments }] of rungs.entries()) {
      // The same pictures at the same times as in the first rung: a switch anywhere neither jumps nor repeats.
      expect(pictures[i]?.length, name).toBe(pictures[0]?.length);
      const apart = pictures[i]?.map((at, n) => Math.abs(at - (pictures[0]?.[n] ?? Number.NaN))) ?? [];
      // The first one may be shown from 0 on, where sound begins before it.
      expect(Math.max(...apart.slice(1)), name).toBeLessThan(0.002);
      expect(apart[0], name).toBeLessThan(frameS);
      for (const [index, { times }] of segments.entries()) {
        expect(Math.abs((times[0] ?? Number.NaN) - (boundaries[index] ?? 0)), `${name} ${index}`).toBeLessThan(
          index === 0 ? frameS : frameS / 2,
        );
      }
      if (name === "v0-copy") continue;
      // A player that leaves the first rung at the end of a segment goes on with one that begins there.
      for (const cut of rungs[0]?.boundaries.slice(1, -1) ?? [])
        expect(Math.min(...boundaries.map((at) => Math.abs(at - cut))), `${name} at ${cut}`).toBeLessThan(0.002);
      const bandwidth = Number(new RegExp(`BANDWIDTH=(\\d+).*\\n${name}/`).exec(playing.master)?.[1]);
      expect(Math.max(...segments.map(({ bps }) => bps)), name).toBeLessThan(bandwidth);
    }
  });
});

describe("the answer to POST /api/v1/playback", () => {
  it("names the ladder and the rung to begin with, and sends that one's playlist along", async () => {
    const { reply, base } = await service.play("ladder", h264, { quality: 240 });
    expect(reply.delivery).toBe("copy");
    expect(reply.firstRung).toBe("v0-h264-240");
    expect(reply.rungs?.map(({ lines, original }) => [lines, original])).toEqual([
      [480, true],
      [360, false],
      [240, false],
    ]);
    expect(Object.keys(reply.playlists ?? {})).toContain(`${base}/v0-h264-240/index.m3u8`);
  });

  it("begins with what bandwidth and screen allow", async () => {
    const first = async (means: Parameters<TestService["play"]>[2], plays = h264) =>
      (await service.play("ladder", plays, means)).reply.firstRung;
    expect(await first({})).toBe("v0-copy");
    expect(await first({ bandwidthBps: 200_000 })).toBe("v0-h264-240");
    expect(await first({ screen: { width: 640, height: 360 } }, nothing)).toBe("v0-h264-360");
  });

  it("offers the ladder of a file that is played as it is, and leaves the file when less is wanted", async () => {
    const ask = async (body: object) => {
      const supported =
        service.items
          .get("mp4")
          ?.info?.video.concat()
          .map(({ codecString }) => codecString) ?? [];
      const request = { mediaId: "mp4", supported: [...supported, "mp4a.40.2"], ...body };
      const response = await service.fetch("/api/v1/playback", { method: "POST", body: JSON.stringify(request) });
      return response.json();
    };
    expect(await ask({})).toMatchObject({ delivery: "direct", rungs: [{ original: true, lines: 108 }] });
    expect(await ask({ bandwidthBps: 1000 })).toMatchObject({ delivery: "copy", firstRung: "v0-copy" });
    expect(await ask({ bandwidthBps: 1000, quality: "original" })).toMatchObject({ delivery: "direct" });
  });

  it("makes the first segments of that rung at once, and of no other", async () => {
    const encoded: string[] = [];
    const note = (message: unknown) => {
      if (typeof message === "object" && message !== null && "rendition" in message)
        encoded.push(String(message.rendition));
    };
    subscribe("playhead:ffmpeg.start", note);
    const fresh = await startTestService({ ladder: path.join(folder, films.ladder.file) });
    try {
      const { rungs } = await fresh.play("ladder", h264, { quality: 240 });
      await fresh.bytes(`${rungs.find(({ base }) => base.endsWith("240"))?.base}/0.m4s`);
      expect(encoded).toEqual(["v0-h264-240"]);
    } finally {
      unsubscribe("playhead:ffmpeg.start", note);
      await fresh.stop();
    }
  });
});
