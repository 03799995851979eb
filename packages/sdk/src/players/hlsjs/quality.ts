import { type Stop, startAll } from "../../observe/listen.js";
import type { Observed } from "../../observe/observed.js";
import { rendered } from "../../record/quality.js";
import type { HlsLike } from "./hls-like.js";
import type { On } from "./observe.js";

/**
 * `LEVEL_SWITCHED` comes when the playhead enters a fragment of another level: what is rendered, not what is loaded.
 * A switch after an emergency abort (the fragment would have come too late) is due to the buffer.
 */
export function observeHlsQuality(observed: Observed, hls: HlsLike, on: On): Stop {
  let emergency = false;
  const tell = (index: number | undefined): void => {
    const level = hls.levels[index ?? -1];
    if (!level) return;
    const reason = emergency ? "buffer" : hls.autoLevelEnabled ? "abr" : "manual";
    emergency = false;
    // The average is what it costs to play; `BANDWIDTH` is only the peak, but the one that every playlist has.
    const average = Number(level.attrs?.["AVERAGE-BANDWIDTH"]);
    const codec = [level.videoCodec, level.audioCodec].filter(Boolean).join(",");
    rendered(
      observed,
      { width: level.width, height: level.height, bitrateBps: average > 0 ? average : level.bitrate, codec },
      reason,
    );
  };
  // A player that was made ready before the view began stands at its first fragment already, and does not say so again.
  if (observed.video.readyState > 0) tell(hls.currentLevel);
  return startAll([
    () =>
      on("hlsFragLoadEmergencyAborted", () => {
        emergency = true;
      }),
    () => on("hlsLevelSwitched", (_, data) => tell(data.level)),
  ]);
}
