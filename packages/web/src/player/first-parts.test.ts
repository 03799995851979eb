import { describe, expect, it } from "vitest";
import { firstParts } from "./first-parts.js";

const playlist = [
  "#EXTM3U",
  '#EXT-X-MAP:URI="init.mp4"',
  "#EXTINF:2.000000,",
  "0.m4s",
  "#EXTINF:4.000000,",
  "1.m4s",
  "#EXTINF:4.000000,",
  "2.m4s",
  "#EXT-X-ENDLIST",
  "",
].join("\n");

describe("firstParts", () => {
  it("names init and the segment of the place", () => {
    expect(firstParts(playlist, 0)).toEqual(["init.mp4", "0.m4s"]);
    expect(firstParts(playlist, 3)).toEqual(["init.mp4", "1.m4s"]);
    expect(firstParts(playlist, 6)).toEqual(["init.mp4", "2.m4s"]);
  });

  it("takes the next segment where one is nearly over, as hls.js does", () => {
    expect(firstParts(playlist, 1.9)).toEqual(["init.mp4", "1.m4s"]);
  });

  it("names the last segment beyond the end, and nothing where nothing is listed", () => {
    expect(firstParts(playlist, 99)).toEqual(["init.mp4", "2.m4s"]);
    expect(firstParts("#EXTM3U\n", 0)).toEqual([]);
  });
});
