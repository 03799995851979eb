import { listen, type Stop } from "./listen.js";
import type { Observed } from "./observed.js";

/** `MediaError.code`, from 1 (HTML, "error codes"). */
const codes = ["ABORTED", "NETWORK", "DECODE", "SRC_NOT_SUPPORTED"] as const;

/**
 * The element's own error, and that of its last `<source>`: those fail each by itself, and the element is never told (HTML, "resource
 * selection algorithm"). Their events don't bubble, but can be caught on the way down.
 */
export function observeElementErrors({ video, clock, failures }: Observed): Stop {
  const report = (event: Event) => {
    const { target } = event;
    const code = target === video ? video.error?.code : target === video.querySelector("source:last-of-type") && 4;
    if (!code) return;
    failures.report(
      {
        code: `MEDIA_ERR_${codes[code - 1] ?? ""}`,
        fatal: true,
        category: code === 2 ? "network" : "media",
        message: video.error?.message,
      },
      clock.eventTime(event),
    );
  };
  return listen(video, ["error"], report, true);
}
