import { expect, it } from "vitest";
import { chaptersVtt } from "./chapters.js";

it("writes chapters as cues, with titles that can't break the format", () => {
  const vtt = chaptersVtt([
    { title: "One\n\n--> <b>", startMs: 0, endMs: 61_500 },
    { title: "", startMs: 61_500, endMs: 3_723_004 },
  ]);
  expect(vtt).toBe(
    "WEBVTT\n\n00:00:00.000 --> 00:01:01.500\nOne --&gt; &lt;b&gt;\n\n00:01:01.500 --> 01:02:03.004\nChapter\n",
  );
});

it("has nothing to say of a film in one piece, and leaves out chapters without length", () => {
  expect(chaptersVtt([{ title: "All", startMs: 0, endMs: 9 }])).toBeUndefined();
  expect(
    chaptersVtt([
      { title: "A", startMs: 5, endMs: 5 },
      { title: "B", startMs: 5, endMs: 9 },
    ]),
  ).not.toContain("A");
});
