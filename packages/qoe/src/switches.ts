import type { RecordedEvent } from "@playhead/protocol";
import { measure, sample } from "./order-events.js";

export interface Switches {
  readonly switchesUp: number;
  readonly switchesDown: number;
  /** All of them, also those whose direction is unknown. */
  readonly switches: number;
}

/**
 * Changes of the rendered rendition, up and down apart: by bitrate, or by picture size where bitrates are not told. The choice
 * that a view begins with (reason `initial`, or the first when nothing was known before) is no switch, nor is a change to the same.
 * Source: CTA-2066 "rendition switches".
 */
export function switches(player: readonly RecordedEvent[]): Switches {
  let up = 0;
  let down = 0;
  let all = 0;
  let bitrate: number | undefined;
  let pixels: number | undefined;
  for (const { event } of player) {
    if (event.type !== "quality_change") {
      const now = sample(event);
      bitrate = measure(now.bitrateBps) || bitrate;
      pixels = area(now.width, now.height) || pixels;
      continue;
    }
    const from = measure(event.fromBitrateBps) || bitrate;
    const fromPixels = area(event.fromWidth, event.fromHeight) || pixels;
    bitrate = measure(event.toBitrateBps) || undefined;
    pixels = area(event.toWidth, event.toHeight) || undefined;
    if (event.reason === "initial" || (from === undefined && fromPixels === undefined)) continue;
    const byBitrate = compare(from, bitrate);
    const direction = byBitrate || (compare(fromPixels, pixels) ?? byBitrate);
    if (direction === 0) continue;
    all += 1;
    if (direction === 1) up += 1;
    else if (direction === -1) down += 1;
  }
  return { switchesUp: up, switchesDown: down, switches: all };
}

/** 1 up, −1 down, 0 the same, undefined when a side is unknown. */
function compare(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.sign(to - from);
}

function area(width: unknown, height: unknown): number | undefined {
  const w = measure(width);
  const h = measure(height);
  return w && h ? w * h : undefined;
}
