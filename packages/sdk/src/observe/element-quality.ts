import { rendered } from "../record/quality.js";
import { listen, type Stop } from "./listen.js";
import type { Observed } from "./observed.js";

/** Without a player to ask, the picture's size tells that the rendition changed; native HLS adapts by itself. */
export function observeElementQuality(observed: Observed, alone: () => boolean): Stop {
  const { video, clock } = observed;
  return listen(video, ["loadedmetadata", "resize"], (event) => {
    if (video.videoWidth > 0 && alone()) {
      rendered(observed, {}, "abr", clock.eventTime(event));
    }
  });
}
