import type { RecordedEvent } from "@playhead/protocol";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { publish as publishIngest } from "../../ingest/channels.js";
import { publish } from "../../streaming/channels.js";
import { sampleMessages as told } from "../testing/sample-messages.js";
import { recordServerEvents, type ServerEvents } from "./server-events.js";

let recorded: RecordedEvent[];
let events: ServerEvents;
beforeEach(() => {
  recorded = [];
  const ingest = { record: (of: readonly RecordedEvent[]) => void recorded.push(...of) };
  events = recordServerEvents({ ingest, log: pino({ level: "silent" }), now: () => 10_000 });
});
afterEach(() => events.stop());

const segment = (change: Partial<(typeof told)["playhead:segment.request"]>) =>
  publish("playhead:segment.request", { ...told["playhead:segment.request"], ...change });
const heard = () => publishIngest("playhead:ingest.stored", told["playhead:ingest.stored"]);
const types = () => recorded.map(({ event }) => event.type);

it("makes what the server did events of the view that names the session", () => {
  publish("playhead:playback.request", told["playhead:playback.request"]);
  publish("playhead:hls.session.start", told["playhead:hls.session.start"]);
  publish("playhead:ffmpeg.start", told["playhead:ffmpeg.start"]);
  publish("playhead:ffmpeg.first_segment", told["playhead:ffmpeg.first_segment"]);
  segment({});
  publish("playhead:ffmpeg.error", told["playhead:ffmpeg.error"]);
  events.drain();
  expect(recorded).toEqual([]);
  heard();
  publish("playhead:hls.session.end", told["playhead:hls.session.end"]);
  events.drain();
  expect(types()).toEqual([
    "hls_session_start",
    "ffmpeg_start",
    "first_segment",
    "segment",
    "transcode_error",
    "hls_session_end",
  ]);
  expect(recorded.map(({ event }) => event.seq)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(new Set(recorded.map(({ event }) => event.id)).size).toBe(6);
  expect(recorded[3]).toMatchObject({
    appId: "default",
    source: "server",
    receivedAt: 10_000,
    context: { viewId: "view", hlsSessionId: "session", mediaId: "film" },
    event: {
      ts: 1_850,
      rendition: "v0-h264-1080",
      segment: 0,
      durationMs: 905,
      waitMs: 900,
      bytes: 90_000,
      cached: false,
    },
  });
});

it("tells of the latest segment of each rendition when the session ends: it may have been on its way", () => {
  publish("playhead:hls.session.start", told["playhead:hls.session.start"]);
  const quick = { waitMs: 0, readMs: 3, cached: true };
  for (let index = 0; index < 20; index++) segment({ ...quick, index });
  for (let index = 0; index < 15; index++) segment({ ...quick, index, rendition: "a0" });
  segment({ ...quick, index: 15, rendition: "a0", waitMs: 80 });
  heard();
  events.drain();
  const before = recorded.length;
  publish("playhead:hls.session.end", told["playhead:hls.session.end"]);
  events.drain();
  expect(recorded.slice(before)).toMatchObject([
    { event: { type: "segment", segment: 19, ts: 1_850 } },
    { event: { type: "hls_session_end" } },
  ]);
});

it("tells the first segments of a play, and later ones only if they took long or were not sent", () => {
  publish("playhead:hls.session.start", told["playhead:hls.session.start"]);
  const quick = { waitMs: 0, readMs: 3, cached: true };
  for (let index = 0; index < 30; index++) segment({ ...quick, index });
  segment({ ...quick, index: 30, waitMs: 50 });
  segment({ ...quick, index: 31, outcome: "error", error: "busy", bytes: 0 });
  heard();
  events.drain();
  const indices = recorded.flatMap(({ event }) => (event.type === "segment" ? [event.segment] : []));
  expect(indices).toEqual([...Array.from({ length: 10 }, (_, index) => index), 30, 31]);
  // Played again, it starts again.
  publish("playhead:playback.request", told["playhead:playback.request"]);
  segment({ ...quick, index: 5 });
  publishIngest("playhead:ingest.stored", { views: [{ appId: "default", viewId: "next", hlsSessionId: "session" }] });
  events.drain();
  expect(recorded.at(-1)).toMatchObject({ context: { viewId: "next" }, event: { type: "segment", segment: 5 } });
});
