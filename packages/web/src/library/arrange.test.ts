import type { LibraryItem } from "@playhead/protocol";
import { describe, expect, it } from "vitest";
import { arrange, fullName, isUntitled, neighbours } from "./arrange.js";
import { episodeCode } from "./episode-code.js";

function item(title: string, more: Partial<LibraryItem> = {}): LibraryItem {
  return { id: title, title, path: `${title}.mkv`, durationMs: 6_000_000, status: "ready", ...more };
}

const titles = (items: readonly LibraryItem[]) => items.map((each) => each.title);

describe("arrange", () => {
  it("sorts titles as people do: numbers by value, case aside", () => {
    const { films } = arrange([item("part 10"), item("Part 9"), item("älter"), item("Zoo")], "", "title");
    expect(titles(films)).toEqual(["älter", "Part 9", "part 10", "Zoo"]);
  });

  it("puts the newest first when asked", () => {
    const { films } = arrange([item("A", { addedAt: 1 }), item("B", { addedAt: 2 })], "", "newest");
    expect(titles(films)).toEqual(["B", "A"]);
  });

  it("groups series by season and episode, and leaves them out of the films", () => {
    const episode = (season: number, number: number) =>
      item(`S${season}E${number}`, { series: "Tides", season, episode: number });
    const { films, series } = arrange([episode(2, 1), episode(1, 10), episode(1, 2), item("Film")], "", "title");
    expect(titles(films)).toEqual(["Film"]);
    expect(series).toHaveLength(1);
    expect(series[0]?.seasons.map((season) => [season.number, titles(season.episodes)])).toEqual([
      [1, ["S1E2", "S1E10"]],
      [2, ["S2E1"]],
    ]);
  });

  it("shows what can't be played apart, and never among the begun", () => {
    const { films, broken, begun } = arrange(
      [item("Bad", { status: "error", error: "truncated", positionMs: 60_000 }), item("Good", { positionMs: 60_000 })],
      "",
      "title",
    );
    expect(titles(films)).toEqual(["Good"]);
    expect(titles(broken)).toEqual(["Bad"]);
    expect(titles(begun)).toEqual(["Good"]);
  });

  it("finds by every word, in title, series and path, whatever the accents", () => {
    const all = [item("Amélie"), item("Pilot", { series: "Tides" }), item("Other", { path: "Ocean/Tides notes.mkv" })];
    expect(titles(arrange(all, "amelie", "title").films)).toEqual(["Amélie"]);
    expect(titles(arrange(all, "tides ocean", "title").films)).toEqual(["Other"]);
    expect(arrange(all, "tides", "title").series).toHaveLength(1);
  });

  it("finds an episode by its number, and letters that have no base letter", () => {
    const all = [item("Pilot", { series: "Smørrebrød", season: 1, episode: 2 })];
    expect(arrange(all, "s01e02 smorre", "title").series).toHaveLength(1);
    expect(arrange(all, "s01e03", "title").series).toHaveLength(0);
  });
});

describe("what to go on with", () => {
  const at = (share: number, watchedAt: number) => ({ positionMs: share * 6_000_000, watchedAt });
  const episode = (season: number, number: number, more: Partial<LibraryItem> = {}) =>
    item(`S${season}E${number}`, { series: "Tides", season, episode: number, ...more });
  const begun = (...items: readonly LibraryItem[]) => titles(arrange(items, "", "title").begun);

  it("is what was watched last, first", () => {
    expect(begun(item("A", at(0.5, 1)), item("B", at(0.5, 3)), item("C", at(0.5, 2)))).toEqual(["B", "C", "A"]);
  });

  it("is the episode after the last that was seen, across seasons, in its place among the others", () => {
    const series = [episode(1, 1, at(1, 1)), episode(1, 2, at(1, 4)), episode(2, 1)];
    expect(begun(...series, item("New", at(0.5, 5)), item("Old", at(0.5, 2)))).toEqual(["New", "S2E1", "Old"]);
  });

  it("is one episode of a series: the one that is on", () => {
    expect(begun(episode(1, 1, at(1, 1)), episode(1, 2, at(0.5, 2)), episode(1, 3, at(0.2, 1)))).toEqual(["S1E2"]);
  });

  it("counts an episode as seen from its credits on", () => {
    expect(begun(episode(1, 1, { ...at(0.9, 1), creditsMs: 5_400_000 }), episode(1, 2))).toEqual(["S1E2"]);
  });

  it("is nothing of a series that is over, or not begun", () => {
    expect(begun(episode(1, 1), episode(1, 2, at(1, 1)))).toEqual([]);
    expect(begun(episode(1, 1), episode(1, 2))).toEqual([]);
  });
});

describe("what was added lately", () => {
  it("is the newest first, the episodes that came together as one", () => {
    const day = 86_400_000;
    const { recent } = arrange(
      [
        item("Film", { addedAt: 100 * day }),
        item("E1", { series: "Tides", episode: 1, addedAt: 50 * day }),
        item("E2", { series: "Tides", episode: 2, addedAt: 101 * day }),
        item("E3", { series: "Tides", episode: 3, addedAt: 102 * day }),
      ],
      "",
      "title",
    );
    expect(recent.map(({ item, count }) => [item.title, count])).toEqual([
      ["E3", 2],
      ["Film", 1],
    ]);
  });
});

describe("neighbours", () => {
  const episode = (season: number, number: number) =>
    item(`S${season}E${number}`, { series: "Tides", season, episode: number });

  it("goes on across seasons", () => {
    const all = [episode(1, 1), episode(1, 2), episode(2, 1)];
    expect(neighbours(all, "S1E2").next?.title).toBe("S2E1");
    expect(neighbours(all, "S1E2").previous?.title).toBe("S1E1");
    expect(neighbours(all, "S2E1").next).toBeUndefined();
  });

  it("knows none for a film", () => {
    expect(neighbours([item("A"), item("B")], "A")).toEqual({});
  });
});

describe("episodeCode", () => {
  it("says what is known", () => {
    expect(episodeCode({ season: 1, episode: 2 })).toBe("S01E02");
    expect(episodeCode({ episode: 12 })).toBe("E12");
    expect(episodeCode({})).toBe("");
  });
});

describe("names", () => {
  it("calls an episode by its series and number, a film by its title", () => {
    expect(fullName({ title: "Pilot", series: "Show", season: 1, episode: 2 })).toBe("Show S01E02");
    expect(fullName({ title: "The Extra", series: "Show" })).toBe("Show");
    expect(fullName({ title: "Film" })).toBe("Film");
  });

  it("knows a title that only repeats the episode's number", () => {
    expect(isUntitled({ title: "Episode 3", episode: 3 })).toBe(true);
    expect(isUntitled({ title: "Episode 3", episode: 4 })).toBe(false);
    expect(isUntitled({ title: "Episode 3" })).toBe(false);
  });
});
