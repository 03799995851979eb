import { channelsOf } from "../channel.js";

/** What the library tells to whoever listens. Times are Unix ms, durations ms, sizes bytes. */
export interface LibraryMessages {
  /** A file was examined. */
  "playhead:library.probe": {
    readonly ts: number;
    readonly mediaId: string;
    readonly outcome: "ready" | "error";
    /** Why it can't be played, in a sentence; null if it can. */
    readonly error: string | null;
    readonly tookMs: number;
    readonly sizeBytes: number;
    /** ffprobe's format in one word; null if the file could not be read. */
    readonly container: string | null;
    /** ffmpeg's name of the first picture's codec. */
    readonly codec: string | null;
    readonly mediaMs: number | null;
  };
}

export const { publish, listen } = channelsOf<LibraryMessages>();
