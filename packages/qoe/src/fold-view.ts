import type { RecordedEvent } from "@playhead/protocol";
import { averageBitrate, bitrateSamples } from "./bitrate.js";
import { whenSeen } from "./clock-skew.js";
import { smoothnessScore, startupScore } from "./component-scores.js";
import { dimensions } from "./dimensions.js";
import { exit } from "./exit.js";
import { failures } from "./failures.js";
import { frames } from "./frames.js";
import { orderEvents } from "./order-events.js";
import { rebuffering, stalls } from "./rebuffering.js";
import { seedScore } from "./seed-score.js";
import { seeking } from "./seeking.js";
import { startupTime } from "./startup-time.js";
import { switches } from "./switches.js";
import { buildTimeline } from "./timeline-builder.js";
import type { View } from "./view.js";
import { watchTime } from "./watch-time.js";

/**
 * Folds all events of one view into its metrics. Pure: the order in which events came, and repeats of them, change nothing.
 * @throws {RangeError} without events: there is no view then.
 */
export function foldView(events: readonly RecordedEvent[]): View {
  const ordered = orderEvents(events);
  const { player, server } = ordered;
  // The two clocks differ, so the server's times count only where the player has told nothing.
  const timed = player.length > 0 ? player : server;
  const first = timed[0];
  const last = timed.at(-1);
  if (first === undefined || last === undefined) throw new RangeError("A view has at least one event.");

  const timeline = buildTimeline(player);
  const { mediaDurationMs, ...described } = dimensions(ordered);
  const startupMs = startupTime(timeline, player);
  const watched = watchTime(timeline);
  const stalled = stalls(timeline);
  const rebuffered = rebuffering(stalled);
  const samples = bitrateSamples(timeline, player);
  const switched = switches(player);

  return {
    viewId: first.context.viewId,
    ...whenSeen(timed, first, last),
    eventCount: player.length + server.length,
    startupMs,
    // Whoever plays has meant to, even if that was not told.
    playRequested: timeline.intentAt !== null || timeline.startedAt !== null,
    ...watched,
    ...rebuffered,
    ...seeking(timeline),
    ...averageBitrate(samples),
    ...switched,
    ...frames(timeline, player),
    ...failures(timeline, player),
    exit: exit(timeline, mediaDurationMs),
    state: timeline.state,
    positionMs: lastPosition(player),
    seedScore: seedScore({
      initialBufferS: (startupMs ?? 0) / 1000,
      rebuffersS: stalled.map((stall) => stall.durationMs / 1000),
      switches: switched.switches,
      bitrateSamples: samples,
    }),
    mos: null,
    startupScore: startupScore(startupMs),
    smoothnessScore: smoothnessScore({ ...rebuffered, watchMs: watched.watchMs }),
    ...described,
  };
}

function lastPosition(player: readonly RecordedEvent[]): number | null {
  for (let i = player.length - 1; i >= 0; i--) {
    const position = player[i]?.event.positionMs;
    if (position !== undefined) return position;
  }
  return null;
}
