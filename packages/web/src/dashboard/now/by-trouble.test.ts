import type { ViewRow } from "@playhead/protocol";
import { expect, it } from "vitest";
import { byTrouble, countStates, inPlace } from "./by-trouble.js";

const view = (viewId: string, state: string, rebufferMs = 0, startedAt = 0) =>
  // What the order looks at; a whole row has some fifty fields.
  ({ viewId, state, rebufferMs, startedAt }) as ViewRow;
const ids = (views: readonly ViewRow[]) => views.map(({ viewId }) => viewId);

it("puts what is in trouble first, and among equals what stalled longest, then what began last", () => {
  const views = [
    view("paused", "paused"),
    view("old", "playing", 0, 1),
    view("new", "playing", 0, 2),
    view("rough", "playing", 900, 0),
    view("stalled", "rebuffering"),
    view("odd", "something new"),
    view("starting", "waiting_start"),
  ];
  expect(ids(byTrouble(views))).toEqual(["stalled", "starting", "rough", "new", "old", "paused", "odd"]);
});

it("leaves rows where they are, drops what is gone and adds what is new", () => {
  const views = [view("new", "rebuffering"), view("b", "playing"), view("a", "playing")];
  expect(ids(inPlace(views, ["a", "gone", "b"]))).toEqual(["a", "b", "new"]);
});

it("counts states, whatever is not known among those that do not play", () => {
  const views = ["playing", "playing", "rebuffering", "waiting_start", "seeking", "paused", "silent", "?"];
  expect(countStates(views.map((state, i) => view(String(i), state)))).toEqual({
    playing: 2,
    stalled: 1,
    starting: 1,
    seeking: 1,
    paused: 3,
  });
});
