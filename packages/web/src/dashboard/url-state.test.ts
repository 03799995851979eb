import { describe, expect, it } from "vitest";
import {
  apiQuery,
  apiQueryBefore,
  type DashboardState,
  intervalOf,
  mergeState,
  readState,
  writeState,
} from "./url-state.js";

const state: DashboardState = {
  range: { kind: "between", from: 1_000, to: 5_000, span: "7d" },
  filters: [{ dimension: "codec", value: "avc1.640028,mp4a.40.2" }],
  compare: false,
  metric: "startup",
  by: { what: "codec", how: "playerName", where: "os", end: "errorCode" },
};

describe("the dashboard's state in the address", () => {
  it("comes back as it went", () => {
    expect(readState(`?${writeState(state)}`)).toEqual(state);
  });

  it("leaves what a page keeps beside it", () => {
    const merged = mergeState("?sort=startupMs&range=90d&filter=os:eq:iOS", { ...readState(""), compare: false });
    expect(merged.toString()).toBe("sort=startupMs&compare=off");
  });

  it("is empty for what is shown unasked", () => {
    expect(writeState(readState("")).toString()).toBe("");
  });

  it("falls back where an address makes no sense", () => {
    const odd = readState("?range=2y&from=9&to=3&metric=mood&what=browser&filter=colour:eq:red");
    expect(odd).toEqual(readState(""));
  });
});

describe("the question to the server", () => {
  it("moves with the clock for a span up to now", () => {
    expect(apiQuery(readState("?range=7d")).toString()).toBe("from=-7d");
  });

  it("names both ends of a stretch that was zoomed into, and the filters", () => {
    const query = apiQuery(state);
    expect([query.get("from"), query.get("to")]).toEqual(["1000", "5000"]);
    expect(query.get("filter")).toBe(String.raw`codec:eq:avc1.640028\,mp4a.40.2`);
  });

  it("can be put about the stretch of the same length before", () => {
    const before = (query: string, now: number) => {
      const asked = apiQueryBefore(readState(query), now);
      return [asked.get("from"), asked.get("to")];
    };
    expect(before("?range=1h", 10_000_000)).toEqual(["2800000", "6400000"]);
    expect(before("?from=5000&to=8000", 1)).toEqual(["2000", "5000"]);
    expect(before("?from=5000&to=80000", 1)).toEqual(["0", "5000"]);
  });

  it("asks for intervals that suit the range", () => {
    expect(intervalOf({ kind: "span", span: "24h" })).toBe("30m");
    expect(intervalOf({ kind: "between", from: 0, to: 1_800_000, span: "24h" })).toBeUndefined();
  });
});
