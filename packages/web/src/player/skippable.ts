import type { ChapterKind, MediaChapter, MediaReply } from "@playhead/protocol";

/** What the viewer is offered at a place of the film. */
export type Offer =
  /** To go on behind this chapter. */
  | { readonly kind: "skip"; readonly chapter: MediaChapter; readonly label: string }
  /** Nothing but credits is left: the next episode. */
  | { readonly kind: "next" };

const labels: Readonly<Record<ChapterKind, string>> = {
  intro: "Skip intro",
  recap: "Skip recap",
  credits: "Skip credits",
  preview: "Skip preview",
};

/** So near its end there is nothing left to skip, ms. */
const NEAR_END_MS = 1_000;

type Film = Pick<MediaReply, "chapters" | "creditsMs">;

export function offerAt({ chapters, creditsMs }: Film, positionMs: number): Offer | undefined {
  if (creditsMs !== undefined && positionMs >= creditsMs) return { kind: "next" };
  const chapter = chapters.find(({ startMs, endMs }) => startMs <= positionMs && positionMs < endMs - NEAR_END_MS);
  return chapter?.kind === undefined ? undefined : { kind: "skip", chapter, label: labels[chapter.kind] };
}

/** The same offer: a button that stands there already stays. */
export function isSame(a: Offer | undefined, b: Offer | undefined): boolean {
  if (a?.kind === "skip" && b?.kind === "skip") return a.chapter === b.chapter;
  return a?.kind === b?.kind;
}
