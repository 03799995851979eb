import type { Stop } from "../../observe/listen.js";
import type { Observed } from "../../observe/observed.js";
import { known } from "../../record/known.js";
import type { On } from "./observe.js";

/** hls.js's `ErrorTypes` in protocol's words. */
const categories: Readonly<Record<string, string>> = {
  networkError: "network",
  mediaError: "media",
  keySystemError: "key",
  muxError: "mux",
};

/** Errors after which hls.js moves the playhead by itself. */
const movesPlayhead = new Set(["bufferNudgeOnStall", "bufferSeekOverHole"]);

export function observeHlsErrors({ failures, clock, ownSeek, video }: Observed, on: On): Stop {
  return on("hlsError", (_, data) => {
    const code = typeof data.details === "string" ? data.details : "hlsError";
    // hls.js tells this after setting `currentTime` and before the browser says `seeking`.
    if (movesPlayhead.has(code) && video.seeking) ownSeek.expected = true;
    const status = data.response?.code;
    failures.report(
      {
        code: code.slice(0, 128),
        fatal: data.fatal === true,
        category: categories[data.type ?? ""] ?? "other",
        ...known({
          // The message of a response error repeats the URL, tokens and all.
          message: (data.reason ?? data.error?.message)?.replace(/https?:\S+/g, "(url)").slice(0, 512) || undefined,
          status: status !== undefined && status > 0 && status < 1000 ? status : undefined,
        }),
      },
      clock.now(),
    );
  });
}
