import type { LibraryItem } from "@playhead/protocol";
import { episodeCode } from "./episode-code.js";

/** Letters that are no base letter with a mark: Unicode takes them apart no further. */
const letters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ł: "l",
  ı: "i",
  þ: "th",
  ð: "d",
};

/** Every word must occur somewhere in title, series, episode, year or path; their order, case and accents do not matter. */
export function matching(query: string): (item: LibraryItem) => boolean {
  const words = plain(query).split(" ").filter(Boolean);
  if (words.length === 0) return () => true;
  return (item) => {
    const text = textOf(item);
    return words.every((word) => text.includes(word));
  };
}

/** An item is taken apart once, not at each key of the search. */
const texts = new WeakMap<LibraryItem, string>();

function textOf(item: LibraryItem): string {
  const known = texts.get(item);
  if (known !== undefined) return known;
  const text = plain([item.title, item.series, episodeCode(item), item.year, item.path].join(" "));
  texts.set(item, text);
  return text;
}

function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[ßæœøđłıþð]/g, (letter) => letters[letter] ?? letter)
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ");
}
