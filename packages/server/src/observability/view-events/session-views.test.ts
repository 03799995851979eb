import { describe, expect, it } from "vitest";
import { SessionViews, type SessionViewsOptions } from "./session-views.js";

const one = { appId: "default", viewId: "one" };
const two = { appId: "default", viewId: "two" };

function setUp(limits: SessionViewsOptions<string>["limits"] = {}) {
  const delivered: string[] = [];
  const views = new SessionViews<string>({
    deliver: ({ viewId }, events) => delivered.push(...events.map((event) => `${viewId}: ${event}`)),
    limits,
  });
  views.opened("s");
  return { views, delivered };
}

describe("events of an HLS session", () => {
  it("wait until a view names it, and then for its next words, or the session's end", () => {
    const { views, delivered } = setUp();
    views.tell("s", "start", 0);
    views.tell("s", "segment 0", 0);
    expect(views.stats()).toMatchObject({ waiting: 2 });
    views.heard("s", one);
    expect(delivered.splice(0)).toEqual(["one: start", "one: segment 0"]);
    views.tell("s", "segment 1", 0);
    views.tell("s", "segment 2", 0);
    expect(delivered).toEqual([]);
    views.heard("s", one);
    expect(delivered.splice(0)).toEqual(["one: segment 1", "one: segment 2"]);
    views.tell("s", "end", 0);
    views.ended("s", 0);
    expect(delivered.splice(0)).toEqual(["one: end"]);
    // A request that was still open when its viewer left.
    views.tell("s", "segment 3", 10);
    expect(delivered).toEqual(["one: segment 3"]);
    expect(views.stats()).toEqual({ waiting: 0, dropped: 0, unclaimed: 0 });
  });

  it("of a view that says nothing more are stored after a while", () => {
    const { views, delivered } = setUp();
    views.heard("s", one);
    views.tell("s", "segment 1", 1_000);
    views.tell("s", "segment 2", 5_000);
    views.sweep(15_999);
    expect(delivered).toEqual([]);
    views.sweep(16_000);
    expect(delivered).toEqual(["one: segment 1", "one: segment 2"]);
  });

  it("of a film that is played again go to the second view from the request on", () => {
    const { views, delivered } = setUp();
    views.heard("s", one);
    views.tell("s", "before", 0);
    views.asked("s", 1_000);
    expect(delivered.splice(0)).toEqual(["one: before"]);
    views.tell("s", "again", 0);
    // The first view's last words come late.
    views.heard("s", one);
    expect(delivered).toEqual([]);
    views.heard("s", two);
    views.tell("s", "more", 0);
    views.heard("s", one);
    expect(delivered).toEqual(["two: again", "two: more"]);
  });

  it("go to the view it has when none other comes", () => {
    const { views, delivered } = setUp();
    views.heard("s", one);
    views.asked("s", 1_000);
    views.tell("s", "again", 0);
    views.sweep(15_000);
    expect(delivered).toEqual([]);
    views.sweep(16_000);
    expect(delivered).toEqual(["one: again"]);
  });

  it("find their view after its end, for a while; then they are counted and forgotten", () => {
    const { views, delivered } = setUp();
    views.tell("s", "start", 0);
    views.ended("s", 1_000);
    views.sweep(60_999);
    views.heard("s", one);
    expect(delivered).toEqual(["one: start"]);
    views.opened("t");
    views.tell("t", "start", 0);
    views.ended("t", 1_000);
    views.sweep(61_000);
    views.heard("t", two);
    expect(delivered).toHaveLength(1);
    expect(views.stats()).toEqual({ waiting: 0, dropped: 0, unclaimed: 1 });
  });

  it("are bounded, of one session and of all, and the first ones are kept", () => {
    const { views, delivered } = setUp({ waitingOfOne: 2, waitingOfAll: 3, sessions: 2 });
    for (const event of ["a", "b", "c"]) views.tell("s", event, 0);
    views.opened("t");
    for (const event of ["d", "e"]) views.tell("t", event, 0);
    expect(views.stats()).toEqual({ waiting: 3, dropped: 2, unclaimed: 0 });
    views.opened("u");
    expect(views.stats()).toEqual({ waiting: 1, dropped: 2, unclaimed: 2 });
    views.heard("s", one);
    views.heard("t", two);
    expect(delivered).toEqual(["two: d"]);
  });

  it("are bounded in time: many at once, few a second for long", () => {
    const { views, delivered } = setUp({ burst: 3, perSecond: 2 });
    views.heard("s", one);
    for (let at = 1_000; at < 1_005; at++) views.tell("s", `${at}`, at);
    views.heard("s", one);
    expect(delivered).toEqual(["one: 1000", "one: 1001", "one: 1002"]);
    views.tell("s", "later", 1_600);
    views.tell("s", "at once", 1_600);
    views.heard("s", one);
    expect(delivered.slice(3)).toEqual(["one: later"]);
    expect(views.stats()).toMatchObject({ dropped: 3 });
  });

  it("that nobody opened here belong to nobody", () => {
    const { views, delivered } = setUp();
    views.tell("other", "segment 0", 0);
    views.heard("other", one);
    expect(delivered).toEqual([]);
    expect(views.stats()).toMatchObject({ dropped: 1 });
  });
});
