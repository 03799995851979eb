import type { MediaTrack } from "@playhead/protocol";
import { expect, it } from "vitest";
import { chooseSubtitles, firstSubtitles, type SubtitleCircumstances } from "./choose-subtitles.js";

const track = (index: number, language: string | undefined, over: Partial<MediaTrack> = {}): MediaTrack => ({
  kind: "subtitle",
  index,
  codec: "subrip",
  url: `/s${index}.vtt`,
  ...(language !== undefined && { language }),
  ...over,
});
const tracks = [
  track(2, "eng"),
  track(3, "en", { hearingImpaired: true }),
  track(4, "ger", { forced: true }),
  track(5, "de"),
  track(6, "eng", { forced: true }),
  { kind: "subtitle", index: 7, codec: "hdmv_pgs_subtitle", language: "fr" } as const,
];
const chosen = (over: Partial<SubtitleCircumstances>) =>
  chooseSubtitles(tracks, { wish: undefined, audioLanguage: "eng", languages: ["en-GB"], ...over })?.index;

it.each<[string, Partial<SubtitleCircumstances>, number | undefined]>([
  ["what a film forces for the language that is heard", {}, 6],
  ["the same in another language", { audioLanguage: "de", languages: ["de"] }, 4],
  ["a translation of foreign speech", { audioLanguage: "de" }, 2],
  ["none where the viewer reads neither", { audioLanguage: "ja", languages: ["fr"] }, undefined],
  ["the language of the last choice", { wish: { kind: "language", language: "de", hearingImpaired: false } }, 5],
  ["its version for the deaf", { wish: { kind: "language", language: "en", hearingImpaired: true } }, 3],
  [
    "the forced one where the last choice is not there",
    { wish: { kind: "language", language: "it", hearingImpaired: false } },
    6,
  ],
  ["only the forced one where the last choice was none", { wish: { kind: "off" }, audioLanguage: "de" }, 4],
  ["nothing where it is not known what is heard", { audioLanguage: undefined }, undefined],
])("shows %s", (_, circumstances, index) => {
  expect(chosen(circumstances)).toBe(index);
});

it("brings the viewer's language first when asked for any", () => {
  expect(firstSubtitles(tracks, ["fr", "de"])?.index).toBe(5);
  expect(firstSubtitles(tracks, ["it"])?.index).toBe(2);
  expect(firstSubtitles([], ["it"])).toBeUndefined();
});
