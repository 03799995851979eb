import type { RecordedEvent } from "@playhead/protocol";
import { averageBitrate, bitrateSamples } from "./bitrate.js";
import { explain } from "./cause/explain.js";
import { mainCause } from "./cause/main-cause.js";
import { whenSeen } from "./clock-skew.js";
import { smoothnessScore, startupScore, successScore } from "./component-scores.js";
import { dimensions } from "./dimensions.js";
import { exit } from "./exit.js";
import { failures } from "./failures.js";
import { frames } from "./frames.js";
import { knownMetrics } from "./known-metrics.js";
import { orderEvents } from "./order-events.js";
import { pictureQuality } from "./picture-quality.js";
import { rebuffering, stalls } from "./rebuffering.js";
import { seedScore } from "./seed-score.js";
import { seeking } from "./seeking.js";
import { shownOverTime } from "./shown.js";
import { startupTime } from "./startup-time.js";
import { switches } from "./switches.js";
import { buildTimeline } from "./timeline-builder.js";
import { fromStates, toldStates } from "./told-states.js";
import type { View } from "./view.js";
import { viewMos } from "./view-mos.js";
import { watchTime } from "./watch-time.js";

/**
 * Folds all events of one view into its metrics. Pure: the order in which events came, and repeats of them, change nothing.
 * @param previous The view as it was folded before: it stands where no events are left (their partition was dropped), and
 *   tells what they no longer tell of whom and what the view is about.
 * @throws {RangeError} with neither: there is no view then.
 */
export function foldView(events: readonly RecordedEvent[], previous?: View): View {
  if (previous !== undefined && events.length === 0) return previous;
  const view = fold(events);
  return previous === undefined || previous.viewId !== view.viewId ? view : { ...view, ...untold(view, previous) };
}

/** What says who and what a view is about, where `view` does not know and `previous` does. */
function untold(view: View, previous: View): Partial<View> {
  const kept = descriptive.filter((name) => view[name] === null && previous[name] !== null);
  return Object.fromEntries(kept.map((name) => [name, previous[name]]));
}

const descriptive = [
  ...(["viewerId", "mediaId", "hlsSessionId", "browser", "os", "deviceType", "playerName", "playerVersion"] as const),
  ...(["codec", "container", "delivery", "experiment", "variant", "cdn", "country", "encoder", "custom"] as const),
];

function fold(events: readonly RecordedEvent[]): View {
  const ordered = orderEvents(events);
  const { player, others, server } = ordered;
  // The two clocks differ, so the server's times count only where the player has told nothing.
  const timed = player.length > 0 ? player : server;
  const first = timed[0];
  const last = timed.at(-1);
  if (first === undefined || last === undefined) throw new RangeError("A view has at least one event.");

  const told = toldStates(player);
  const transitions = fromStates(player, told);
  const timeline = buildTimeline(transitions);
  const { mediaDurationMs, screen, ...described } = dimensions(ordered);
  const startupMs = startupTime(timeline, transitions);
  const watched = watchTime(timeline);
  const stalled = stalls(timeline);
  const rebuffered = rebuffering(stalled);
  const samples = bitrateSamples(timeline, player);
  const switched = switches(player);
  const shown = shownOverTime(player);
  const counted = frames(timeline, player);
  const left = exit(timeline, mediaDurationMs);
  const seen = whenSeen(timed, first, last);
  const { explanations, shares } = explain(ordered, timeline, stalled, startupMs);

  const view: View = {
    viewId: first.context.viewId,
    ...seen,
    eventCount: player.length + others.length + server.length,
    source: player.find(({ source }) => source === "cmcd-request")?.source ?? first.source,
    startupMs,
    // Whoever plays has meant to, even if that was not told.
    playRequested: timeline.intentAt !== null || timeline.startedAt !== null,
    ...watched,
    ...rebuffered,
    ...seeking(timeline),
    ...averageBitrate(samples),
    ...switched,
    ...counted,
    ...failures(timeline, transitions),
    exit: left,
    state: timeline.state,
    positionMs: lastPosition(player),
    seedScore: seedScore({
      initialBufferS: (startupMs ?? 0) / 1000,
      rebuffersS: stalled.map((stall) => stall.durationMs / 1000),
      switches: switched.switches,
      bitrateSamples: samples,
    }),
    ...viewMos(timeline, shown, startupMs, { ...screen, codec: described.codec, fps: counted.fps }),
    startupScore: startupScore(startupMs),
    smoothnessScore: smoothnessScore({ ...rebuffered, watchMs: watched.watchMs }),
    qualityScore: pictureQuality(timeline, shown),
    successScore: successScore({
      exit: left,
      startupMs: timeline.startedAt === null ? null : (startupMs ?? 0),
      waitedMs: timeline.intentAt === null ? 0 : last.event.ts - timeline.intentAt,
    }),
    ...shares,
    startCause: explanations.start?.cause ?? null,
    stallCause: mainCause(explanations.stalls),
    ...described,
  };
  return knownMetrics(view, player, told);
}

function lastPosition(player: readonly RecordedEvent[]): number | null {
  for (let i = player.length - 1; i >= 0; i--) {
    const position = player[i]?.event.positionMs;
    if (position !== undefined) return position;
  }
  return null;
}
