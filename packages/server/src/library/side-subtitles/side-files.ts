import path from "node:path";
import type { FileIdentity } from "../video-files.js";
import { nameFacts } from "./name-facts.js";
import { type SideSubtitleFile, sideIdOf, sideVersionOf, subtitleFormatOf } from "./side-subtitle.js";

const SUBTITLE_FOLDER = /^(subs?|subtitles?)$/i;

/** The folder whose films a subtitle file may belong to: its own, or the one above a `Subs` folder. */
export function filmFolderOf(file: string): string {
  const folder = dirname(file);
  if (SUBTITLE_FOLDER.test(path.posix.basename(folder))) return dirname(folder);
  // `Subs/<name of the film>/2_English.srt`
  const above = dirname(folder);
  if (folder !== "" && SUBTITLE_FOLDER.test(path.posix.basename(above))) return dirname(above);
  return folder;
}

/**
 * Gives each film its subtitle files. A file belongs to the film whose name it begins with, the longest if there are
 * several; under another name to the film that is alone in its folder.
 * @param films paths of one folder's films. @param files subtitle files that `filmFolderOf` leads to it.
 */
export function assignSideFiles(
  films: readonly string[],
  files: readonly FileIdentity[],
): ReadonlyMap<string, readonly SideSubtitleFile[]> {
  const given = new Map<string, SideSubtitleFile[]>(films.map((film) => [film, []]));
  const byLength = films.toSorted((a, b) => stemOf(b).length - stemOf(a).length);
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const format = subtitleFormatOf(path.posix.basename(file.path));
    if (format === null) continue;
    const owner = ownerOf(file.path, byLength);
    if (owner === undefined) continue;
    given.get(owner.film)?.push({
      id: sideIdOf(file.path),
      version: sideVersionOf(file),
      path: file.path,
      sizeBytes: file.sizeBytes,
      mtimeMs: file.mtimeMs,
      format,
      ...nameFacts(owner.rest),
    });
  }
  return given;
}

function ownerOf(file: string, films: readonly string[]): { readonly film: string; readonly rest: string } | undefined {
  const stem = stemOf(file);
  for (const film of films) {
    const rest = restAfter(stem, stemOf(film));
    if (rest !== undefined) return { film, rest };
  }
  const named = films.find((film) => same(stemOf(film), path.posix.basename(dirname(file))));
  if (named !== undefined) return { film: named, rest: stem };
  const [only] = films;
  return only !== undefined && films.length === 1 ? { film: only, rest: looseRest(stem) } : undefined;
}

/** What follows the film's name; undefined when the name goes on as another word (`Alien` and `Aliens.srt`). */
function restAfter(stem: string, film: string): string | undefined {
  if (!same(stem.slice(0, film.length), film)) return undefined;
  const rest = stem.slice(film.length);
  return rest === "" || /^[\s._\-([{]/.test(rest) ? rest : undefined;
}

/** Of a name that is not the film's, only the end tells: `Some.Title.2019.pt-BR.forced`, `2_English`. */
function looseRest(stem: string): string {
  const tokens = stem.split(/[.\s_]+/);
  let from = tokens.length;
  while (from > 0) {
    const facts = nameFacts(tokens.slice(from - 1).join("."));
    if (facts.title !== null) break;
    from--;
  }
  return tokens.slice(from).join(".");
}

const dirname = (file: string): string => {
  const folder = path.posix.dirname(file);
  return folder === "." ? "" : folder;
};
const stemOf = (file: string): string => path.posix.basename(file, path.posix.extname(file));
const same = (a: string, b: string): boolean => a.normalize("NFC").toLowerCase() === b.normalize("NFC").toLowerCase();
