import type { MediaTrack } from "@playhead/protocol";
import type { SubtitleWish } from "./choose-subtitles.js";

const KEY = "playhead.subtitles";

/** The last choice on this device; undefined where there was none, or where the browser keeps nothing. */
export function rememberedWish(): SubtitleWish | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (typeof kept !== "object" || kept === null) return undefined;
    if (!("language" in kept) || typeof kept.language !== "string") return { kind: "off" };
    const hearingImpaired = "hearingImpaired" in kept && kept.hearingImpaired === true;
    return { kind: "language", language: kept.language, hearingImpaired };
  } catch {
    return undefined;
  }
}

/** @param track undefined: none. One without a language says nothing about the next film. */
export function rememberWish(track: MediaTrack | undefined): void {
  if (track && track.language === undefined) return;
  const wish = track ? { language: track.language, hearingImpaired: track.hearingImpaired ?? false } : {};
  try {
    localStorage.setItem(KEY, JSON.stringify(wish));
  } catch {
    // A browser that keeps nothing forgets this too.
  }
}
