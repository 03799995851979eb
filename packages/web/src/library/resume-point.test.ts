import { describe, expect, it } from "vitest";
import { isSeen, resumePoint } from "./resume-point.js";

const film = 100 * 60_000;

describe("resumePoint", () => {
  it("is where the viewer stopped", () => {
    expect(resumePoint(754_000, film)).toBe(754_000);
  });

  it("is none for a film hardly begun, and for one seen to its credits", () => {
    expect(resumePoint(undefined, film)).toBeUndefined();
    expect(resumePoint(9_000, film)).toBeUndefined();
    expect(resumePoint(film - 30_000, film)).toBeUndefined();
    expect(isSeen(film - 30_000, film)).toBe(true);
  });

  it("takes a film for seen from where its credits begin", () => {
    expect(isSeen(film - 5 * 60_000, film, film - 6 * 60_000)).toBe(true);
    expect(resumePoint(film - 5 * 60_000, film, film - 6 * 60_000)).toBeUndefined();
    expect(isSeen(film - 7 * 60_000, film, film - 6 * 60_000)).toBe(false);
  });

  it("scales with a short film", () => {
    expect(resumePoint(6_000, 20_000)).toBe(6_000);
    expect(resumePoint(19_500, 20_000)).toBeUndefined();
  });

  it("is none where the duration is not known", () => {
    expect(resumePoint(9_000, null)).toBeUndefined();
    expect(resumePoint(9_000, 0)).toBeUndefined();
  });
});
