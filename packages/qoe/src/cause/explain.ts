import type { RecordedEvent } from "@playhead/protocol";
import { type OrderedEvents, orderEvents } from "../order-events.js";
import { type Stall, stalls } from "../rebuffering.js";
import { startupTime } from "../startup-time.js";
import type { Timeline } from "../timeline.js";
import { buildTimeline } from "../timeline-builder.js";
import { fromStates, toldStates } from "../told-states.js";
import type { Cause, Explanation, Shares } from "./cause.js";
import { clip, type Interval, lengthOf, union } from "./intervals.js";
import { type Request, Requests, underWay, waiting } from "./requests.js";
import { type Surroundings, surroundingsOf } from "./surroundings.js";

/** A start that takes longer is slow, and has a cause. Viewers begin to leave after two seconds (Krishnan and Sitaraman, IMC 2012). */
export const SLOW_START_MS = 2_000;
/** A cause accounts for at least this share of the wait; else it is not claimed. */
export const MIN_SHARE = 0.5;
/** With this much buffered, a stop is not for lack of data, ms. */
export const BUFFERED_MS = 1_000;
/** Where so large a share of the frames around a wait was dropped, the device can't keep up. */
export const MANY_DROPPED = 0.2;

/** Why one view waited: its start, if it was slow, and each of its stalls. */
export interface Explanations {
  readonly start: Explanation | null;
  readonly stalls: readonly Explanation[];
}

/** Where the time to the first frame went, ms; null where no request is known. */
export interface StartShares {
  readonly startServerMs: number | null;
  readonly startNetworkMs: number | null;
  readonly startPlayerMs: number | null;
}

/** Explains a view from its events. Order and repeats of them change nothing. */
export function explainView(events: readonly RecordedEvent[]): Explanations {
  const ordered = orderEvents(events);
  const told = toldStates(ordered.player);
  const transitions = fromStates(ordered.player, told);
  const timeline = buildTimeline(transitions);
  // Of samples, the times of stalls are not known.
  const found = told === "samples" ? [] : stalls(timeline);
  return explain(ordered, timeline, found, startupTime(timeline, transitions)).explanations;
}

/** The same, for who has folded the events already. */
export function explain(
  { player, server }: OrderedEvents,
  timeline: Timeline,
  found: readonly Stall[],
  startupMs: number | null,
): { readonly explanations: Explanations; readonly shares: StartShares } {
  const requests = new Requests(player, server);
  const started = startOf(timeline, startupMs);
  const shares = started === null || !requests.known ? null : sharesOf(started, requests.during(started), 0);
  const slow = started !== null && started.to - started.from > SLOW_START_MS;
  const waits = found.map(({ at, durationMs }) => ({ from: at, to: at + durationMs }));
  if (slow) waits.unshift(started);
  const surroundings = waits.length === 0 ? [] : surroundingsOf(player, waits);
  const last = player.at(-1)?.event;
  const isOver = last?.type === "first_frame" || last?.type === "rebuffer_end";
  const explained = waits.flatMap((wait, i) => {
    const around = surroundings[i];
    if (around === undefined) return [];
    // Of requests that were open when the viewer left, only the server can tell.
    const tells = requests.known && (server.length > 0 || isOver || wait.to < (last?.ts ?? 0));
    return [explanationOf(wait, requests, around, tells)];
  });
  return {
    explanations: { start: slow ? (explained[0] ?? null) : null, stalls: explained.slice(slow ? 1 : 0) },
    shares: {
      startServerMs: shares && Math.round(shares.serverMs),
      startNetworkMs: shares && Math.round(shares.networkMs),
      startPlayerMs: shares && Math.round(shares.blockedMs + shares.idleMs),
    },
  };
}

/** From the intent to the first frame. A view that never started waited until it was given up. */
function startOf({ intentAt, startedAt, spans, failure, end }: Timeline, startupMs: number | null): Interval | null {
  if (startedAt !== null) return startupMs === null ? null : { from: startedAt - startupMs, to: startedAt };
  const gaveUpAt = failure?.ts ?? end?.ts ?? spans.at(-1)?.to;
  return intentAt === null || gaveUpAt === undefined ? null : { from: intentAt, to: gaveUpAt };
}

function explanationOf(wait: Interval, requests: Requests, around: Surroundings, tells: boolean): Explanation {
  const open = requests.during(wait);
  const shares = sharesOf(wait, open, around.blockedMs);
  const { bufferMs, droppedFrames, decodedFrames, errors } = around;
  return {
    at: wait.from,
    durationMs: wait.to - wait.from,
    ...shares,
    cause: causeOf(wait, shares, around, tells),
    request: longestIn(wait, open),
    bufferMs,
    droppedFrames,
    decodedFrames,
    errorCode: errors.at(-1)?.code ?? null,
  };
}

/**
 * Divides a wait among who held it up. While any request waits for the server, the server does; a busy main thread comes
 * before the network, for it is what makes finished downloads look slow.
 */
function sharesOf(wait: Interval, requests: readonly Request[], blocked: number): Shares {
  const within = (intervals: readonly Interval[]) => intervals.flatMap((interval) => clip(interval, wait) ?? []);
  const onServer = union(within(requests.map(waiting)));
  const serverMs = lengthOf(onServer);
  const open = lengthOf([...onServer, ...within(requests.map(underWay))]);
  const total = wait.to - wait.from;
  const blockedMs = Math.min(blocked, total - serverMs);
  const networkMs = Math.max(0, Math.min(open - serverMs, total - serverMs - blockedMs));
  return { serverMs, networkMs, blockedMs, idleMs: total - serverMs - blockedMs - networkMs };
}

/** What hls.js calls errors of the media, and are its words for a stop of any cause. */
const saysOnlyThatItStopped: ReadonlySet<string> = new Set(["bufferStalledError", "bufferNudgeOnStall"]);

function causeOf(wait: Interval, shares: Shares, around: Surroundings, tells: boolean): Cause {
  const enough = (wait.to - wait.from) * MIN_SHARE;
  const { bufferMs, droppedFrames, decodedFrames, errors } = around;
  if (errors.some(({ category, code }) => category === "media" && !saysOnlyThatItStopped.has(code))) return "device";
  if (shares.serverMs >= enough) return "encoder";
  // What the player gave up itself did not fail.
  const refused = errors.find(({ category, code }) => category === "network" && code !== "aborted");
  if (refused !== undefined && shares.blockedMs < enough) return (refused.status ?? 0) >= 500 ? "encoder" : "network";
  if (shares.blockedMs >= enough) return "player";
  // A busy page asks for nothing, and sees late that it stands: some of what held it up looks like nothing at all, and what
  // is buffered when it looks has come meanwhile.
  if (shares.blockedMs >= enough / 2 && shares.blockedMs + shares.idleMs >= enough) return "player";
  const dropping = droppedFrames > 0 && droppedFrames >= MANY_DROPPED * (droppedFrames + decodedFrames);
  if (bufferMs !== null && bufferMs >= BUFFERED_MS) return "device";
  if (shares.networkMs >= enough) return "network";
  if (dropping) return "device";
  // Server and network each took a part: whichever took more, if they took most of it together.
  if (shares.serverMs + shares.networkMs >= enough) return shares.serverMs > shares.networkMs ? "encoder" : "network";
  return tells ? "player" : "unknown";
}

function longestIn(wait: Interval, requests: readonly Request[]): Explanation["request"] {
  let longest: Request | undefined;
  let overlap = 0;
  for (const request of requests) {
    const part = clip(request, wait);
    if (part === undefined || part.to - part.from <= overlap) continue;
    longest = request;
    overlap = part.to - part.from;
  }
  if (longest === undefined) return null;
  const { kind, rendition, segment, bytes, waitMs } = longest;
  const transferMs = longest.to - longest.from - waitMs;
  const bitsPerSecond = bytes === undefined || transferMs <= 0 ? null : Math.round((bytes * 8 * 1000) / transferMs);
  return { kind, rendition, segment, bytes, waitMs, transferMs, bitsPerSecond };
}
