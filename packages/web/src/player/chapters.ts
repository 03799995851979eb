import type { MediaReply } from "@playhead/protocol";

/** Chapters as WebVTT, which the seek bar reads from a track. Undefined where there is nothing to tell apart. */
export function chaptersVtt(chapters: MediaReply["chapters"]): string | undefined {
  if (chapters.length < 2) return undefined;
  const cues = chapters
    .filter((chapter) => chapter.endMs > chapter.startMs)
    .map((chapter) => `${cueTime(chapter.startMs)} --> ${cueTime(chapter.endMs)}\n${cueText(chapter.title)}\n`);
  return `WEBVTT\n\n${cues.join("\n")}`;
}

/** `hh:mm:ss.mmm`, the form that every reader takes. */
function cueTime(ms: number): string {
  const part = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, "0");
  return `${part(ms / 3_600_000, 2)}:${part((ms / 60_000) % 60, 2)}:${part((ms / 1000) % 60, 2)}.${part(ms % 1000, 3)}`;
}

/** A blank line would end the cue, `-->` would begin one, and `<` and `&` are markup. */
function cueText(title: string): string {
  const line = title.replace(/\s+/g, " ").trim() || "Chapter";
  return line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
