import type { ViewReply } from "@playhead/protocol";
import { openPostgresStore } from "@playhead/store-postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeFilms } from "../streaming/testing/films.js";
import { channelDocs, channels } from "./channel-list.js";
import { type Channel, listen, type Messages } from "./channels.js";
import { type OtlpReceiver, startOtlpReceiver } from "./testing/otlp-receiver.js";
import { startWholeService, type WholeService } from "./testing/whole-service.js";

const VIEW = "view-of-a-play";
const heard = new Map<Channel, Messages[Channel][]>(channels.map((channel) => [channel, []]));
let service: WholeService;
let receiver: OtlpReceiver;
let removeFilms: () => Promise<void>;
let stops: readonly (() => void)[];
let hlsSessionId: string;

/** One play, as a player does it: playlists, segments, telemetry, and its end. */
beforeAll(async () => {
  stops = channels.map((channel) => listen(channel, (message) => heard.get(channel)?.push(message)));
  const films = await makeFilms("avi");
  removeFilms = films.remove;
  receiver = await startOtlpReceiver();
  service = await startWholeService(openPostgresStore, films.folder, {
    PLAYHEAD_COUNTRY_HEADER: "X-Country",
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
  });

  const reply = await service.play();
  ({ hlsSessionId } = reply);
  const base = reply.url.slice(0, reply.url.lastIndexOf("/"));
  const master = await (await service.fetch(reply.url)).text();
  const video = /\n(\S+)\/index\.m3u8/.exec(master)?.[1];
  const audio = /TYPE=AUDIO.*URI="(.+)\/index\.m3u8"/.exec(master)?.[1];
  for (const part of [`${video}/init.mp4`, `${audio}/0.m4s`, `${video}/0.m4s`, `${video}/1.m4s`, `${video}/1.m4s`]) {
    const response = await service.fetch(`${base}/${part}`);
    expect(response.status, part).toBe(200);
    await response.arrayBuffer();
  }
  expect(await sendTelemetry("play_request", "first_frame")).toMatchObject({ accepted: 2 });
  // What comes after the view is known is told at once.
  await (await service.fetch(`${base}/${video}/2.m4s`)).arrayBuffer();
  expect((await service.fetch(`/api/v1/hls/${hlsSessionId}`, { method: "DELETE" })).status).toBe(204);
});
afterAll(async () => {
  for (const stop of stops) stop();
  await service.close();
  await receiver.close();
  await removeFilms();
});

let seq = 0;
function sendTelemetry(...types: readonly string[]) {
  const context = { viewId: VIEW, hlsSessionId, country: "DE" };
  const events = types.map((type) => ({ id: `${type}-${seq}`, seq: seq++, type, ts: Date.now() }));
  const body = JSON.stringify({ schema: 1, sentAt: Date.now(), context, events });
  return service.json("/telemetry", { method: "POST", body, headers: { "x-country": "se" } });
}

/** The view once it is folded with everything that the server did for it. */
const view = () =>
  expect
    .poll(
      async () => {
        const response = await service.fetch(`/api/v1/views/${VIEW}`);
        return response.ok ? ((await response.json()) as ViewReply) : undefined;
      },
      { timeout: 10_000 },
    )
    .toSatisfy((reply: ViewReply | undefined) => reply?.events.some(({ type }) => type === "hls_session_end") === true);

it("keeps what the server did for a view with that view, from the session's start to its end", async () => {
  await view();
  const reply = await service.json<ViewReply>(`/api/v1/views/${VIEW}`);
  const own = reply.events.filter(({ source }) => source === "server");
  expect(own.every(({ ts }) => Math.abs(ts - Date.now()) < 60_000)).toBe(true);
  const of = (type: string) => own.filter((event) => event.type === type);
  expect(of("hls_session_start")).toMatchObject([{ delivery: "transcode", codec: "mpeg4", container: "avi" }]);
  expect(of("ffmpeg_start")).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ encoder: "libx264", codec: "mpeg4", mediaType: "video" }),
      expect.objectContaining({ soundEncoder: "aac", soundCodec: "mp3", mediaType: "audio" }),
    ]),
  );
  expect(of("first_segment").length).toBeGreaterThanOrEqual(2);
  const pictures = of("segment").filter((event) => "mediaType" in event && event.mediaType === "video");
  const bytes = expect.toSatisfy((count: number) => count > 100);
  expect(pictures).toMatchObject([
    { bytes, rendition: expect.stringMatching(/^v0-/) },
    { bytes, segment: 0 },
    { bytes, segment: 1 },
    { bytes, segment: 1, cached: true, waitMs: 0 },
    { bytes, segment: 2 },
  ]);
  expect(of("hls_session_end")).toMatchObject([{ reason: "client", segments: 6 }]);
  // The viewer's own are what its metrics stand on.
  expect(reply).toMatchObject({ source: "sdk", encoder: "libx264" });
});

it("gives a view the country of the proxy's header, whatever the page says", async () => {
  expect(await service.json<ViewReply>(`/api/v1/views/${VIEW}`)).toMatchObject({ country: "SE" });
});

it("tells on each channel what is documented, and nothing else", () => {
  const told = channels.filter((channel) => (heard.get(channel)?.length ?? 0) > 0);
  expect(told).toEqual(
    expect.arrayContaining([
      "playhead:playback.request",
      "playhead:hls.session.start",
      "playhead:hls.session.end",
      "playhead:ffmpeg.start",
      "playhead:ffmpeg.first_segment",
      "playhead:ffmpeg.segment",
      "playhead:ffmpeg.end",
      "playhead:segment.request",
      "playhead:ingest.batch",
      "playhead:ingest.stored",
      "playhead:library.probe",
    ]),
  );
  for (const channel of told) {
    const documented = Object.keys(channelDocs[channel].fields).toSorted();
    for (const message of heard.get(channel) ?? [])
      expect(Object.keys(message).toSorted(), channel).toEqual(documented);
  }
});

it("counts it in /metrics", async () => {
  const text = await (await service.fetch("/metrics")).text();
  const value = (series: string) =>
    Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length) ?? Number.NaN,
    );
  const film = 'codec="mpeg4",container="avi",encoder="libx264"';
  expect(value('playhead_hls_session_starts_total{delivery="transcode",preload="false"}')).toBe(1);
  expect(value('playhead_hls_session_ends_total{reason="client"}')).toBe(1);
  expect(value("playhead_hls_sessions")).toBe(0);
  expect(value(`playhead_ffmpeg_starts_total{kind="video",${film}}`)).toBe(1);
  expect(value('playhead_first_segment_seconds_count{delivery="transcode",found="nothing"}')).toBe(1);
  expect(value('playhead_ffmpeg_start_seconds_count{kind="video",encoder="libx264"}')).toBe(1);
  expect(value('playhead_encoder_speed_ratio_count{encoder="libx264"}')).toBeGreaterThan(0);
  const misses = value('playhead_segment_cache_total{kind="video",delivery="transcode",result="miss"}');
  const hits = value('playhead_segment_cache_total{kind="video",delivery="transcode",result="hit"}');
  expect(misses + hits).toBe(5);
  expect(hits).toBeGreaterThan(0);
  expect(value('playhead_segment_bytes_total{kind="video",delivery="transcode"}')).toBeGreaterThan(1000);
  expect(value('playhead_ingest_batches_total{outcome="stored"}')).toBe(1);
  expect(value('playhead_library_probes_total{outcome="ready"}')).toBe(1);
  expect(value('playhead_telemetry_drops_total{subscriber="metrics"}')).toBe(0);
  expect(value("playhead_nodejs_eventloop_lag_p99_seconds")).toBeGreaterThan(0);
});

it("says it in the log, without saying who", () => {
  const said = service.logged.filter(({ channel }) => channel !== undefined);
  expect(said.find(({ channel }) => channel === "playhead:hls.session.end")).toMatchObject({
    level: 30,
    msg: "HLS session ended",
    reason: "client",
  });
  expect(said.map(({ channel }) => channel)).toContain("playhead:ffmpeg.first_segment");
  expect(said.some((line) => "userId" in line)).toBe(false);
});

it("sends the play as one trace, from its request to its first picture segment", async () => {
  await expect.poll(() => receiver.spans.map(({ name }) => name), { timeout: 10_000 }).toContain("play");
  const { spans } = receiver;
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const names = new Set(spans.map(({ name }) => name));
  const way = ["play", "playback request", "plan", "open HLS session", "ffmpeg", "ffmpeg start", "first segment"];
  expect([...names].toSorted()).toEqual([...way, "segment request"].toSorted());
  const roots = spans.filter(({ parentSpanId }) => !parentSpanId);
  expect(roots.map(({ name }) => name)).toEqual(["play"]);
  const [root] = roots;
  const within = spans.filter(({ startTimeUnixNano: from, endTimeUnixNano: to }) => {
    const [begin, end] = [BigInt(root?.startTimeUnixNano ?? 0), BigInt(root?.endTimeUnixNano ?? 0)];
    // Whole milliseconds of two clocks: they may differ by one.
    return BigInt(from) >= begin - 1_000_000n && BigInt(to) <= end + 1_000_000n;
  });
  expect(within).toHaveLength(spans.length);
});
