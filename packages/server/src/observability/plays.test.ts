import { beforeEach, expect, it } from "vitest";
import { followPlays, type Play, type Plays } from "./plays.js";
import { sampleMessages as told } from "./testing/sample-messages.js";

const request = told["playhead:playback.request"];
const segment = told["playhead:segment.request"];
let ended: Play[];
let plays: Plays;
beforeEach(() => {
  ended = [];
  plays = followPlays((play) => ended.push(play));
});
const ask = (change: Partial<typeof request> = {}) =>
  plays.handlers["playhead:playback.request"]?.({ ...request, ...change });
const answer = (change: Partial<typeof segment> = {}) =>
  plays.handlers["playhead:segment.request"]?.({ ...segment, ...change });

it("follows a play from its request to its first picture segment, with all that it waited for", () => {
  ask();
  plays.handlers["playhead:encoder.wait"]?.(told["playhead:encoder.wait"]);
  plays.handlers["playhead:ffmpeg.start"]?.(told["playhead:ffmpeg.start"]);
  plays.handlers["playhead:ffmpeg.start"]?.({ ...told["playhead:ffmpeg.start"], hlsSessionIds: ["another"] });
  plays.handlers["playhead:ffmpeg.first_segment"]?.(told["playhead:ffmpeg.first_segment"]);
  answer({ index: null });
  answer({ kind: "audio", rendition: "a1-aac" });
  answer({ outcome: "error", error: "busy", bytes: 0 });
  expect(ended).toEqual([]);
  answer();
  answer({ index: 1 });
  expect(ended).toMatchObject([{ request, served: segment, givenUpAt: undefined }]);
  const [play] = ended;
  expect([play?.waited, play?.starts, play?.firsts, play?.segments].map((kept) => kept?.length)).toEqual([1, 1, 1, 4]);
});

it("gives a play up when its session ends, or after a minute", () => {
  ask();
  plays.handlers["playhead:hls.session.end"]?.(told["playhead:hls.session.end"]);
  expect(ended).toMatchObject([{ served: undefined, givenUpAt: 9_000 }]);
  ask({ ts: 10_000 });
  plays.sweep(69_999);
  expect(ended).toHaveLength(1);
  plays.sweep(70_000);
  expect(ended).toMatchObject([{}, { served: undefined, givenUpAt: 70_000 }]);
  expect(plays.open).toBe(0);
});

it("counts the last request of one that was asked for twice, and none that plays as it is", () => {
  ask();
  ask({ ts: 700 });
  ask({ hlsSessionId: null, delivery: "direct" });
  answer();
  expect(ended).toMatchObject([{ request: { ts: 700 } }]);
  expect(plays.open).toBe(0);
});
