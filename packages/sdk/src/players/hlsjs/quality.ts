import { type Stop, startAll } from "../../observe/listen.js";
import type { Observed } from "../../observe/observed.js";
import { whole } from "../../record/known.js";
import { rendered } from "../../record/quality.js";
import type { HlsLike } from "./hls-like.js";
import type { On } from "./observe.js";

/**
 * `LEVEL_SWITCHED` comes when the playhead enters a fragment of another level: what is rendered, not what is loaded.
 * A switch after an emergency abort (the fragment would have come too late) is due to the buffer.
 */
export function observeHlsQuality(observed: Observed, hls: HlsLike, on: On): Stop {
  let emergency = false;
  return startAll([
    () =>
      on("hlsFragLoadEmergencyAborted", () => {
        emergency = true;
      }),
    () =>
      on("hlsLevelSwitched", (_, data) => {
        const level = hls.levels[data.level ?? -1];
        if (!level) return;
        const reason = emergency ? "buffer" : hls.autoLevelEnabled ? "abr" : "manual";
        emergency = false;
        // The average is what it costs to play; `BANDWIDTH` is only the peak, but the one that every playlist has.
        const average = Number(level.attrs?.["AVERAGE-BANDWIDTH"]);
        rendered(
          observed,
          {
            bitrateBps: whole(average > 0 ? average : level.bitrate) || undefined,
            width: level.width || observed.video.videoWidth,
            height: level.height || observed.video.videoHeight,
            codec: [level.videoCodec, level.audioCodec].filter(Boolean).join(",").slice(0, 64) || undefined,
          },
          reason,
          observed.clock.now(),
        );
      }),
  ]);
}
