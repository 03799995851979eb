import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { PlaybackReply } from "@playhead/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deliveredPictures } from "./testing/delivered-pictures.js";
import { ffmpeg } from "./testing/films.js";
import { pgsStream } from "./testing/pgs-stream.js";
import { startTestService, type TestService } from "./testing/test-service.js";

/** When the box is on the screen, seconds. Nothing follows for a minute: a sparse stream, which ends early. */
const shown = [
  { fromS: 0, toS: 0.4 },
  { fromS: 2.2, toS: 3.4 },
  { fromS: 6, toS: 12.4 },
] as const;
const durationS = 90;
const box = { x: 40, y: 140, width: 240, height: 20 };
const codecs = { pgs: "copy", vobsub: "dvdsub", dvb: "dvbsub" } as const;

let folder: string;
let service: TestService;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "playhead-burn-in-"));
  const sup = path.join(folder, "boxes.sup");
  await writeFile(
    sup,
    pgsStream(
      { width: 320, height: 180 },
      shown.map((span) => ({ ...span, ...box })),
    ),
  );
  const films: Record<string, string> = {};
  for (const [name, codec] of Object.entries(codecs)) {
    const file = path.join(folder, `${name}.mkv`);
    films[name] = file;
    const picture = ["-f", "lavfi", "-t", String(durationS), "-i", "color=black:s=320x180:r=25"];
    const output = ["-map", "0", "-map", "1", "-c:v", "mpeg4", "-q:v", "5", "-g", "50", "-c:s", codec, file];
    // The stream itself tells no durations, which the other kinds need.
    const timed = codec === "copy" ? [] : ["-fix_sub_duration"];
    await ffmpeg("-v", "error", ...picture, ...timed, "-i", sup, ...output);
  }
  service = await startTestService(films);
}, 60_000);
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

async function play(id: string, burnSubtitle?: number, positionMs = 0) {
  const body = JSON.stringify({ mediaId: id, supported: [], prefer: "hls", positionMs, burnSubtitle });
  const response = await service.fetch("/api/v1/playback", { method: "POST", body });
  if (!response.ok) return { status: response.status, base: "", boundaries: [], id: "" };
  const reply: PlaybackReply = JSON.parse(await response.text());
  const base = path.posix.dirname(reply.url);
  const master = await (await service.fetch(reply.url)).text();
  const rendition = /#EXT-X-STREAM-INF:.*\n(.+)\/index\.m3u8/.exec(master)?.[1] ?? "";
  const playlist = await (await service.fetch(`${base}/${rendition}/index.m3u8`)).text();
  const boundaries = [0];
  for (const [, length] of playlist.matchAll(/#EXTINF:([\d.]+)/g)) {
    boundaries.push((boundaries.at(-1) ?? 0) + Number(length));
  }
  return { status: response.status, base: `${base}/${rendition}`, boundaries, id: rendition };
}

/** The time of each picture of some segments, and whether the box is on it. */
async function pictures(base: string, from: number, to: number) {
  const parts = [await service.bytes(`${base}/init.mp4`)];
  for (let index = from; index < to; index++) parts.push(await service.bytes(`${base}/${index}.m4s`));
  const { luma, times } = await deliveredPictures(folder, parts);
  return times.map((at, i) => ({ at, isShown: luma(i, 160, 150) > 128 }));
}

/** Each change of the box comes within 40 ms; VobSub itself counts in 11 ms. */
function check(seen: readonly { readonly at: number; readonly isShown: boolean }[]): void {
  for (const { at, isShown } of seen) {
    const isNearChange = shown.some(({ fromS, toS }) => [fromS, toS].some((change) => Math.abs(at - change) < 0.041));
    const wanted = shown.some(({ fromS, toS }) => at >= fromS - 0.001 && at < toS - 0.001);
    if (!isNearChange) expect(isShown, `box at ${at}`).toBe(wanted);
  }
}

describe.each(Object.keys(codecs))("subtitles as %s pictures", (name) => {
  it("are drawn into the picture at their times, and the segments stay those of the plan", async () => {
    const { base, boundaries } = await play(name, 1);
    const plain = await play(name);
    expect(boundaries).toEqual(plain.boundaries);
    const to = boundaries.findIndex((at) => at >= 13);
    const seen = await pictures(base, 0, to);
    expect(seen).toHaveLength(Math.round((boundaries[to] ?? 0) * 25));
    expect(seen.some(({ isShown }) => isShown)).toBe(true);
    check(seen);
  });

  it("are there after a seek to where they are shown already, and gone where no more follow", async () => {
    const { base, boundaries } = await play(name, 1, 9500);
    const there = boundaries.findLastIndex((at) => at <= 9.5);
    const seen = await pictures(base, there, there + 2);
    expect(seen[0]?.isShown).toBe(true);
    check(seen);
    const last = boundaries.length - 2;
    const end = await pictures(base, last - 1, last + 1);
    expect(end.some(({ isShown }) => isShown)).toBe(false);
    expect(end.at(-1)?.at).toBeCloseTo(durationS - 0.04, 2);
  });
});

it("what is drawn in has an address of its own, and a film without that stream is refused", async () => {
  const [drawn, plain] = [await play("pgs", 1), await play("pgs")];
  expect(drawn.id).not.toBe(plain.id);
  const seen = await pictures(plain.base, 4, 6);
  expect(seen.some(({ isShown }) => isShown)).toBe(false);
  expect((await play("pgs", 0)).status).toBe(400);
  expect((await play("pgs", 7)).status).toBe(400);
});
