import type { ViewRow } from "@playhead/protocol";
import type { StoredView } from "@playhead/store";

/** Metrics that a sender who measures them all always has. What else is null never happened, or is not known to anybody. */
const countable = [
  "watchMs",
  "playingMs",
  "pauseMs",
  "rebufferCount",
  "rebufferMs",
  "seekCount",
  "seekMs",
  "switches",
  "droppedFrames",
  "decodedFrames",
  "seedScore",
] as const satisfies readonly (keyof StoredView)[];

/** What its source can't know of a view. A startup time is not known of a view that played without one. */
function unknownOf(view: StoredView): readonly string[] {
  const unknown: string[] = countable.filter((metric) => view[metric] === null);
  if (unknown.length > 0 && view.startupMs === null && view.bitrateMs > 0) unknown.unshift("startupMs");
  return unknown;
}

/** A stored view as the wire shows it: what did not happen (an error) or is not known (a score) is left out. */
export function viewRow(stored: StoredView): ViewRow {
  const { appId, errorCode, errorMessage, errorFingerprint, mos, ...view } = stored;
  void appId; // Whose view it is was decided before it was read.
  const unknown = unknownOf(stored);
  return {
    ...view,
    ...(unknown.length === 0 ? {} : { unknown: [...unknown] }),
    ...(errorCode === null ? {} : { errorCode }),
    ...(errorMessage === null ? {} : { errorMessage }),
    ...(errorFingerprint === null ? {} : { errorFingerprint }),
    ...(mos === null ? {} : { mos }),
  };
}

const activeStates: ReadonlySet<string> = new Set(["waiting_start", "playing", "seeking", "rebuffering"]);

/** Concurrent viewers: starting, playing, seeking or rebuffering; whoever pauses needs nothing now. */
export function concurrent(live: readonly StoredView[]): number {
  return live.filter(({ state }) => activeStates.has(state)).length;
}
