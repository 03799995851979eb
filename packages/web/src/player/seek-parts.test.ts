import { expect, it } from "vitest";
import { type Renditions, seekParts } from "./seek-parts.js";

const fragments = (rendition: string) =>
  [2, 4, 6].map((end, i) => ({ start: end - 2, end, url: `http://h/api/v1/hls/id/${rendition}/${i}.m4s` }));
const listed = (rendition: string) => ({
  uri: `http://h/api/v1/hls/id/${rendition}/index.m3u8`,
  details: { fragments: fragments(rendition) },
});
const hls: Renditions = {
  loadLevel: 0,
  audioTrack: 1,
  levels: [listed("v0-copy"), listed("v0-h264-480")],
  audioTracks: [listed("a1-copy"), listed("a2-copy")],
};
const rung = { lines: 1080, width: 1920, height: 1080, bitrateBps: 5e6 };
const rungs = [
  { ...rung, rendition: "v0-copy", original: true },
  { ...rung, rendition: "v0-h264-480", original: false },
];
const copied = { delivery: "copy", rungs } as const;
const names = (urls: readonly string[]) => urls.map((url) => url.split("/").slice(-2).join("/"));

it("names the segments of picture and chosen sound at the place", () => {
  expect(names(seekParts(hls, copied, 3))).toEqual(["v0-copy/1.m4s", "a2-copy/1.m4s"]);
});

it("takes the next segment where one is nearly over, as hls.js does", () => {
  expect(names(seekParts(hls, copied, 3.99))).toEqual(["v0-copy/2.m4s", "a2-copy/2.m4s"]);
});

it("names nothing that an encoder would have to make", () => {
  expect(seekParts(hls, { ...copied, delivery: "transcode" }, 3)).toEqual([]);
  expect(seekParts({ ...hls, loadLevel: 1 }, copied, 3)).toEqual([]);
});

it("names nothing of a film whose segments are too large to be kept for nothing", () => {
  const heavy = rungs.map((each) => ({ ...each, bitrateBps: 80e6 }));
  expect(seekParts(hls, { ...copied, rungs: heavy }, 3)).toEqual([]);
});

it("names what is known: a muxed film has no sound of its own, a playlist may be on its way, a film ends", () => {
  expect(names(seekParts({ ...hls, audioTracks: [] }, copied, 3))).toEqual(["v0-copy/1.m4s"]);
  expect(seekParts({ ...hls, levels: [{ uri: listed("v0-copy").uri }], audioTracks: [] }, copied, 3)).toEqual([]);
  expect(seekParts(hls, copied, 99)).toEqual([]);
});
