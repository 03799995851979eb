import { cleanName, withoutReleaseWords, yearIn } from "./release-names.js";

/** What a file's place and name tell about it. */
export interface Title {
  /** The film's title; an episode's own name, or `Episode 2` where it has none. */
  readonly title: string;
  readonly series: string | null;
  readonly season: number | null;
  readonly episode: number | null;
  readonly year: number | null;
}

/** Where an episode's number stands in a name, strictest first. */
const episodeMarks: readonly RegExp[] = [
  /(?<![\p{L}\p{N}])S(?<season>\d{1,4})[ ._-]{0,3}E[Pp]?(?<episode>\d{1,4})(?:[ ._-]{0,3}-?E\d{1,4})*(?!\p{N})/iu,
  /(?<![\p{L}\p{N}])(?<season>\d{1,2})x(?<episode>\d{2,3})(?:-(?:\d{1,2}x)?\d{2,3})*(?![\p{L}\p{N}])/iu,
  /(?<![\p{L}\p{N}])Season[ ._]?(?<season>\d{1,4})[ ._,-]{1,3}Episode[ ._]?(?<episode>\d{1,4})(?!\p{N})/iu,
];
/** Marks that only mean an episode inside a season's folder, or behind a group's tag in brackets. */
const episodeMarksInSeason: readonly RegExp[] = [
  /^(?:Episode|Ep|E|Folge|Teil)[ ._-]?(?<episode>\d{1,4})(?!\p{N})/iu,
  /(?<![\p{L}\p{N}])(?:Episode|Ep|E|Folge)[ ._-]?(?<episode>\d{1,4})(?!\p{N})/iu,
  /[\s_.]-[\s_.](?<episode>\d{1,4})(?:v\d)?(?=$|[\s_.([-])/u,
  /^(?<episode>\d{1,3})(?=$|[\s_.-])/u,
];

const seasonFolder =
  /^(?:Season|Series|Staffel|Saison|Temporada|Stagione|Seizoen|Säsong|Sæson|Sezon|Сезон|S)[ ._-]*(?<season>\d{1,4})$/iu;
const specialsFolder = /^(?:Specials?|Extras)$/i;
const groupTag = /^\[[^\]]*\][\s_.]*/;
/** Names that a disc or a program gives: the folder says more. */
const meaningless = /^(?:\d{1,5}|VTS[ _]\d\d[ _]\d|title[ _]?t?\d+|movie|film|video|index|main|feature|untitled)$/i;

/** Reads title, series, season, episode and year from a path relative to the media folder, forward slashes. */
export function titleOf(relativePath: string): Title {
  const parts = relativePath.normalize("NFC").split("/");
  const file = parts.at(-1) ?? "";
  const name = file.slice(0, file.lastIndexOf(".") > 0 ? file.lastIndexOf(".") : undefined);
  const folders = parts.slice(0, -1);
  return episodeOf(name, folders) ?? filmOf(name, folders);
}

function episodeOf(name: string, folders: readonly string[]): Title | null {
  const season = seasonOf(folders.at(-1));
  const bare = name.replace(groupTag, "");
  const marks = season !== null || bare !== name ? [...episodeMarks, ...episodeMarksInSeason] : episodeMarks;
  for (const mark of marks) {
    const match = mark.exec(bare);
    const number = match?.groups?.["episode"];
    if (!match || number === undefined) continue;
    const told = match.groups?.["season"];
    const series = seriesOf(bare.slice(0, match.index), folders, season !== null);
    if (series === null) continue;
    const own = withoutReleaseWords(cleanName(bare.slice(match.index + match[0].length)), { mayVanish: true });
    return {
      title: own === "" ? `Episode ${Number(number)}` : own,
      series: series.name,
      season: told === undefined ? season : Number(told),
      episode: Number(number),
      year: series.year,
    };
  }
  return null;
}

const seasonOf = (folder: string | undefined): number | null => {
  const plain = folder?.trim() ?? "";
  const number = seasonFolder.exec(plain)?.groups?.["season"];
  if (number !== undefined) return Number(number);
  return specialsFolder.test(plain) ? 0 : null;
};

/** The folder above a season's folder is what its owner calls the series; else what stands before the number; else the folder. */
function seriesOf(
  before: string,
  folders: readonly string[],
  inSeason: boolean,
): { readonly name: string; readonly year: number | null } | null {
  const above = inSeason ? folders.at(-2) : undefined;
  for (const candidate of [above, before, inSeason ? undefined : folders.at(-1)]) {
    const found = nameAndYear(cleanName(candidate ?? ""));
    if (found.name !== "") return found;
  }
  return null;
}

function filmOf(name: string, folders: readonly string[]): Title {
  const folder = folders.at(-1);
  const own = cleanName(name.replace(groupTag, "") || name);
  const fromFolder = folder !== undefined && meaningless.test(own) ? nameAndYear(cleanName(folder)) : null;
  const found = fromFolder?.name ? fromFolder : nameAndYear(own);
  const folderYear = folder === undefined ? null : nameAndYear(cleanName(folder));
  return {
    title: found.name || own || name,
    series: null,
    season: null,
    episode: null,
    // A folder `Film (2019)` dates the film of the same name inside.
    year: found.year ?? (folderYear?.name.toLowerCase() === found.name.toLowerCase() ? folderYear.year : null),
  };
}

function nameAndYear(clean: string): { readonly name: string; readonly year: number | null } {
  const year = yearIn(clean);
  const name = withoutReleaseWords(year === null ? clean : clean.slice(0, year.at), { mayVanish: false });
  return { name, year: year?.year ?? null };
}
