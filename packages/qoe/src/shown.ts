import type { PlayheadEvent, RecordedEvent } from "@playhead/protocol";
import { measure, sample } from "./order-events.js";

/** What was on screen: bits per second, pixels of the media and of the player. Undefined: nobody told. */
export interface Shown {
  readonly bitrateBps: number | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly codec: string | undefined;
  readonly playerWidth: number | undefined;
  readonly playerHeight: number | undefined;
}

/** From `at` on, Unix ms. */
export interface ShownSince {
  readonly at: number;
  readonly shown: Shown;
}

const nothing: Shown = {
  bitrateBps: undefined,
  width: undefined,
  height: undefined,
  codec: undefined,
  playerWidth: undefined,
  playerHeight: undefined,
};

/**
 * What was on screen, change by change, in order. Known from `quality_change` and from what other events say of now. A value that
 * is first told of later reaches back to the start; what a change says it came from reaches back instead. 0 is unknown.
 */
export function shownOverTime(player: readonly RecordedEvent[]): readonly ShownSince[] {
  const changes: ShownSince[] = [{ at: Number.NEGATIVE_INFINITY, shown: nothing }];
  let first = nothing;
  let now = nothing;
  for (const { event } of player) {
    const next = after(now, event);
    if (next === now) continue;
    first = reachingBack(first, now, next, event);
    changes.push({ at: event.ts, shown: next });
    now = next;
  }
  return changes.map(({ at, shown }) => ({ at, shown: filled(shown, first) }));
}

/** The same object where the event says nothing new. */
function after(now: Shown, event: PlayheadEvent): Shown {
  const told = sample(event);
  const change = event.type === "quality_change" ? event : undefined;
  const bitrateBps = measure(change?.toBitrateBps) || measure(told.bitrateBps) || now.bitrateBps;
  const width = measure(change?.toWidth) || measure(told.width) || now.width;
  const height = measure(change?.toHeight) || measure(told.height) || now.height;
  const codec = change?.codec || now.codec;
  const playerWidth = measure(told.playerWidth) || now.playerWidth;
  const playerHeight = measure(told.playerHeight) || now.playerHeight;
  const same =
    bitrateBps === now.bitrateBps &&
    width === now.width &&
    height === now.height &&
    codec === now.codec &&
    playerWidth === now.playerWidth &&
    playerHeight === now.playerHeight;
  return same ? now : { bitrateBps, width, height, codec, playerWidth, playerHeight };
}

/** What `first` becomes by an event that told something for the first time. */
function reachingBack(first: Shown, now: Shown, next: Shown, event: PlayheadEvent): Shown {
  const from =
    event.type === "quality_change" && event.reason !== "initial"
      ? {
          ...nothing,
          bitrateBps: measure(event.fromBitrateBps) || undefined,
          width: measure(event.fromWidth) || undefined,
          height: measure(event.fromHeight) || undefined,
        }
      : next;
  return {
    bitrateBps: now.bitrateBps === undefined ? from.bitrateBps : first.bitrateBps,
    width: now.width === undefined ? from.width : first.width,
    height: now.height === undefined ? from.height : first.height,
    codec: now.codec === undefined ? from.codec : first.codec,
    playerWidth: now.playerWidth === undefined ? from.playerWidth : first.playerWidth,
    playerHeight: now.playerHeight === undefined ? from.playerHeight : first.playerHeight,
  };
}

function filled(shown: Shown, first: Shown): Shown {
  return {
    bitrateBps: shown.bitrateBps ?? first.bitrateBps,
    width: shown.width ?? first.width,
    height: shown.height ?? first.height,
    codec: shown.codec ?? first.codec,
    playerWidth: shown.playerWidth ?? first.playerWidth,
    playerHeight: shown.playerHeight ?? first.playerHeight,
  };
}
