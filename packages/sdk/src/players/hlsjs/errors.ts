import type { Stop } from "../../observe/listen.js";
import type { Observed } from "../../observe/observed.js";
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

export function observeHlsErrors({ failures, ownSeek, video }: Observed, on: On): Stop {
  return on("hlsError", (_, data) => {
    const code = typeof data.details === "string" ? data.details : "hlsError";
    // What hls.js gave up itself, at every seek, did not fail.
    if (code === "aborted") return;
    // hls.js tells this after setting `currentTime` and before the browser says `seeking`.
    if (movesPlayhead.has(code) && video.seeking) ownSeek.expected = true;
    failures.report({
      code,
      fatal: data.fatal === true,
      category: categories[data.type ?? ""] ?? "other",
      message: data.reason ?? data.error?.message,
      status: data.response?.code,
    });
  });
}
