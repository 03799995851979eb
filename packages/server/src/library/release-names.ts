/** Words that describe a release and never a story: the name ends where one of them stands. */
const releaseWord = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    "\\d{3,4}x\\d{3,4}",
    "(?:480|540|576|720|1080|1440|2160|4320)[pi]\\d{0,3}",
    "4K|UHD|HDR10\\+?|HDR|SDR|DoVi|Dolby[ ]?Vision",
    "[xh][ .]?26[45]|HEVC|AV1|VP9|XviD|DivX|MPEG-?[24]|10[ -]?bits?|8[ -]?bits?|Hi10P?",
    "Blu-?Ray|BD-?Rip|BR-?Rip|BDRemux|Remux|WEB-?DL|WEB-?Rip|HD-?TV|PDTV|DVD-?Rip|DVDScr|HD-?Rip|HDCAM|TELESYNC",
    "AAC\\d?|AC-?3|E-?AC-?3|DD[P+]?[257][ .][01]|DTS(?:-?HD)?|TrueHD|Atmos|FLAC",
    "PROPER|REPACK|RERIP|INTERNAL",
  ].join("|")})(?![\\p{L}\\p{N}])`,
  "iu",
);
/** Words that may belong to a title: dropped only in front of one of those, and in capitals. */
const weakWord =
  /(?:^|\s)(?:WEB|DVD|BD|TV|NF|AMZN|DSNP|HMAX|ATVP|DUAL|MULTI|GERMAN|FRENCH|ENGLISH|COMPLETE|UNCUT|LIMITED)$/;

/** Dots and underscores that stand for spaces become spaces; acronyms (`S.W.A.T.`) keep their dots. */
export function cleanName(name: string): string {
  const spaced = /\s/.test(name.trim()) ? name.replaceAll("_", " ") : withSpaces(name);
  return spaced.replaceAll(/\s+/g, " ").trim();
}

function withSpaces(name: string): string {
  return name
    .replaceAll(/(?<![\p{L}\p{N}])(?:\p{Lu}\.){2,}/gu, (acronym) => `${acronym.replaceAll(".", "\u0000")} `)
    .replaceAll(/[._]/g, " ")
    .replaceAll("\u0000", ".");
}

/**
 * Cuts a name where the words about its release begin.
 * @param mayVanish whether nothing may be left: an episode needs no name, a film does.
 */
export function withoutReleaseWords(name: string, { mayVanish }: { readonly mayVanish: boolean }): string {
  const match = releaseWord.exec(name);
  let kept = name;
  if (match && (mayVanish || match.index > 0)) {
    kept = name.slice(0, match.index).trimEnd();
    while (weakWord.test(kept)) kept = kept.replace(weakWord, "");
  }
  const trimmed = trim(kept);
  return trimmed === "" && !mayVanish ? trim(name) : trimmed;
}

/** Brackets that were cut open or hold nothing of the title, and separators at either end. */
function trim(name: string): string {
  return name
    .replaceAll(/\[[^\]]*\]|\(\s*\)|\{[^}]*\}/g, " ")
    .replace(/[([{][^)\]}]*$/, "")
    .replaceAll(/\s+/g, " ")
    .replace(/^[\s\-–—_.,:~]+/, "")
    .replace(/[\s\-–—_,:~]+$/, "")
    .replace(/(?<!\.\p{Lu}|\b\p{Lu}\p{Ll}{0,2})\.+$/u, "");
}

const EARLIEST = 1888;
const latest = () => new Date().getFullYear() + 2;

/** The year in brackets, else the last bare one that has a name before it (`2001 A Space Odyssey 1968`). */
export function yearIn(name: string): { readonly year: number; readonly at: number } | null {
  const plausible = (match: RegExpMatchArray) => {
    const year = Number(match[1]);
    return year >= EARLIEST && year <= latest() ? { year, at: match.index ?? 0 } : null;
  };
  for (const match of name.matchAll(/[([{](\d{4})[)\]}]/g)) {
    const found = plausible(match);
    if (found !== null && found.at > 0) return found;
  }
  const junk = releaseWord.exec(name)?.index ?? name.length;
  const bare = [...name.slice(0, junk).matchAll(/(?<=\s)(\d{4})(?=\s|$)/g)];
  for (const match of bare.toReversed()) {
    const found = plausible(match);
    if (found !== null) return found;
  }
  return null;
}
