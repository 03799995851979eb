import type { ViewReply } from "@playhead/protocol";
import { isServerEvent, numberOf, textOf, type ViewEvent } from "./view-event.js";
import type { RequestBar } from "./view-timeline.js";

/**
 * Requests that were open when the viewer left, and were waited for: the player tells of those that ended, so what is known of them
 * is what the server concluded and did.
 */
export function untoldRequests(
  { start, stalls }: ViewReply["explanations"],
  events: readonly ViewEvent[],
  zero: number,
): readonly RequestBar[] {
  const waits = start === null ? stalls : [start, ...stalls];
  return waits.flatMap(({ at, durationMs, request }): readonly RequestBar[] => {
    if (request === null) return [];
    const isOf = (event: ViewEvent) =>
      textOf(event, "rendition") === request.rendition && numberOf(event, "segment") === request.segment;
    const isTold = events.some((event) => event.type === "request" && isOf(event));
    const served = events.findLast((event) => event.type === "segment" && isServerEvent(event) && isOf(event));
    if (isTold || served === undefined) return [];
    const to = at + durationMs - zero;
    // How much of it came, nobody knows.
    const event = { ...served, bytes: undefined };
    const { waitMs, transferMs } = request;
    return [{ from: to - waitMs - transferMs, to, waitMs, failed: false, unfinished: true, event }];
  });
}
