import type { MediaTrack } from "@playhead/protocol";

/** What a viewer chose last on this device; undefined before the first choice. */
export type SubtitleWish =
  | { readonly kind: "off" }
  | { readonly kind: "language"; readonly language: string; readonly hearingImpaired: boolean };

export interface SubtitleCircumstances {
  readonly wish: SubtitleWish | undefined;
  /** Of what is heard; undefined where the film does not tell. */
  readonly audioLanguage: string | undefined;
  /** That the viewer reads, best first: `navigator.languages`. */
  readonly languages: readonly string[];
}

/** Tracks of text, which can be shown at any time beside the picture. */
export const textTracks = (tracks: readonly MediaTrack[]): readonly MediaTrack[] =>
  tracks.filter((track) => track.kind === "subtitle" && track.url !== undefined);

/**
 * What is shown without being asked for: the language of the last choice; else, of speech in a language that the viewer
 * does not read, a translation; else what a film forces for the language that is heard.
 */
export function chooseSubtitles(
  tracks: readonly MediaTrack[],
  { wish, audioLanguage, languages }: SubtitleCircumstances,
): MediaTrack | undefined {
  const texts = textTracks(tracks);
  const full = texts.filter((track) => !track.forced);
  if (wish?.kind === "language") {
    const spoken = full.filter((track) => sameLanguage(track.language, wish.language));
    const found = spoken.find((track) => (track.hearingImpaired ?? false) === wish.hearingImpaired) ?? spoken[0];
    if (found) return found;
  }
  const isForeign = audioLanguage !== undefined && !languages.some((each) => sameLanguage(each, audioLanguage));
  if (!wish && isForeign) {
    const found = inBestLanguage(full, languages);
    if (found) return found;
  }
  return texts.find(
    (track) => track.forced && track.language !== undefined && sameLanguage(track.language, audioLanguage),
  );
}

/** What the key for subtitles brings where none was chosen: the viewer's language, else the first. */
export function firstSubtitles(tracks: readonly MediaTrack[], languages: readonly string[]): MediaTrack | undefined {
  const texts = textTracks(tracks);
  const full = texts.filter((track) => !track.forced);
  return inBestLanguage(full, languages) ?? full.find((track) => track.default) ?? full[0] ?? texts[0];
}

function inBestLanguage(tracks: readonly MediaTrack[], languages: readonly string[]): MediaTrack | undefined {
  for (const language of languages) {
    const spoken = tracks.filter((track) => sameLanguage(track.language, language));
    const found = spoken.find((track) => !track.hearingImpaired) ?? spoken[0];
    if (found) return found;
  }
  return undefined;
}

/** `eng`, `en` and `en-GB` are one language. */
export function sameLanguage(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && primary(a) === primary(b);
}

function primary(language: string): string {
  try {
    return new Intl.Locale(language.replaceAll("_", "-")).language;
  } catch {
    return language.toLowerCase();
  }
}
