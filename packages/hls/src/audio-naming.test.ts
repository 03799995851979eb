import { describe, expect, it } from "vitest";
import { audioNames, languageTag } from "./audio-naming.js";
import type { AudioStream } from "./media-info.js";

const stream = (over: Partial<AudioStream>): AudioStream => ({
  index: 1,
  codec: "aac",
  codecString: null,
  bitrateBps: null,
  startTimeMs: null,
  durationMs: null,
  language: null,
  title: null,
  isDefault: false,
  channels: 2,
  sampleRate: 48_000,
  profile: null,
  ...over,
});

describe("languageTag", () => {
  it.each([
    ["eng", "en"],
    ["ger", "de"],
    ["fre", "fr"],
    ["pt_BR", "pt-BR"],
    ["zh-hant", "zh-Hant"],
    ["und", null],
    ["not a language", null],
    ["", null],
    [null, null],
  ])("of %s is %s", (language, tag) => {
    expect(languageTag(language)).toBe(tag);
  });
});

describe("audioNames", () => {
  it("takes the title, else the language and layout, else a number", () => {
    const names = audioNames([
      stream({ title: "Director's cut" }),
      stream({ language: "jpn", channels: 6 }),
      stream({ language: "und" }),
    ]);
    expect(names).toEqual(["Director's cut", "Japanese (5.1)", "Audio 3"]);
  });

  it("never says the same twice", () => {
    const names = audioNames([stream({ title: "A (2)" }), stream({ title: "A" }), stream({ title: "A" })]);
    expect(names).toEqual(["A (2)", "A", "A (3)"]);
  });

  it("keeps a title to one line without quotes", () => {
    expect(audioNames([stream({ title: 'a "b"\n\tc\u2028d ' })])).toEqual(["a 'b' c d"]);
  });
});
