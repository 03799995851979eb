import { expect, it } from "vitest";
import { pendingItem } from "./media-record.js";
import { changesSince } from "./scan.js";

const file = (path: string, sizeBytes = 1, mtimeMs = 1) => ({ path, sizeBytes, mtimeMs });
const known = (path: string) => ({ ...pendingItem("/media", file(path), path, 0), status: "ready" as const });
const never = () => false;

it("examines what is new, changed in size or time, or was left unfinished", () => {
  const items = [
    known("same"),
    known("bigger"),
    known("newer"),
    { ...known("unfinished"), status: "pending" as const },
  ];
  const files = [file("same"), file("bigger", 2), file("newer", 1, 2), file("unfinished"), file("new")];
  const { examine, gone } = changesSince(items, { files, unread: [] }, never);
  expect(examine.map(({ path }) => path)).toEqual(["bigger", "newer", "unfinished", "new"]);
  expect(gone).toEqual([]);
});

it("takes nothing for gone that lies in a folder that could not be read", () => {
  const items = [known("a/film.mkv"), known("ab/film.mkv"), known("b.mkv")];
  const { gone } = changesSince(items, { files: [], unread: ["a"] }, never);
  expect(gone.map(({ path }) => path)).toEqual(["ab/film.mkv", "b.mkv"]);
  expect(changesSince(items, { files: [], unread: [""] }, never).gone).toEqual([]);
});
