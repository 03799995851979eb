import { cleanName, languageTag, uniqueNames } from "../audio-naming.js";

export interface NamedSubtitle {
  readonly language: string | null;
  readonly title: string | null;
  readonly forced: boolean;
  readonly hearingImpaired: boolean;
}

/** What a menu calls each subtitle track: its language or title, with a mark for forced ones and those for the deaf. */
export const subtitleNames = (tracks: readonly NamedSubtitle[]): readonly string[] =>
  uniqueNames(tracks.map((track, i) => nameOf(track) || `Subtitles ${i + 1}`));

function nameOf({ language, title, forced, hearingImpaired }: NamedSubtitle): string {
  const tag = languageTag(language);
  const spoken = tag === null ? undefined : new Intl.DisplayNames(["en"], { type: "language" }).of(tag);
  const own = cleanName(title ?? "");
  // "Signs" alone would not say whose; "English signs" does already.
  const name =
    own === "" || spoken === undefined || own.toLowerCase().includes(spoken.toLowerCase())
      ? own || spoken || ""
      : `${spoken}, ${own}`;
  const marks = [
    ...(forced && !/forced/i.test(name) ? ["forced"] : []),
    ...(hearingImpaired && !/\b(SDH|CC)\b|hearing/i.test(name) ? ["SDH"] : []),
  ];
  if (marks.length === 0) return name;
  return name === "" ? `Subtitles (${marks.join(", ")})` : `${name} (${marks.join(", ")})`;
}
