import path from "node:path";
import type { BreakdownReply, ViewReply } from "@playhead/protocol";
import { openPostgresStore } from "@playhead/store-postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeFilms } from "../streaming/testing/films.js";
import { startWholeService, type WholeService } from "./testing/whole-service.js";

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0";
let service: WholeService;
let removeFilms: () => Promise<void>;

/** A film that ffmpeg can't convert is asked for twice in Firefox: one play fails, one is a film that played elsewhere. */
beforeAll(async () => {
  const films = await makeFilms("avi");
  removeFilms = films.remove;
  const failing = path.join(import.meta.dirname, "../streaming/testing/failing-ffmpeg.sh");
  service = await startWholeService(openPostgresStore, films.folder, { PLAYHEAD_FFMPEG: failing });
  const reply = await service.play();
  const { hlsSessionId } = reply;
  const base = reply.url.slice(0, reply.url.lastIndexOf("/"));
  const rendition = /\n(\S+)\/index\.m3u8/.exec(await (await service.fetch(reply.url)).text())?.[1];
  expect((await service.fetch(`${base}/${rendition}/0.m4s`)).status).toBe(500);
  await send("failed", { hlsSessionId }, { type: "error", code: "http_500", fatal: true });
  await send("played", {}, { type: "first_frame", startupMs: 400 });
});
afterAll(async () => {
  await service.close();
  await removeFilms();
});

function send(viewId: string, context: object, last: object) {
  const events = [{ type: "play_request" }, last].map((event, seq) => ({
    id: `${viewId}-${seq}`,
    seq,
    ts: Date.now() + seq,
    ...event,
  }));
  const stream = { codec: "mpeg4,mp3", container: "avi" };
  const body = JSON.stringify({ schema: 1, sentAt: Date.now(), context: { viewId, stream, ...context }, events });
  return service.json("/telemetry", { method: "POST", body, headers: { "user-agent": FIREFOX } });
}

it("counts failures of views by codec, container and browser", async () => {
  const query = new URLSearchParams({ by: "codec,container,browser", from: "-1h" });
  const rows = async () => (await service.json<BreakdownReply>(`/api/v1/analytics/breakdown?${query.toString()}`)).rows;
  await expect.poll(rows, { timeout: 10_000 }).toMatchObject([
    {
      values: ["mpeg4,mp3", "avi", "Firefox"],
      views: 2,
      startFailures: 1,
      startFailureRate: 0.5,
    },
  ]);
});

it("counts failures of encoders by codec, container and encoder", async () => {
  const text = await (await service.fetch("/metrics")).text();
  const count = (name: string) =>
    Number(
      text.split(`${name}{kind="video",codec="mpeg4",container="avi",encoder="libx264"} `)[1]?.split("\n")[0] ??
        Number.NaN,
    );
  // A first failure is tried again; and the server may have begun before it was asked.
  expect(count("playhead_ffmpeg_starts_total")).toBeGreaterThanOrEqual(2);
  expect(count("playhead_ffmpeg_errors_total")).toBe(count("playhead_ffmpeg_starts_total"));
  expect(text).toContain('playhead_segment_errors_total{kind="video",delivery="transcode",error="transcode_failed"} 1');
});

it("shows in the failed view why the server could not serve it", async () => {
  await expect
    .poll(async () => (await service.json<ViewReply>("/api/v1/views/failed")).events, { timeout: 10_000 })
    .toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: "transcode_error",
          source: "server",
          code: "ffmpeg_exit_1",
          encoder: "libx264",
          codec: "mpeg4",
          container: "avi",
        }),
        expect.objectContaining({ type: "segment", outcome: "error", code: "transcode_failed" }),
      ]),
    );
});
