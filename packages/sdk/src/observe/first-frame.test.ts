import { afterAll, expect, it, vi } from "vitest";
import { createClock } from "../record/clock.js";
import { Failures } from "../record/failures.js";
import { Playback } from "../record/playback.js";
import type { Draft } from "../record/recorder.js";
import { observeFirstFrame } from "./first-frame.js";
import type { Observed } from "./observed.js";
import { observePlayhead } from "./playhead.js";

vi.stubGlobal("HTMLMediaElement", { HAVE_CURRENT_DATA: 2, HAVE_FUTURE_DATA: 3 });
vi.stubGlobal("document", { visibilityState: "visible" });
afterAll(() => vi.unstubAllGlobals());

type FrameCallback = (now: number, frame: { presentationTime: number; presentedFrames: number }) => void;

/** A film that plays on as the clock goes, and whose first word of a picture is up to the test. */
function playingFilm() {
  let now = 100;
  let told: FrameCallback = () => {};
  const video = Object.assign(new EventTarget(), {
    currentTime: 0,
    paused: false,
    seeking: false,
    playbackRate: 1,
    readyState: 1,
    videoWidth: 640,
    requestVideoFrameCallback: (callback: FrameCallback) => {
      told = callback;
      return 1;
    },
    cancelVideoFrameCallback: () => {},
  });
  const drafts: (Draft & { at: number })[] = [];
  const clock = createClock(() => now);
  const record: Observed["record"] = (draft, at = now) => drafts.push({ ...draft, at });
  const playback = new Playback(record, () => ({}), now);
  playback.request(now, false);
  const playTo = (at: number) => {
    now = at;
    // The playhead moves from 140 ms on.
    video.currentTime = Math.max(0, at - 140) / 1000;
    video.readyState = 4;
    video.dispatchEvent(new Event("timeupdate"));
  };
  const element = video as unknown as HTMLVideoElement;
  const observed = {
    video: element,
    clock,
    playback,
    record,
    playhead: observePlayhead(element, clock),
    failures: new Failures(record, playback, clock, 0),
    rendered: { bitrateBps: undefined, width: 0, height: 0 },
    ownSeek: { expected: false },
    source: () => undefined,
    isLive: () => undefined,
    atEnd: () => {},
  };
  const stop = observeFirstFrame(observed, false);
  const startedAt = () => drafts.find(({ type }) => type === "first_frame")?.at;
  return {
    playTo,
    tellFrame: (at: number, n: number) => told(now, { presentationTime: at, presentedFrames: n }),
    startedAt,
    stop,
  };
}

it("is the first picture, where that comes after the playhead began to move", () => {
  const { playTo, tellFrame, startedAt, stop } = playingFilm();
  for (let at = 110; at <= 220; at += 10) playTo(at);
  tellFrame(215, 1);
  expect(startedAt()).toBe(215);
  stop();
});

it("is the playhead's first movement, where a picture stood there before anybody was told of one", () => {
  const { playTo, tellFrame, startedAt, stop } = playingFilm();
  for (let at = 110; at <= 220; at += 10) playTo(at);
  tellFrame(215, 2);
  expect(startedAt()).toBe(140);
  stop();
});
