import { describe, expect, it } from "vitest";
import { Playback } from "./playback.js";
import type { Draft } from "./recorder.js";

function playing() {
  const drafts: (Draft & { at: number })[] = [];
  const playback = new Playback(
    (draft, at = 0) => drafts.push({ ...draft, at }),
    () => ({}),
    0,
  );
  const story = () => drafts.filter(({ type }) => type !== "state_change").map(({ type, at }) => `${at} ${type}`);
  playback.request(10, false);
  playback.play(12, false);
  playback.firstFrame(100, true);
  drafts.length = 0;
  return { playback, drafts, story };
}

describe("what the viewer sees", () => {
  it("has its startup from the intent to the first frame", () => {
    const drafts: Draft[] = [];
    const playback = new Playback(
      (draft) => drafts.push(draft),
      () => ({}),
      0,
    );
    playback.load(5, undefined);
    playback.request(10, false);
    playback.play(30, false);
    playback.firstFrame(310, true);
    expect(drafts.find(({ type }) => type === "first_frame")).toMatchObject({ startupMs: 300 });
    expect(drafts.filter(({ type }) => type === "state_change")).toMatchObject([
      { from: "idle", to: "loading" },
      { from: "loading", to: "playing" },
    ]);
  });

  it("takes the click for the intent when an autoplay before it came to nothing", () => {
    const drafts: Draft[] = [];
    const playback = new Playback(
      (draft) => drafts.push(draft),
      () => ({}),
      0,
    );
    playback.request(10, true);
    playback.request(5_000, false);
    playback.play(5_001, false);
    playback.request(5_002, false);
    playback.firstFrame(5_500, true);
    expect(drafts.find(({ type }) => type === "first_frame")).toMatchObject({ startupMs: 500 });
  });

  it("has no stall before the first frame, in a pause or in a seek", () => {
    const before = new Playback(
      () => {},
      () => ({}),
      0,
    );
    before.play(1, false);
    before.stall(2);
    expect(before.stalled).toBe(false);
    const { playback, story } = playing();
    playback.seekStart(200, 1, 50);
    playback.stall(250);
    playback.seekEnd(300);
    playback.pause(400);
    playback.stall(450);
    expect(story()).toEqual(["200 seek_start", "300 seek_end", "400 pause"]);
  });

  it("ends a stall where a pause, a seek or the end begins", () => {
    const { playback, story, drafts } = playing();
    playback.stall(200);
    playback.seekStart(500, 1, 50);
    playback.seekEnd(600);
    playback.stall(700);
    playback.pause(900);
    playback.play(1_000, false);
    playback.stall(1_100);
    playback.end(1_500, "left");
    expect(story()).toEqual([
      "200 rebuffer_start",
      "500 rebuffer_end",
      "500 seek_start",
      "600 seek_end",
      "700 rebuffer_start",
      "900 rebuffer_end",
      "900 pause",
      "1000 play",
      "1100 rebuffer_start",
      "1500 rebuffer_end",
      "1500 end",
    ]);
    expect(drafts.filter(({ type }) => type === "rebuffer_end").map((d) => "durationMs" in d && d.durationMs)).toEqual([
      300, 200, 400,
    ]);
  });

  it("takes seeks that follow each other before one has settled for one", () => {
    const { playback, drafts } = playing();
    playback.seekStart(200, 1, 50);
    playback.seekStart(220, 50, 60);
    playback.seekStart(240, 60, 70);
    playback.seekEnd(300);
    expect(drafts.filter(({ type }) => type.startsWith("seek"))).toMatchObject([
      { type: "seek_start", fromMs: 1_000, toMs: 50_000 },
      { type: "seek_end", toMs: 70_000, durationMs: 100 },
    ]);
  });

  it("adds up watching and pausing apart", () => {
    const { playback } = playing();
    playback.stall(1_100);
    playback.resume(1_600);
    playback.pause(2_100);
    playback.seekStart(2_200, 2, 9);
    playback.seekEnd(2_400);
    playback.play(3_100, false);
    playback.seekStart(3_200, 9, 20);
    playback.seekEnd(3_700);
    expect(playback.totals(4_100)).toEqual({ watchMs: 3_000, playingMs: 2_000, pauseMs: 1_000 });
  });

  it("says nothing more once it is over", () => {
    const { playback, drafts } = playing();
    playback.ended(300);
    playback.end(300, "left");
    expect(drafts.at(-1)).toMatchObject({ type: "end", reason: "ended" });
    const count = drafts.length;
    playback.play(400, false);
    playback.seekStart(410, 1, 2);
    playback.stall(420);
    playback.end(430, "left");
    expect(drafts).toHaveLength(count);
  });
});
