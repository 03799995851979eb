import type { ChapterKind } from "@playhead/protocol";

export interface NamedSpan {
  readonly title: string;
  readonly startMs: number;
  readonly endMs: number;
}

type Word = ChapterKind | "opening" | "ending" | "titles";

const list = (...lines: readonly string[]) => lines.flatMap((line) => line.split(", "));

/**
 * Names that mean a part which viewers skip: the whole name, never a word of it, since "Introduction to physics" is the
 * film itself. `opening` and `ending` are also what discs call a film's first and last scene, and `titles` stand at
 * either end: their length and place decide.
 */
const names: Readonly<Record<Word, readonly string[]>> = {
  intro: list(
    "intro, op, ncop, opening credits, opening titles, opening theme, opening song, opening sequence",
    "main title, main titles, title sequence, intro credits, theme song, opening animation",
    "vorspann, titelvorspann, titelmelodie",
    "generique de debut, generique d'ouverture, generique debut",
    "cabecera, creditos iniciales, creditos de apertura, sigla iniziale, titoli di testa",
    "opuningu, オープニング",
  ),
  opening: list("opening, apertura, ouverture"),
  titles: list("titles, title, generique, sigla"),
  recap: list(
    "recap, previously, last time, story so far, the story so far, previous episode",
    "was bisher geschah, bisher, ruckblick, ruckschau",
    "precedemment, resume, rappel, dans les episodes precedents, dans l'episode precedent",
    "anteriormente, resumen, en episodios anteriores, en capitulos anteriores, riassunto",
    "arasuji, zenkai, zenkai no arasuji, あらすじ, 前回のあらすじ",
  ),
  credits: list(
    "credits, end credits, ending credits, closing credits, final credits, credit roll, credits roll",
    "end titles, end title, closing titles, ed, nced, outro, ending theme, ending song, end theme",
    "abspann, nachspann, generique de fin, generique fin, credits de fin",
    "creditos, creditos finales, titulos de credito, titoli di coda, sigla finale",
    "endingu, エンディング",
  ),
  ending: list("ending, cierre"),
  preview: list(
    "preview, next episode preview, next time, next episode, next week, coming next, coming up",
    "vorschau, nachste folge, in der nachsten folge, nachste woche",
    "prochain episode, prochainement, au prochain episode, dans le prochain episode, apercu",
    "avance, proximo episodio, en el proximo episodio, proximo capitulo, prossimo episodio, anteprima",
    "yokoku, jikai, jikai yokoku, 予告, 次回予告",
  ),
};

/** `Previously on Lost`: the name goes on with that of the series. */
const beginnings = [
  ["recap", /^(?:previously on|last time on|precedemment dans|anteriormente en|was bisher geschah in|bisher bei) /],
  ["preview", /^(?:next time on|next on|coming up on) /],
] as const;

const kindsByName: ReadonlyMap<string, Word> = new Map(
  words(names).flatMap(([word, list]) => list.map((name) => [plain(name), word] as const)),
);

/** Longest part that a viewer would want to skip unseen, ms and share of the film; what is short enough may be a larger share. */
const limits: Readonly<Record<ChapterKind, { readonly maxMs: number; readonly share: number }>> = {
  intro: { maxMs: 240_000, share: 0.1 },
  recap: { maxMs: 300_000, share: 0.1 },
  credits: { maxMs: 1_200_000, share: 0.2 },
  preview: { maxMs: 180_000, share: 0.1 },
};
/** A cartoon of eleven minutes has the titles of one of fifty. */
const SHORT_MS = 100_000;
const SHORT_SHARE = 0.2;
/** Themes that are called only `Opening` or `Ending` last 90 s; what is much longer is a scene. */
const THEME_MS = 150_000;
/** Less can't be skipped in time, and often is a mark in the file rather than a part of the film. */
const LEAST_MS = 3_000;

/** What each chapter is to a viewer, by its name, place and length; undefined for the film itself. */
export function chapterKinds(chapters: readonly NamedSpan[], durationMs: number): readonly (ChapterKind | undefined)[] {
  // The only chapter is the whole film, whatever it is called.
  if (chapters.length < 2 || durationMs <= 0) return chapters.map(() => undefined);
  return chapters.map((chapter) => kindOf(chapter, durationMs));
}

/**
 * Where the film is over but for its credits, ms: they begin there, and nothing but credits and previews follows. Undefined
 * where no chapter tells, and where a scene comes after the credits.
 */
export function creditsStart(
  chapters: readonly (NamedSpan & { readonly kind?: ChapterKind })[],
  durationMs: number,
): number | undefined {
  const after = chapters.toSorted((a, b) => a.startMs - b.startMs);
  const film = after.findLastIndex(({ kind }) => kind !== "credits" && kind !== "preview");
  const end = after[film + 1];
  const last = after.at(-1);
  // Chapters that end long before the film does say nothing of its end.
  if (!end || !last || last.endMs < durationMs - limits.preview.maxMs) return undefined;
  return end.startMs;
}

function kindOf({ title, startMs, endMs }: NamedSpan, durationMs: number): ChapterKind | undefined {
  const word = wordOf(title);
  if (word === undefined) return undefined;
  const lengthMs = endMs - startMs;
  const isEarly = startMs < durationMs / 2;
  const isTheme = lengthMs <= THEME_MS;
  const kind = word === "opening" || word === "ending" || word === "titles" ? themeOf(word, isTheme, isEarly) : word;
  if (kind === undefined || isEarly !== (kind === "intro" || kind === "recap")) return undefined;
  const { maxMs, share } = limits[kind];
  const fits = lengthMs <= maxMs && lengthMs <= durationMs * share;
  const isShort = lengthMs <= SHORT_MS && lengthMs <= durationMs * SHORT_SHARE;
  return lengthMs >= LEAST_MS && (fits || isShort) ? kind : undefined;
}

function themeOf(word: "opening" | "ending" | "titles", isTheme: boolean, isEarly: boolean): ChapterKind | undefined {
  if (word === "titles") return isEarly ? "intro" : "credits";
  if (!isTheme) return undefined;
  return word === "opening" ? "intro" : "credits";
}

function wordOf(title: string): Word | undefined {
  const name = plain(title);
  return kindsByName.get(name) ?? beginnings.find(([, beginning]) => beginning.test(`${name} `))?.[0];
}

/** Without accents, case, punctuation, and the numbers before (`01 - Intro`, `Chapter 1: Intro`) and after it (`OP 2`). */
function plain(title: string): string {
  return title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("’", "'")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}']+/gu, " ")
    .trim()
    .replace(/^(?:(?:chapter|kapitel|chapitre|capitulo|capitolo) )?\d{1,3} (?=\D)/, "")
    .replace(/(?<=\p{L}) ?\d{1,2}[ab]?$/u, "")
    .trim();
}

/** `Object.entries` that keeps the keys' type. */
function words(of: typeof names): readonly (readonly [Word, readonly string[]])[] {
  const all: readonly Word[] = ["intro", "opening", "titles", "recap", "credits", "ending", "preview"];
  return all.map((word) => [word, of[word]] as const);
}
