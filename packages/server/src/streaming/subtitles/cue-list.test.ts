import { describe, expect, it } from "vitest";
import { Coverage } from "./coverage.js";
import { CueList } from "./cue-list.js";

const cue = (startMs: number, endMs: number, text: string, settings = "") => ({ startMs, endMs, text, settings });

describe("the cues of a track", () => {
  it("are in order however they are found, and none is there twice", () => {
    const list = new CueList();
    for (const each of [cue(5000, 6000, "b"), cue(1000, 2000, "a"), cue(5000, 6000, "b"), cue(9000, 9500, "c")])
      list.add(each);
    expect(list.all.map(({ text }) => text)).toEqual(["a", "b", "c"]);
  });

  it("are given wherever they show, also where they began long before", () => {
    const list = new CueList();
    for (const each of [cue(0, 100_000, "long"), cue(10_000, 11_000, "short"), cue(60_000, 61_000, "next")])
      list.add(each);
    expect(list.between(30_000, 60_000).map(({ text }) => text)).toEqual(["long"]);
    expect(list.between(11_000, 60_001).map(({ text }) => text)).toEqual(["long", "next"]);
  });

  it("make one of a sign that moves frame by frame, and of one that is drawn in layers", () => {
    const list = new CueList();
    for (let frame = 0; frame < 50; frame++) list.add(cue(frame * 40, frame * 40 + 40, "Sign", `line:${frame}%`));
    list.add(cue(0, 500, "Sign", "line:1%"));
    expect(list.all).toEqual([cue(0, 2000, "Sign", "line:0%")]);
  });

  it("keep what is said twice apart", () => {
    const list = new CueList();
    for (const each of [cue(0, 1000, "No."), cue(1010, 2000, "No.")]) list.add(each);
    expect(list.all).toHaveLength(2);
  });
});

describe("what has been read", () => {
  it("joins where it meets, and knows its gaps", () => {
    const read = new Coverage();
    read.add(0, 10);
    read.add(20, 30);
    expect([read.has(0, 10), read.has(5, 25), read.gapFrom(0), read.gapFrom(25), read.gapFrom(15)]).toEqual([
      true,
      false,
      10,
      30,
      15,
    ]);
    read.add(10, 20);
    expect([read.has(5, 25), read.gapFrom(0)]).toEqual([true, 30]);
    read.add(30, Number.POSITIVE_INFINITY);
    expect(read.gapFrom(7)).toBeNull();
  });
});
