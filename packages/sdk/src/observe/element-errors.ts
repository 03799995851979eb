import { listen, type Stop } from "./listen.js";
import type { Observed } from "./observed.js";

/** `MediaError.code`, from 1 (HTML, "error codes"). */
const codes = ["MEDIA_ERR_ABORTED", "MEDIA_ERR_NETWORK", "MEDIA_ERR_DECODE", "MEDIA_ERR_SRC_NOT_SUPPORTED"] as const;

export function observeElementErrors({ video, clock, failures }: Observed): Stop {
  return listen(video, ["error"], (event) => {
    const error = video.error;
    if (!error) return;
    failures.report(
      {
        code: codes[error.code - 1] ?? "MEDIA_ERR",
        fatal: true,
        category: error.code === 2 ? "network" : "media",
        message: error.message,
      },
      clock.eventTime(event),
    );
  });
}
