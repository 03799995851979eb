import {
  firstSegmentEdgesMs,
  StoreUnavailableError,
  speedEdges,
  type WorkBatch,
  type WorkStore,
} from "@playhead/store";
import { pino } from "pino";
import { expect, it } from "vitest";
import type { Channel, Messages } from "../channels.js";
import { sampleMessages } from "../testing/sample-messages.js";
import { keepWork } from "./keep-work.js";
import { createTally, type Tally } from "./tally.js";

const log = pino({ level: "silent" });
const SLOT = 300_000;

function tell<C extends Channel>(tally: Pick<Tally, "handlers">, channel: C, more: Partial<Messages[C]> = {}): void {
  const handle: ((message: Messages[C]) => void) | undefined = tally.handlers[channel];
  handle?.({ ...sampleMessages[channel], ...more });
}
const nonZero = (bins: readonly number[] | undefined) =>
  (bins ?? []).flatMap((count, bin) => (count === 0 ? [] : [[bin, count]]));

it("adds up what one play told, by what was converted", () => {
  const tally = createTally();
  tell(tally, "playhead:hls.session.start");
  tell(tally, "playhead:hls.session.start", { preload: true, delivery: "copy" });
  tell(tally, "playhead:encoder.wait");
  tell(tally, "playhead:ffmpeg.start");
  tell(tally, "playhead:ffmpeg.first_segment");
  tell(tally, "playhead:ffmpeg.segment", { index: 0, tookMs: 800 });
  tell(tally, "playhead:ffmpeg.segment");
  tell(tally, "playhead:ffmpeg.segment", { tookMs: 1_000 });
  tell(tally, "playhead:ffmpeg.segment", { tookMs: 500 });
  tell(tally, "playhead:ffmpeg.error");
  tell(tally, "playhead:hls.session.end");
  const { encoders, sessions } = tally.take();
  expect(encoders).toMatchObject([
    {
      at: 0,
      kind: "video",
      codec: "hevc",
      container: "matroska",
      encoder: "libx264",
      starts: 1,
      failures: 1,
      waits: 1,
      waitedMs: 400,
      firstSegments: 1,
      outputMs: 300,
      firstSegmentMs: 800,
      // Without the first of the run.
      segments: 3,
      mediaMs: 1_500,
      tookMs: 1_700,
    },
  ]);
  // 800 ms is 50 ms doubled four times: an edge, and so the bin above it. Half as fast as real time, as fast, 2.5 times.
  expect(nonZero(encoders[0]?.firstSegmentBins)).toEqual([[firstSegmentEdgesMs.indexOf(800) + 1, 1]]);
  expect(nonZero(encoders[0]?.speedBins)).toEqual([
    [speedEdges.indexOf(0.5) + 1, 1],
    [speedEdges.indexOf(1) + 1, 1],
    [speedEdges.indexOf(2) + 2, 1],
  ]);
  expect(sessions).toMatchObject([
    { at: 0, delivery: "transcode", starts: 1, preloads: 0, startMs: 2, idle: 1, client: 0, shutdown: 0, unused: 0 },
    { at: 0, delivery: "copy", starts: 1, preloads: 1, idle: 0 },
  ]);
  expect(tally.take()).toEqual({ encoders: [], sessions: [] });
});

it("keeps slots of five minutes apart, and names that come from files together", () => {
  const tally = createTally();
  tell(tally, "playhead:ffmpeg.start", { ts: SLOT - 1, codec: "made-up-1", container: "thing" });
  tell(tally, "playhead:ffmpeg.start", { ts: SLOT - 1, codec: "made-up-2", container: "thong" });
  tell(tally, "playhead:ffmpeg.start", { ts: SLOT });
  expect(tally.take().encoders).toMatchObject([
    { at: 0, codec: "other", container: "other", starts: 2 },
    { at: SLOT, codec: "hevc", starts: 1 },
  ]);
});

it("has room for so many rows, and counts what finds none", () => {
  const tally = createTally(2);
  for (let slot = 0; slot < 4; slot++) tell(tally, "playhead:ffmpeg.start", { ts: slot * SLOT });
  tell(tally, "playhead:ffmpeg.start", { ts: SLOT });
  expect(tally).toMatchObject({ size: 2, lost: 2 });
  expect(tally.take().encoders.map(({ starts }) => starts)).toEqual([1, 2]);
});

/** A store that takes note of what it is sent, and answers as it is told to. */
function store() {
  const sent: WorkBatch[] = [];
  const thinned: [number, number][] = [];
  let fail: Error | undefined;
  const work: WorkStore = {
    async add(batch) {
      sent.push(batch);
      if (fail !== undefined) throw fail;
    },
    read: () => Promise.reject(new Error("nobody asks")),
    async thin(before, slotMs) {
      thinned.push([before, slotMs]);
    },
  };
  return { work, sent, thinned, answerWith: (error: Error | undefined) => void (fail = error) };
}

it("sends the same batch again while nobody knows what became of it, and what came meanwhile after it", async () => {
  const { work, sent, answerWith } = store();
  const keeper = keepWork({ work, log });
  answerWith(new StoreUnavailableError("away"));
  tell(keeper, "playhead:ffmpeg.start");
  await keeper.flush();
  tell(keeper, "playhead:ffmpeg.start");
  await keeper.flush();
  answerWith(undefined);
  await keeper.flush();
  expect(sent.map(({ seq }) => seq)).toEqual([1, 1, 1, 2]);
  expect(sent[2]).toBe(sent[0]);
  expect(sent.map(({ encoders }) => encoders[0]?.starts)).toEqual([1, 1, 1, 1]);
  expect(new Set(sent.map(({ writer }) => writer)).size).toBe(1);
  await keeper.flush();
  expect(sent).toHaveLength(4);
});

it("lets go of what the store refuses, and goes on", async () => {
  const { work, sent, answerWith } = store();
  const keeper = keepWork({ work, log });
  answerWith(new Error("a mistake"));
  tell(keeper, "playhead:ffmpeg.start");
  await keeper.flush();
  answerWith(undefined);
  tell(keeper, "playhead:ffmpeg.start");
  await keeper.flush();
  expect(sent.map(({ seq }) => seq)).toEqual([1, 2]);
});

it("adds what came, and thins what is old, by itself; and what is left when it stops", async () => {
  const { work, sent, thinned } = store();
  const keeper = keepWork({ work, log, everyMs: 1, now: () => 200 * 86_400_000 });
  keeper.start();
  tell(keeper, "playhead:ffmpeg.start");
  await expect
    .poll(() => thinned)
    .toEqual([
      [192 * 86_400_000, 3_600_000],
      [100 * 86_400_000, 86_400_000],
    ]);
  expect(sent).toHaveLength(1);
  tell(keeper, "playhead:ffmpeg.start");
  await keeper.stop();
  expect(sent).toHaveLength(2);
});
