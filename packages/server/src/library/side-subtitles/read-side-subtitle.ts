import { readFile, stat } from "node:fs/promises";
import { type Cue, readCues, type SubtitleFormat } from "@playhead/hls";
import { decodeText } from "./charset.js";
import type { SideSubtitleFile } from "./side-subtitle.js";

/** Far more than the longest film says. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Why a subtitle file gives no track. The message is read by its owner. */
export class SideSubtitleError extends Error {
  override readonly name = "SideSubtitleError";
}

/** Its cues in order. @param absolutePath of the file. @throws {SideSubtitleError} */
export async function readSideSubtitle(absolutePath: string, file: SideSubtitleFile): Promise<readonly Cue[]> {
  let text: string;
  try {
    if ((await stat(absolutePath)).size > MAX_BYTES)
      throw new SideSubtitleError("The file is too large for subtitles.");
    text = decodeText(await readFile(absolutePath), file.language);
  } catch (cause) {
    if (cause instanceof SideSubtitleError) throw cause;
    throw new SideSubtitleError("The file can't be read.", { cause });
  }
  const cues = readCues(formatOf(text) ?? file.format, text);
  if (cues.length === 0) throw new SideSubtitleError("There are no subtitles in it that can be read.");
  return cues;
}

/** Names lie; beginnings don't. */
function formatOf(text: string): SubtitleFormat | null {
  const head = text.slice(0, 200).trimStart();
  if (head.startsWith("WEBVTT")) return "vtt";
  return /^\[script info\]/i.test(head) ? "ass" : null;
}
