import type { Scale } from "./chart-frame.js";
import { milliseconds, say } from "./quantity.js";

const steps = [15_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 18_000_000, 36_000_000];
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Minutes and hours don't come in tens: an axis of long times, up to `most` ms, gets steps of its own. */
export function durationScale(most: number): Scale {
  const interval = most < 30_000 ? undefined : steps.find((candidate) => most / candidate <= 4);
  return interval === undefined ? {} : { interval, max: Math.ceil(most / interval) * interval };
}

/** A time beside an axis, in one unit: `500 ms`, `1.5 s`, `1.5 min`, `2 h`. What has two is longer than the room there. */
export function durationTick(ms: number): string {
  if (ms >= HOUR_MS) return `${short(ms / HOUR_MS)}\u00a0h`;
  if (ms >= MINUTE_MS) return `${short(ms / MINUTE_MS)}\u00a0min`;
  return withoutZeros(say(milliseconds(ms)));
}

/** `1.50 s` is `1.5 s` beside an axis. */
export function withoutZeros(text: string): string {
  return text.replace(/\.(\d*?)0+(?!\d)/, (_all, kept: string) => (kept === "" ? "" : `.${kept}`));
}

const short = (value: number) => withoutZeros(value.toFixed(2));
