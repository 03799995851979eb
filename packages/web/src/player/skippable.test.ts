import { describe, expect, it } from "vitest";
import { isSame, offerAt } from "./skippable.js";

const film = {
  creditsMs: 1_000_000,
  chapters: [
    { title: "Cold open", startMs: 0, endMs: 100_000 },
    { title: "OP", startMs: 100_000, endMs: 190_000, kind: "intro" as const },
    { title: "A", startMs: 190_000, endMs: 1_000_000 },
    { title: "ED", startMs: 1_000_000, endMs: 1_090_000, kind: "credits" as const },
  ],
};

describe("offerAt", () => {
  it("offers to skip an intro from its first moment until there is nothing left of it", () => {
    expect(offerAt(film, 99_999)).toBeUndefined();
    expect(offerAt(film, 100_000)).toMatchObject({ kind: "skip", label: "Skip intro" });
    expect(offerAt(film, 189_500)).toBeUndefined();
    expect(offerAt(film, 200_000)).toBeUndefined();
  });

  it("offers the next episode where only credits are left", () => {
    expect(offerAt(film, 1_000_000)).toEqual({ kind: "next" });
    expect(offerAt(film, 1_089_999)).toEqual({ kind: "next" });
  });

  it("offers to skip credits that a scene follows", () => {
    expect(offerAt({ chapters: film.chapters }, 1_000_000)).toMatchObject({ kind: "skip", label: "Skip credits" });
  });
});

describe("isSame", () => {
  it("tells one intro from another, and any from none", () => {
    const [, intro, , credits] = film.chapters;
    if (!intro || !credits) throw new Error("The film lost its chapters");
    const skip = { kind: "skip", chapter: intro, label: "Skip intro" } as const;
    expect(isSame(skip, { ...skip })).toBe(true);
    expect(isSame(skip, { ...skip, chapter: credits })).toBe(false);
    expect(isSame(skip, undefined)).toBe(false);
    expect(isSame({ kind: "next" }, { kind: "next" })).toBe(true);
  });
});
