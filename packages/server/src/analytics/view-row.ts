import type { ViewRow } from "@playhead/protocol";
import type { StoredView } from "@playhead/store";

/** A stored view as the wire shows it: what did not happen (an error) or is not known (a score) is left out. */
export function viewRow(stored: StoredView): ViewRow {
  const { appId, errorCode, errorMessage, mos, ...view } = stored;
  void appId; // Whose view it is was decided before it was read.
  return {
    ...view,
    ...(errorCode === null ? {} : { errorCode }),
    ...(errorMessage === null ? {} : { errorMessage }),
    ...(mos === null ? {} : { mos }),
  };
}

const activeStates: ReadonlySet<string> = new Set(["waiting_start", "playing", "seeking", "rebuffering"]);

/** Concurrent viewers: starting, playing, seeking or rebuffering; whoever pauses needs nothing now. */
export function concurrent(live: readonly StoredView[]): number {
  return live.filter(({ state }) => activeStates.has(state)).length;
}
