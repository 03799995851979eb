import type { ViewRow } from "@playhead/protocol";
import { expect, it } from "vitest";
import { findViews, inOrder, orders } from "./find-views.js";

const names = {
  film: (id: string | null) => (id === "m1" ? "The Third Man" : "Unnamed"),
  viewer: (id: string | null) => id ?? "",
};
const none = { exit: "left", state: "ended" };
// What is not told here is not read.
const row = (part: Partial<ViewRow>) => ({ ...none, ...part }) as ViewRow;

it("finds views by all words, in whatever is known of them", () => {
  const views = [
    row({ viewId: "a", mediaId: "m1", browser: "Firefox" }),
    row({ viewId: "b", mediaId: "m1", browser: "Chrome" }),
  ];
  const found = (text: string) => findViews(views, text, names).map(({ viewId }) => viewId);
  expect(found("")).toEqual(["a", "b"]);
  expect(found("third FIRE")).toEqual(["a"]);
  expect(found("third opera")).toEqual([]);
});

it("puts what has no value last", () => {
  const views = [
    row({ viewId: "a", startupMs: null }),
    row({ viewId: "b", startupMs: 5 }),
    row({ viewId: "c", startupMs: 9 }),
  ];
  const slowest = orders.find(({ id }) => id === "startup") ?? orders[0];
  expect(inOrder(views, slowest).map(({ viewId }) => viewId)).toEqual(["c", "b", "a"]);
});
