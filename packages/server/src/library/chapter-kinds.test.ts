import { describe, expect, it } from "vitest";
import { chapterKinds, creditsStart } from "./chapter-kinds.js";

const minute = 60_000;

type Part = readonly [title: string, seconds: number];

/** Chapters that follow each other; lengths in seconds. */
function chapters(...parts: readonly Part[]) {
  let at = 0;
  return parts.map(([title, seconds]) => {
    const startMs = at;
    at += seconds * 1000;
    return { title, startMs, endMs: at };
  });
}

const kinds = (...parts: readonly Part[]) => {
  const list = chapters(...parts);
  return chapterKinds(list, list.at(-1)?.endMs ?? 0);
};

/** What a chapter of 90 s is called, at the start and at the end of an episode of 24 minutes. */
const atStart = (title: string) => kinds([title, 90], ["The story", 1350])[0];
const atEnd = (title: string) => kinds(["The story", 1350], [title, 90])[1];

describe("chapterKinds", () => {
  it.each(["Intro", "Opening", "OP", "OP 2", "NCOP1", "Titles", "Opening Credits", "01 - Intro", "Chapter 1: Intro"])(
    "takes %s for an intro",
    (title) => expect(atStart(title)).toBe("intro"),
  );

  it.each(["Vorspann", "Générique", "Générique de début", "Cabecera", "Créditos iniciales", "オープニング"])(
    "takes %s for an intro, too",
    (title) => expect(atStart(title)).toBe("intro"),
  );

  it.each([
    ["Recap", "Previously on Lost", "Was bisher geschah", "Rückblick", "Précédemment", "Resumen", "Zenkai no arasuji"],
  ])("knows recaps", (...titles) => {
    for (const title of titles) expect([title, atStart(title)]).toEqual([title, "recap"]);
  });

  it.each([
    [
      "Credits",
      "End Credits",
      "ED",
      "Ending",
      "Outro",
      "Abspann",
      "Générique",
      "Générique de fin",
      "Títulos de crédito",
    ],
  ])("knows credits", (...titles) => {
    for (const title of titles) expect([title, atEnd(title)]).toEqual([title, "credits"]);
  });

  it("knows previews", () => {
    for (const title of ["Preview", "Next time on Tides", "Vorschau", "Prochain épisode", "Avance", "Jikai yokoku"]) {
      expect([title, atEnd(title)]).toEqual([title, "preview"]);
    }
  });

  it("takes the whole name, not a word of it", () => {
    for (const title of [
      "Introduction to physics",
      "Opening night",
      "The Intro Song Contest",
      "Op art",
      "Edge",
      "Ed",
    ]) {
      expect([title, atStart(title)]).toEqual([title, undefined]);
    }
    for (const title of ["Credits where due", "The Ending of the world", "Previewing the plan"]) {
      expect([title, atEnd(title)]).toEqual([title, undefined]);
    }
  });

  it("offers no skipping over what is too long to be what its name says", () => {
    expect(kinds(["Intro", 200], ["Story", 1200])[0]).toBeUndefined();
    expect(kinds(["Opening", 400], ["Story", 6000])[0]).toBeUndefined();
    expect(kinds(["Story", 6000], ["Ending", 500])[1]).toBeUndefined();
    expect(kinds(["Intro", 2], ["Story", 1200])[0]).toBeUndefined();
  });

  it("leaves a short cartoon its titles", () => {
    expect(kinds(["Intro", 75], ["Story", 500])[0]).toBe("intro");
  });

  it("minds the place: no credits at the start, no intro at the end", () => {
    expect(atStart("Credits")).toBeUndefined();
    expect(atEnd("Intro")).toBeUndefined();
    expect(kinds(["Cold open", 300], ["Intro", 60], ["Story", 1000])[1]).toBe("intro");
  });

  it("says nothing of a film of one chapter, or of no length", () => {
    expect(chapterKinds([{ title: "Intro", startMs: 0, endMs: 90_000 }], 30 * minute)).toEqual([undefined]);
    expect(chapterKinds(chapters(["Intro", 0], ["Credits", 0]), 0)).toEqual([undefined, undefined]);
  });
});

describe("creditsStart", () => {
  const of = (...parts: readonly Part[]) => {
    const list = chapters(...parts);
    const durationMs = list.at(-1)?.endMs ?? 0;
    const found = chapterKinds(list, durationMs);
    const named = list.map((chapter, i) => {
      const kind = found[i];
      return kind === undefined ? chapter : { ...chapter, kind };
    });
    return creditsStart(named, durationMs);
  };

  it("is where credits begin and the film does not come back", () => {
    expect(of(["Story", 1300], ["ED", 90], ["Preview", 30])).toBe(1_300_000);
  });

  it("is none where a scene follows the credits, or where there are none", () => {
    expect(of(["Story", 1200], ["ED", 90], ["Part C", 60])).toBeUndefined();
    expect(of(["Story", 1200], ["More", 90])).toBeUndefined();
  });
});
