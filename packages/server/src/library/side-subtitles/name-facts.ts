import { languageTag } from "@playhead/hls";

/** What a subtitle file's name tells of it. */
export interface NameFacts {
  readonly language: string | null;
  readonly title: string | null;
  readonly isDefault: boolean;
  readonly forced: boolean;
  readonly hearingImpaired: boolean;
}

const languageNames = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/** Codes whose names stand in file names: those of languages with subtitles about. */
const CODES =
  "af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko lt lv " +
  "mk ml mn mr ms my nb ne nl no pa pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur uz vi zh";

/** `english`, `deutsch`, `français` → code. */
const byName = new Map(
  CODES.split(" ").flatMap((code): [string, string][] => [
    [(languageNames.of(code) ?? code).toLowerCase(), code],
    [(new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code).toLowerCase(), code],
  ]),
);

const marks: Readonly<Record<string, "forced" | "hearingImpaired" | "isDefault">> = {
  forced: "forced",
  foreign: "forced",
  sdh: "hearingImpaired",
  cc: "hearingImpaired",
  hoh: "hearingImpaired",
  default: "isDefault",
};

/** Reads the part of a name that is not the film's: `en`, `de.forced`, `sdh`, `pt-BR.Commentary`. */
export function nameFacts(rest: string): NameFacts {
  let language: string | null = null;
  const marked = { forced: false, hearingImpaired: false, isDefault: false };
  const title: string[] = [];
  const tokens = rest.split(/[.\s_,()[\]{}+]+|-(?=\D)(?![A-Z]{2}\b|[A-Z][a-z]{3}\b)/).filter((token) => token !== "");
  for (const token of tokens) {
    const lower = token.toLowerCase();
    const mark = marks[lower];
    if (mark !== undefined) marked[mark] = true;
    // Hindi, unless the language is known already: then it stands for "hearing impaired".
    else if (lower === "hi" && language !== null) marked.hearingImpaired = true;
    else if (language === null && languageOf(token) !== null) language = languageOf(token);
    // Scene releases number the files of a folder.
    else if (!/^\d{1,2}$/.test(token)) title.push(token);
  }
  return { language, title: title.length === 0 ? null : title.join(" "), ...marked };
}

function languageOf(token: string): string | null {
  const named = byName.get(token.toLowerCase());
  if (named !== undefined) return named;
  if (!/^[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?$/.test(token)) return null;
  const tag = languageTag(token);
  return tag !== null && languageNames.of(tag) !== undefined ? tag : null;
}
