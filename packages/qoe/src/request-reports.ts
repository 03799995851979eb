import type { EventOf, RecordedEvent } from "@playhead/protocol";
import type { BitrateSample } from "./bitrate.js";
import { measure, sample } from "./order-events.js";
import type { Switches } from "./switches.js";

type Request = EventOf<"request">;

/** What a view's requests alone tell of it (CMCD on requests). */
export interface RequestReports {
  /** Media that was taken, with its duration: of what was shown nothing is told, but little is taken in vain. */
  readonly bitrateSamples: readonly BitrateSample[];
  readonly switches: Switches;
  readonly rebufferCount: number;
  /** Null when stalls were told without their length. */
  readonly rebufferMs: number | null;
}

export function requestReports(player: readonly RecordedEvent[]): RequestReports {
  // The same request may be told twice: by the player when it was answered, and by us.
  const ours = player.filter(({ source }) => source === "cmcd-request");
  const requests = (ours.length > 0 ? ours : player)
    .map(({ event }) => event)
    .filter((event) => event.type === "request");
  const media = requests.filter(isMedia);
  return {
    bitrateSamples: media.flatMap(({ bitrateBps, mediaMs }) =>
      bitrateBps && mediaMs ? [{ durationS: mediaMs / 1000, bitrateBps }] : [],
    ),
    switches: switchesOf(media),
    ...rebufferingOf(player, requests),
  };
}

/** A segment with the picture in it, that arrived as far as we know. Sound and subtitles have a bitrate of their own. */
function isMedia({ kind, status, mediaType }: Request): boolean {
  return kind === "segment" && (status === undefined || status < 400) && (mediaType ?? "video") === "video";
}

function switchesOf(media: readonly Request[]): Switches {
  let switchesUp = 0;
  let switchesDown = 0;
  let before: number | undefined;
  for (const { bitrateBps } of media) {
    if (!bitrateBps) continue;
    if (before !== undefined && bitrateBps > before) switchesUp += 1;
    if (before !== undefined && bitrateBps < before) switchesDown += 1;
    before = bitrateBps;
  }
  return { switchesUp, switchesDown, switches: switchesUp + switchesDown };
}

/**
 * The player's own counts where it sends them (`bsa`, `bsda`, `bsd`); else what its requests show of stops for lack of data.
 */
function rebufferingOf(
  player: readonly RecordedEvent[],
  requests: readonly Request[],
): Pick<RequestReports, "rebufferCount" | "rebufferMs"> {
  let count: number | undefined;
  let totalMs: number | undefined;
  let endedMs: number | undefined;
  for (const { event } of player) {
    const now = sample(event);
    count = greater(count, measure(now.rebufferCount));
    totalMs = greater(totalMs, measure(now.rebufferMs));
    const ended = measure(now.rebufferedMs);
    if (ended !== undefined) endedMs = (endedMs ?? 0) + ended;
  }
  const rebufferCount = count ?? shownStalls(requests);
  return { rebufferCount, rebufferMs: totalMs ?? endedMs ?? (rebufferCount === 0 ? 0 : null) };
}

const greater = (a: number | undefined, b: number | undefined) => (b === undefined ? a : Math.max(a ?? 0, b));

/** More buffer than this, in segments, after the buffer "ran dry": it did not, the viewer sought within it. */
const FULL_SEGMENTS = 1.5;
/** By so much a playhead may be ahead of where playing has brought it: buffers are told to the tenth of a second. */
const SLACK_MS = 500;

/**
 * A request says that the buffer ran dry (`bs`), or is urgent (`su`) after some that were not: a stop. Players say the same of a
 * seek, so it is none when the segment does not follow the one before, when the buffer is full, or when the playhead is where
 * playing could not have brought it; nor on the request after such a one that said nothing, for hls.js may say it one late.
 */
function shownStalls(requests: readonly Request[]): number {
  let count = 0;
  let starved = false;
  /** A start is urgent from its first request on. */
  let urgent = true;
  let before: number | undefined;
  let reach = new Reach();
  let seekUnsaid = false;
  for (const request of requests) {
    // Said of an init segment, which has no place in the film, it is judged by the segment after it.
    starved ||= request.starved === true;
    if (!isMedia(request)) continue;
    const { segment, mediaMs, bufferMs = 0 } = request;
    // Rungs of one film are cut at the same places, so a change of rendition is no jump.
    const follows = segment === undefined || before === undefined || segment === before || segment === before + 1;
    const isFull = mediaMs !== undefined && bufferMs > FULL_SEGMENTS * mediaMs;
    const jumped = !follows || !reach.has(request);
    const sought = jumped || isFull;
    const isDry = starved || (request.urgent === true && !urgent);
    if (isDry && !sought && !seekUnsaid) count += 1;
    seekUnsaid = jumped && !isDry && request.urgent !== true;
    if (sought) reach = new Reach();
    reach.add(request);
    starved = false;
    urgent = request.urgent === true;
    before = segment ?? before;
  }
  return count;
}

/** How far playing can have brought the playhead since the last seek. */
class Reach {
  /** The furthest that playback can have been at time 0, had it played since. */
  #startMs: number | undefined;

  add({ ts, mediaStartMs, bufferMs }: Request): void {
    if (mediaStartMs === undefined) return;
    const startMs = mediaStartMs - (bufferMs ?? 0) - ts;
    this.#startMs = Math.max(this.#startMs ?? startMs, startMs);
  }

  has({ ts, mediaStartMs, bufferMs }: Request): boolean {
    if (mediaStartMs === undefined || this.#startMs === undefined) return true;
    return mediaStartMs - (bufferMs ?? 0) <= this.#startMs + ts + SLACK_MS;
  }
}
