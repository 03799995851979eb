import { describe, expect, it } from "vitest";
import { createTapSeek } from "./tap-seek.js";

const left = 0.1;
const right = 0.9;

describe("createTapSeek", () => {
  it("takes one tap for a tap, two for 10 s, and adds up what follows", () => {
    const seeker = createTapSeek();
    expect(seeker.tap({ at: 0, share: right })).toBeUndefined();
    expect(seeker.tap({ at: 200, share: right })).toEqual({ byS: 10, totalS: 10 });
    expect(seeker.tap({ at: 800, share: right })).toEqual({ byS: 10, totalS: 20 });
    expect(seeker.tap({ at: 1500, share: right })).toEqual({ byS: 10, totalS: 30 });
  });

  it("goes back on the left", () => {
    const seeker = createTapSeek();
    seeker.tap({ at: 0, share: left });
    expect(seeker.tap({ at: 200, share: left })).toEqual({ byS: -10, totalS: -10 });
  });

  it("begins anew after a pause, on the other side, and never in the middle", () => {
    const seeker = createTapSeek();
    seeker.tap({ at: 0, share: left });
    expect(seeker.tap({ at: 500, share: left })).toBeUndefined();
    expect(seeker.tap({ at: 700, share: right })).toBeUndefined();
    expect(seeker.tap({ at: 900, share: right })).toEqual({ byS: 10, totalS: 10 });
    seeker.tap({ at: 3000, share: 0.5 });
    expect(seeker.tap({ at: 3100, share: 0.5 })).toBeUndefined();
  });
});
