import { describe, expect, it } from "vitest";
import { decodeText } from "./charset.js";
import { nameFacts } from "./name-facts.js";
import { assignSideFiles, filmFolderOf } from "./side-files.js";

const file = (path: string) => ({ path, sizeBytes: 10, mtimeMs: 5 });

describe("the rest of a subtitle file's name", () => {
  it.each([
    ["", [null, null, false, false]],
    [".en", ["en", null, false, false]],
    [".eng", ["en", null, false, false]],
    [".German", ["de", null, false, false]],
    [".français", ["fr", null, false, false]],
    [".pt-BR", ["pt-BR", null, false, false]],
    [".zh-Hant", ["zh-Hant", null, false, false]],
    [".de.forced", ["de", null, true, false]],
    [".forced.de", ["de", null, true, false]],
    [".sdh", [null, null, false, true]],
    [".en.cc", ["en", null, false, true]],
    [".en.hi", ["en", null, false, true]],
    [".hi", ["hi", null, false, false]],
    [".en.Director's Commentary", ["en", "Director's Commentary", false, false]],
    ["2_English", ["en", null, false, false]],
    [" (English) [SDH]", ["en", null, false, true]],
  ])("%s", (rest, facts) => {
    const { language, title, forced, hearingImpaired } = nameFacts(rest);
    expect([language, title, forced, hearingImpaired]).toEqual(facts);
  });
});

describe("a subtitle file", () => {
  const owners = (films: readonly string[], ...files: readonly string[]) =>
    Object.fromEntries(
      [...assignSideFiles(films, files.map(file))].map(([film, found]) => [film, found.map(({ path }) => path)]),
    );

  it("belongs to the film whose name it begins with, the longest first", () => {
    expect(owners(["A/Film.mkv", "A/Film.2.mkv"], "A/Film.srt", "A/film.2.en.srt", "A/Filmed.srt")).toEqual({
      "A/Film.mkv": ["A/Film.srt"],
      "A/Film.2.mkv": ["A/film.2.en.srt"],
    });
  });

  it("belongs under any name to a film that is alone", () => {
    const [found] = [...assignSideFiles(["Film.mkv"], [file("Some.Other.Title.2019.pl.forced.srt")]).values()];
    expect(found).toMatchObject([{ language: "pl", forced: true, title: null }]);
    expect(owners(["A/One.mkv", "A/Two.mkv"], "A/other.srt")).toEqual({ "A/One.mkv": [], "A/Two.mkv": [] });
  });

  it("may lie in a folder for subtitles, and in one of its film's name there", () => {
    expect(filmFolderOf("Show/Subs/E1.en.srt")).toBe("Show");
    expect(filmFolderOf("Show/subtitles/E1/2_English.srt")).toBe("Show");
    expect(filmFolderOf("Subs/E1.srt")).toBe("");
    expect(filmFolderOf("Show/E1.srt")).toBe("Show");
    expect(owners(["Show/E1.mkv", "Show/E2.mkv"], "Show/Subs/E2/2_English.srt")["Show/E2.mkv"]).toHaveLength(1);
  });

  it("keeps its id and changes its version when it is changed", () => {
    const [before] = [...assignSideFiles(["F.mkv"], [file("F.srt")]).values()].flat();
    const [after] = [...assignSideFiles(["F.mkv"], [{ ...file("F.srt"), mtimeMs: 6 }]).values()].flat();
    expect(after?.id).toBe(before?.id);
    expect(after?.version).not.toBe(before?.version);
  });
});

describe("text is decoded", () => {
  const srt = (text: string) => `1\r\n00:00:01,000 --> 00:00:02,000\r\n${text}\r\n`;
  const wide = (text: string) => Buffer.from(text, "utf16le");

  it("from UTF-8 and UTF-16, with and without a byte order mark", () => {
    const text = srt("Grüße, 映画");
    expect(decodeText(Buffer.from(text), null)).toBe(text);
    expect(decodeText(Buffer.from(`\uFEFF${text}`), null)).toBe(text);
    for (const mark of ["\uFEFF", ""]) {
      expect(decodeText(wide(mark + text), null)).toBe(text);
      expect(decodeText(wide(mark + text).swap16(), null)).toBe(text);
    }
  });

  it.each([
    [null, [0x47, 0x72, 0xfc, 0xdf, 0x65], "Grüße"],
    ["fr", [0x9c, 0x75, 0x76, 0x72, 0x65], "œuvre"],
    ["pl", [0xbf, 0xf3, 0xb3, 0x77], "żółw"],
    ["ru", [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2], "Привет"],
    [null, [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2], "Привет"],
    ["el", [0xc3, 0xe5, 0xe9, 0xdc], "Γειά"],
    ["tr", [0xfe, 0xdd], "şİ"],
    ["ja", [0x89, 0x66, 0x89, 0xe6], "映画"],
  ])("from the code page of %s", (language, bytes, text) => {
    expect(decodeText(Uint8Array.from(bytes), language)).toBe(text);
  });
});
