import type { EventOf, RecordedEvent } from "@playhead/protocol";
import type { BitrateSample } from "./bitrate.js";
import { measure, sample } from "./order-events.js";
import { isArrived, shownStalls } from "./shown-stalls.js";
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
function isMedia(request: Request): boolean {
  return isArrived(request) && (request.mediaType ?? "video") === "video";
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
