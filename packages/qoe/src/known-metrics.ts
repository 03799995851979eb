import type { RecordedEvent } from "@playhead/protocol";
import { averageBitrate } from "./bitrate.js";
import { sample } from "./order-events.js";
import { requestReports } from "./request-reports.js";
import type { ToldStates } from "./told-states.js";
import type { View } from "./view.js";

/** A metric that the view's sender can't know is null, never 0: it is in no sum, and in no ratio. */
export function knownMetrics(view: View, player: readonly RecordedEvent[], told: ToldStates): View {
  if (told === "measured") return view;
  const countsDropped = player.some(({ event }) => sample(event).droppedFrames !== undefined);
  const known = {
    ...view,
    decodedFrames: null,
    droppedFrames: countsDropped ? view.droppedFrames : null,
  };
  if (told === "samples") return { ...known, ...ofSamples(known, player) };
  const tellsChanges = player.some(({ event }) => event.type === "quality_change");
  return tellsChanges ? known : { ...known, switchesUp: null, switchesDown: null, switches: null };
}

/** Between two requests anything may have happened: no time is known but what the player measured itself. */
function ofSamples(view: View, player: readonly RecordedEvent[]): Partial<View> {
  const { bitrateSamples, switches, rebufferCount, rebufferMs } = requestReports(player);
  const hasPlayed = view.playRequested;
  return {
    // A view that may only have been prepared has shown nothing.
    ...averageBitrate(hasPlayed ? bitrateSamples : []),
    ...switches,
    playRequested: hasPlayed || player.some(({ event }) => sample(event).state === "loading"),
    watchMs: null,
    playingMs: null,
    pauseMs: null,
    rebufferCount,
    rebufferMs,
    seekCount: null,
    seekMs: null,
    seedScore: null,
    smoothnessScore: null,
    mos: null,
    mosMs: 0,
    qualityScore: null,
    stallCause: null,
  };
}
