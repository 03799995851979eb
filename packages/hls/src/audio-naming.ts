import type { AudioStream } from "./media-info.js";

/** RFC 5646, shortest form (`eng` → `en`, `ger` → `de`); null for no or an unknown language. */
export function languageTag(language: string | null): string | null {
  if (language === null) return null;
  try {
    const tag = Intl.getCanonicalLocales(language.trim().replaceAll("_", "-"))[0] ?? null;
    return tag === "und" || tag === "mul" || tag === "zxx" ? null : tag;
  } catch {
    return null;
  }
}

/** What a menu calls each audio stream: its title, else its language and layout. No two are the same. */
export function audioNames(streams: readonly AudioStream[]): readonly string[] {
  return uniqueNames(
    streams.map((stream, i) => cleanName(stream.title ?? "") || described(stream) || `Audio ${i + 1}`),
  );
}

/** The same names, with a number behind each that was there before. */
export function uniqueNames(wanted: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return wanted.map((each) => {
    let name = each;
    for (let n = 2; taken.has(name); n++) name = `${each} (${n})`;
    taken.add(name);
    return name;
  });
}

/** One line without what a playlist's quoted string can't hold (RFC 8216 §4.2). */
export const cleanName = (title: string): string =>
  title
    .replaceAll('"', "'")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();

function described({ language, channels }: AudioStream): string {
  const tag = languageTag(language);
  const name = tag === null ? undefined : new Intl.DisplayNames(["en"], { type: "language" }).of(tag);
  const layout = channels === 6 ? "5.1" : channels === 8 ? "7.1" : null;
  if (name === undefined) return "";
  return layout === null ? name : `${name} (${layout})`;
}
