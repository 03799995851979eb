import type { EventOf, RecordedEvent } from "@playhead/protocol";
import { measure } from "../order-events.js";
import type { Request } from "./requests.js";

/**
 * Requests that the player never told of, for it tells of those that ended: the server was asked, and the viewer left, or the
 * player gave up, before all was there. By the clock of the player.
 */
export function untoldRequests(
  player: readonly RecordedEvent[],
  server: readonly RecordedEvent[],
  told: readonly Request[],
): readonly Request[] {
  const leftAt = player.at(-1)?.event.ts;
  // Nobody waits for text, and players that draw it themselves don't tell of it.
  const segments = server.flatMap(({ event }) =>
    event.type === "segment" && event.mediaType !== "subtitle" ? [event] : [],
  );
  if (leftAt === undefined || segments.length === 0) return [];
  const behindMs = serversLead(player);
  const lastOf = new Map(segments.map((segment) => [segment.rendition, segment]));
  return segments.flatMap((segment): readonly Request[] => {
    const durationMs = measure(segment.durationMs);
    if (durationMs === undefined) return [];
    const readyAt = segment.ts - behindMs;
    const from = readyAt - durationMs;
    const gaveUp = segment.outcome === "client_left";
    const isOpen = gaveUp || (lastOf.get(segment.rendition) === segment && isOnItsWay(segment, from, told));
    const to = gaveUp ? Math.min(readyAt, leftAt) : leftAt;
    if (!isOpen || from >= to) return [];
    const { rendition, segment: index, waitMs = durationMs } = segment;
    const waited = Math.min(measure(waitMs) ?? 0, to - from);
    // How much of it came, nobody knows.
    return [{ kind: "segment", rendition, segment: index, bytes: undefined, waitMs: waited, from, to }];
  });
}

/** By how much the server's clock is ahead of the player's, ms: no event arrives before it happens, and the quickest hardly after. */
function serversLead(player: readonly RecordedEvent[]): number {
  let lead = Number.POSITIVE_INFINITY;
  for (const { event, receivedAt } of player) lead = Math.min(lead, receivedAt - event.ts);
  return lead;
}

/**
 * Sent, and the player told neither of its end nor of a later request for the same rendition, which it loads one after the
 * other. Where it tells of segments, but of none of this rendition, it tells of no such requests.
 */
function isOnItsWay(
  { outcome, rendition, segment }: EventOf<"segment">,
  from: number,
  told: readonly Request[],
): boolean {
  const same = told.filter((request) => request.rendition === rendition);
  const tells = same.length > 0 || told.every(({ kind }) => kind !== "segment");
  return (
    outcome === undefined &&
    tells &&
    !same.some(
      (request) => request.from > from + SLACK_MS || (request.kind === "segment" && request.segment === segment),
    )
  );
}

/** Two clocks are only so equal. */
const SLACK_MS = 1_000;
