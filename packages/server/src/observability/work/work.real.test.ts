import { copyFile } from "node:fs/promises";
import path from "node:path";
import type { EncoderReply, LibraryReply, PlaybackReply } from "@playhead/protocol";
import { openPostgresStore } from "@playhead/store-postgres";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { makeFilms } from "../../streaming/testing/films.js";
import { wrappedFfmpeg } from "../../streaming/testing/wrapped-ffmpeg.js";
import { listen } from "../channels.js";
import { startWholeService, type WholeService } from "../testing/whole-service.js";

let service: WholeService;
let remove: readonly (() => Promise<void>)[] = [];
/** What was stored of both plays. */
let reply: EncoderReply;

/** Two films are played and left without a word: one that ffmpeg converts, and one that it can't. */
beforeAll(async () => {
  const films = await makeFilms("avi", "irregular");
  await copyFile(path.join(films.folder, "irregular.mkv"), path.join(films.folder, "broken.mkv"));
  const ffmpeg = await wrappedFfmpeg(
    'case "$*" in *broken*) echo "Invalid data found" >&2; exit 1 ;; esac\nexec ffmpeg "$@"',
  );
  remove = [films.remove, ffmpeg.remove];
  service = await startWholeService(openPostgresStore, films.folder, {
    PLAYHEAD_FFMPEG: ffmpeg.command,
    PLAYHEAD_HLS_IDLE_TIMEOUT: "2s",
  });
  let ended = 0;
  const timedOut = new Promise<void>((resolve) => {
    const stop = listen("playhead:hls.session.end", ({ reason }) => {
      expect(reason).toBe("idle");
      ended += 1;
      if (ended < 2) return;
      stop();
      resolve();
    });
  });
  const played = await play("old.avi");
  for (const part of ["0.m4s", "1.m4s", "2.m4s"]) expect((await played(part)).status).toBe(200);
  const broken = await play("broken.mkv");
  expect((await broken("0.m4s")).status).toBe(500);
  await timedOut;
  // What came is stored every ten seconds.
  reply = await vi.waitUntil(
    async () => {
      const stored = await service.json<EncoderReply>("/api/v1/analytics/encoder?from=-1h");
      return stored.totals.sessions.timedOut === 2 && stored;
    },
    { timeout: 20_000, interval: 250 },
  );
});
afterAll(async () => {
  await service.close();
  for (const one of remove) await one();
});

/** Asks for a film's playlists, for a browser that plays nothing as it is. @returns what fetches parts of its picture. */
async function play(file: string): Promise<(part: string) => Promise<Response>> {
  const item = await vi.waitUntil(
    async () => {
      const { items } = await service.json<LibraryReply>("/api/v1/library");
      return items.find((one) => one.path === file && one.status === "ready");
    },
    { timeout: 20_000 },
  );
  const body = JSON.stringify({ mediaId: item.id, supported: [], prefer: "hls" });
  const { url } = await service.json<PlaybackReply>("/api/v1/playback", { method: "POST", body });
  const master = await (await service.fetch(url)).text();
  const rendition = /\n(\S+)\/index\.m3u8/.exec(master)?.[1];
  return async (part) => {
    const response = await service.fetch(`${url.slice(0, url.lastIndexOf("/"))}/${rendition}/${part}`);
    await response.arrayBuffer();
    return response;
  };
}

const row = (codec: string, container: string) =>
  reply.rows.find((one) => one.kind === "video" && one.codec === codec && one.container === container);

it("counts an idle session as one that timed out", () => {
  expect(reply.totals.sessions).toMatchObject({ started: 2, preloaded: 0, ended: 2, timedOut: 2, timeoutRate: 1 });
  expect(reply.totals.sessions.startMs).not.toBeNull();
});

it("tells how ffmpeg did with a film that it converts", () => {
  const made = row("mpeg4", "avi");
  expect(made).toMatchObject({ encoder: "libx264", failures: 0, failureRate: 0, slowRate: expect.any(Number) });
  expect(made?.starts).toBeGreaterThanOrEqual(1);
  expect(made?.segments).toBeGreaterThanOrEqual(2);
  expect(made?.speed).toBeGreaterThan(0);
  expect(made?.outputMs).toBeGreaterThan(0);
  expect(made?.firstSegmentMs).toBeGreaterThanOrEqual(made?.outputMs ?? Number.NaN);
});

it("counts the failures of a broken film by its codec and container", () => {
  const broken = row("h264", "matroska");
  expect(broken).toMatchObject({ encoder: "libx264", failureRate: 1, firstSegments: 0, segments: 0, speed: null });
  expect(broken?.failures).toBeGreaterThanOrEqual(1);
  expect(reply.totals.video.failures).toBe(broken?.failures);
});

it("has it all in the interval of now", () => {
  const last = reply.points.filter(({ video }) => video.starts > 0);
  expect(last.length).toBeGreaterThanOrEqual(1);
  expect(last.reduce((sum, { video }) => sum + video.starts, 0)).toBe(reply.totals.video.starts);
  expect(reply.now.video.limit).toBeGreaterThanOrEqual(1);
  expect(reply.now).toMatchObject({ sessions: 0, runs: 0 });
});
