import { describe, expect, it } from "vitest";
import { chooseLevel, type LadderLevel, type Situation } from "./choose-level.js";

const level = (height: number, averageBps: number, isOriginal = false): LadderLevel => ({
  averageBps,
  width: (height * 16) / 9,
  height,
  isOriginal,
});
const levels = [level(240, 500_000), level(480, 1_500_000), level(720, 2_500_000), level(1080, 6_000_000, true)];
const at = (over: Partial<Situation> = {}): number =>
  chooseLevel({
    levels,
    at: 3,
    bandwidthBps: 20_000_000,
    bufferS: 20,
    sinceSwitchS: 60,
    screen: undefined,
    isTooDear: () => false,
    ...over,
  });

describe("the level to load next", () => {
  it("stays where it is until something was measured, and where the network carries it", () => {
    expect(at({ at: 1, bandwidthBps: undefined })).toBe(1);
    expect(at()).toBe(3);
    expect(at({ bandwidthBps: 6_400_000, bufferS: 0 })).toBe(3);
  });

  it("is the best that a slower network carries with room to spare, or the least there is", () => {
    expect(at({ bandwidthBps: 4_000_000 })).toBe(2);
    expect(at({ bandwidthBps: 2_000_000 })).toBe(1);
    expect(at({ bandwidthBps: 100_000 })).toBe(0);
  });

  it("waits a little longer where there is a store to live on", () => {
    expect(at({ bandwidthBps: 5_600_000, bufferS: 30 })).toBe(3);
    expect(at({ bandwidthBps: 5_600_000, bufferS: 5 })).toBe(2);
  });

  it("rises only with a buffer to pay from, and not right after a switch", () => {
    expect(at({ at: 0 })).toBe(3);
    expect(at({ at: 0, bufferS: 3 })).toBe(0);
    expect(at({ at: 0, sinceSwitchS: 1 })).toBe(0);
    expect(at({ at: 1, bandwidthBps: 3_000_000 })).toBe(1);
  });

  it("is no converted picture larger than the screen, but may be an original that is", () => {
    const screen = { width: 854, height: 480 };
    expect(at({ at: 2, screen, bandwidthBps: 4_000_000 })).toBe(1);
    expect(at({ at: 1, screen, bandwidthBps: 7_000_000 })).toBe(1);
    expect(at({ screen })).toBe(3);
  });

  it("is none that the server makes slower than it plays, but may be the original, which it need not make", () => {
    const isTooDear = (index: number) => index >= 1;
    expect(at({ at: 2, isTooDear, bandwidthBps: 5_000_000 })).toBe(0);
    expect(at({ isTooDear })).toBe(3);
  });
});
