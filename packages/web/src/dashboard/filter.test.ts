import { describe, expect, it } from "vitest";
import { type Filter, readFilters, withFilter, withoutFilter, writeFilters } from "./filter.js";

describe("filters", () => {
  it("are written as the server reads them", () => {
    const filters: Filter[] = [
      { dimension: "browser", value: "Firefox" },
      { dimension: "codec", value: "avc1.640028,mp4a.40.2" },
    ];
    expect(writeFilters(filters)).toBe(String.raw`browser:eq:Firefox,codec:eq:avc1.640028\,mp4a.40.2`);
  });

  it("come back as they went, whatever is in them", () => {
    const filters: Filter[] = [
      { dimension: "mediaId", value: String.raw`a\b,c|d:eq:e` },
      { dimension: "viewerId", value: "çà 日本" },
    ];
    expect(readFilters(writeFilters(filters))).toEqual(filters);
  });

  it("of another making are left out", () => {
    expect(readFilters("")).toEqual([]);
    expect(readFilters("colour:eq:red,os:ne:Linux,os:eq:Linux,junk")).toEqual([{ dimension: "os", value: "Linux" }]);
  });

  it("hold one value for each dimension", () => {
    const both = withFilter([{ dimension: "os", value: "Linux" }], { dimension: "exit", value: "left" });
    expect(withFilter(both, { dimension: "os", value: "macOS" })).toEqual([
      { dimension: "exit", value: "left" },
      { dimension: "os", value: "macOS" },
    ]);
    expect(withoutFilter(both, "os")).toEqual([{ dimension: "exit", value: "left" }]);
  });
});
