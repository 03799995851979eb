import { expect, it } from "vitest";
import { mediaIdOf } from "./media-id.js";

it("gives a path the same id each time, and another path another", () => {
  expect(mediaIdOf("Show/S01E01.mkv")).toBe(mediaIdOf("Show/S01E01.mkv"));
  expect(mediaIdOf("Show/S01E01.mkv")).not.toBe(mediaIdOf("Show/S01E02.mkv"));
});

it("is a UUID of version 5, for names with newlines and Unicode too", () => {
  for (const path of ["a.mkv", "映画\nsecond line.mkv"]) {
    expect(mediaIdOf(path)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
