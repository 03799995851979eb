import { describe, expect, it } from "vitest";
import { cueReader, readCues } from "./cue-reader.js";
import { vttCues, vttTime } from "./write-vtt.js";

const lines = (...each: readonly string[]) => each.join("\n");

describe("SubRip", () => {
  const cue = (text: string) => readCues("srt", `1\n00:00:01,234 --> 00:00:02,500\n${text}\n`)[0];

  it("keeps times to the ms, and lines", () => {
    expect(
      readCues("srt", "1\r\n01:02:03,004 --> 01:02:05,678\r\nOne\r\nTwo\r\n\r\n2\r\n1:02:06.5 --> 1:02:07,25\r\nThree"),
    ).toEqual([
      { startMs: 3_723_004, endMs: 3_725_678, text: "One\nTwo", settings: "" },
      { startMs: 3_726_500, endMs: 3_727_250, text: "Three", settings: "" },
    ]);
  });

  it.each([
    ["<i>slant</i> and <b>weight</b>", "<i>slant</i> and <b>weight</b>"],
    ["<b><i>both</i></b>", "<b><i>both</i></b>"],
    ["<i>never closed", "<i>never closed</i>"],
    ["<i>One</i>\n<i>Two</i>", "<i>One</i>\n<i>Two</i>"],
    ['<font color="#ff0000">red</font> plain', "<c.red>red</c> plain"],
    ['<font face="Arial">plain</font>', "plain"],
    ["<font color=yellow>a<u>b</u></font>", "<c.yellow>a</c><c.yellow><u>b</u></c>"],
    ["Fish & chips < 3 <3 --> <you>", "Fish &amp; chips &lt; 3 &lt;3 --&gt; &lt;you&gt;"],
    ["Fish &amp; chips&nbsp;&#8364;", "Fish &amp; chips\u00A0€"],
    ["{\\i1}old{\\i0} way", "<i>old</i> way"],
    ["- One<br />- Two", "- One\n- Two"],
  ])("%s", (source, text) => {
    expect(cue(source)?.text).toBe(text);
  });

  it("puts aside what has nothing to read or no time", () => {
    expect(
      readCues("srt", "1\n00:00:01,000 --> 00:00:02,000\n<i> </i>\n\n2\n00:00:05,000 --> 00:00:05,000\nNever\n"),
    ).toEqual([]);
  });

  it("keeps text behind an empty line, for players show it", () => {
    expect(
      readCues("srt", "1\n00:00:01,000 --> 00:00:02,000\nOne\n\nTwo\n\n2\n00:00:03,000 --> 00:00:04,000\n2001\n").map(
        ({ text }) => text,
      ),
    ).toEqual(["One\nTwo", "2001"]);
  });

  it("lifts a cue that wants to be above", () => {
    expect(cue("{\\an8}Above")).toMatchObject({ text: "Above", settings: "line:0" });
    expect(cue("{\\a6}Above")).toMatchObject({ text: "Above", settings: "line:0" });
  });

  it("gives the same in pieces as in one, however they are cut", () => {
    const text =
      "\uFEFF1\r\n00:00:01,000 --> 00:00:02,000\r\nOne\r\nTwo\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nThree";
    const reader = cueReader("srt");
    const cues = text.split("").flatMap((char) => reader.push(char));
    expect([...cues, ...reader.flush()]).toEqual(readCues("srt", text));
  });

  it("gives a cue that may go on when it is told that no more is there yet, but never half a line", () => {
    const reader = cueReader("srt");
    expect(reader.push("1\n00:00:01,000 --> 00:00:02,000\nOn")).toEqual([]);
    expect(reader.settle()).toEqual([]);
    expect(reader.push("e\n\n")).toEqual([]);
    expect(reader.settle().map(({ text }) => text)).toEqual(["One"]);
    expect(reader.push("2\n00:00:03,000 --> 00:00:04,000\nTwo\n\n")).toEqual([]);
    expect(reader.settle().map(({ text }) => text)).toEqual(["Two"]);
    expect(reader.flush()).toEqual([]);
  });
});

const script = (...events: readonly string[]) =>
  lines(
    "[Script Info]",
    "; a comment: ignored",
    "PlayResX: 640",
    "PlayResY: 480",
    "",
    "[V4+ Styles]",
    "Format: Name, Fontname, Fontsize, PrimaryColour, Bold, Italic, Underline, Alignment",
    "Style: Default,Arial,20,&H00FFFFFF,0,0,0,2",
    "Style: Thought,Arial,20,&H0000FFFF,0,-1,0,8",
    "",
    "[Events]",
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    ...events,
  );
const said = (text: string, style = "Default") => `Dialogue: 0,0:00:01.20,0:00:02.50,${style},,0,0,0,,${text}`;
const ass = (text: string, style?: string) => readCues("ass", script(said(text, style)))[0];

describe("ASS", () => {
  it("keeps times, line breaks and commas", () => {
    expect(
      readCues("ass", script("Dialogue: 0,1:02:03.45,1:02:05.00,Default,,0,0,0,,One, two\\Nthree\\nfour\\hfive")),
    ).toEqual([{ startMs: 3_723_450, endMs: 3_725_000, text: "One, two\nthree\nfour\u00A0five", settings: "" }]);
  });

  it.each([
    ["{\\i1}slant{\\i0} {\\b700}weight{\\b0} {\\u1}line", "<i>slant</i> <b>weight</b> <u>line</u>"],
    ["{\\c&H0000FF&}red{\\c} white", "<c.red>red</c> white"],
    ["{\\1c&H00FF00&}green{\\r} white", "<c.lime>green</c> white"],
    ["{\\rThought}other{\\r} own", "<c.yellow><i>other</i></c> own"],
    ["{\\k20}ka{\\kf30}ra{\\ko10}oke", "karaoke"],
    ["{\\p1}m 0 0 l 100 0 100 100{\\p0}Text", "Text"],
    ["{\\bord2\\blur3\\be1\\fad(200,200)\\t(0,500,\\fscx120)}Text", "Text"],
    ["{an ordinary comment}Text & <x>", "Text &amp; &lt;x&gt;"],
    ["One\\N\\NTwo\\N", "One\nTwo"],
  ])("%s", (source, text) => {
    expect(ass(source)?.text).toBe(text);
  });

  it("gives a line the style that it names", () => {
    expect(ass("Hm.", "Thought")).toMatchObject({ text: "<c.yellow><i>Hm.</i></c>", settings: "line:0" });
    expect(ass("{\\an2\\i0}Hm.", "Thought")).toMatchObject({ text: "<c.yellow>Hm.</c>", settings: "" });
  });

  it.each([
    ["{\\an7}", "line:0 position:5% align:start"],
    ["{\\an5}", "line:47%"],
    ["{\\an3}", "position:95% align:end"],
    ["{\\pos(320,48)}", "line:4% position:50% align:center"],
    ["{\\an7\\pos(64,240)}", "line:50% position:10% align:start"],
    ["{\\move(0,480,640,480)}", "line:94% position:0% align:center"],
  ])("puts %s where it belongs", (override, settings) => {
    expect(ass(`${override}Sign`)?.settings).toBe(settings);
  });

  it("shows no drawing, no comment and no template line", () => {
    expect(readCues("ass", script(said("{\\p1}m 0 0 l 9 9"), said("Real").replace("Dialogue", "Comment")))).toEqual([]);
  });

  it("reads the older SubStation Alpha", () => {
    const text = lines(
      "[Script Info]",
      "ScriptType: v4.00",
      "[V4 Styles]",
      "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, TertiaryColour, BackColour, Bold, Italic, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, AlphaLevel, Encoding",
      "Style: Top,Arial,18,65535,0,0,0,-1,0,1,1,0,6,10,10,10,0,0",
      "[Events]",
      "Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
      "Dialogue: Marked=0,0:00:01.00,0:00:02.00,*Top,,0,0,0,,Hello, you",
    );
    expect(readCues("ass", text)).toEqual([
      { startMs: 1000, endMs: 2000, text: "<c.yellow><b>Hello, you</b></c>", settings: "line:0" },
    ]);
  });
});

describe("WebVTT", () => {
  it("keeps text and settings, and leaves out what is no cue", () => {
    const text = lines(
      "WEBVTT - a title",
      "",
      "STYLE",
      "::cue { color: red }",
      "",
      "NOTE a note",
      "of two lines",
      "",
      "intro",
      "00:01.500 --> 00:03.000 line:10% region:fred align:start",
      "<v Ann><i>Hi</i> &amp; bye",
      "second",
      "",
      "10:00:00.000 --> 10:00:01.000",
      "late",
    );
    expect(readCues("vtt", text)).toEqual([
      { startMs: 1500, endMs: 3000, text: "<v Ann><i>Hi</i> &amp; bye\nsecond", settings: "line:10% align:start" },
      { startMs: 36_000_000, endMs: 36_001_000, text: "late", settings: "" },
    ]);
  });

  it("is written so that it is read as the same", () => {
    const cues = readCues("ass", script(said("{\\an8}One\\N{\\i1}Two & <3"), said("Three")));
    expect(readCues("vtt", `WEBVTT\n${vttCues(cues)}`)).toEqual(cues);
    expect(vttTime(36_061_007)).toBe("10:01:01.007");
  });
});

it("puts the cues of a file that is not sorted in order", () => {
  const text = "2\n00:00:05,000 --> 00:00:06,000\nLater\n\n1\n00:00:01,000 --> 00:00:02,000\nSooner\n";
  expect(readCues("srt", text).map((cue) => cue.text)).toEqual(["Sooner", "Later"]);
});
