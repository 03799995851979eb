/** What of the view is shown, ms from its start. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const steps = [
  10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000,
  1_800_000, 3_600_000, 7_200_000,
];
const WANTED_TICKS = 8;
/** Closer than this there is nothing to see. */
const NARROWEST_MS = 50;

export interface Axis {
  readonly stepMs: number;
  readonly ticks: readonly number[];
}

/** Round times to label, a handful of them. */
export function axisOf({ from, to }: Window, wanted: number = WANTED_TICKS): Axis {
  const length = to - from;
  const stepMs = steps.find((step) => length / step <= wanted) ?? Math.ceil(length / wanted / 3_600_000) * 3_600_000;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / stepMs) * stepMs; at <= to; at += stepMs) ticks.push(at);
  return { stepMs, ticks };
}

/** `0:12`, `1:02:03`; with fractions as fine as the step asks for: `0:00.25`. */
export function axisTime(ms: number, stepMs = 1_000): string {
  const digits = stepMs >= 1_000 ? 0 : stepMs >= 100 ? 1 : stepMs >= 10 ? 2 : 3;
  const unit = 10 ** (3 - digits);
  const rounded = Math.round(Math.abs(ms) / unit) * unit;
  const seconds = Math.floor(rounded / 1_000);
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const whole = hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  const fraction =
    digits === 0
      ? ""
      : `.${String(rounded % 1_000)
          .padStart(3, "0")
          .slice(0, digits)}`;
  return `${ms < 0 && rounded > 0 ? "−" : ""}${whole}${fraction}`;
}

/** Looks closer (factor below 1) or further away, around a time, within the view. */
export function zoomed(window: Window, factor: number, around: number, lengthMs: number): Window {
  const length = Math.min(lengthMs, Math.max(NARROWEST_MS, (window.to - window.from) * factor));
  const held = (around - window.from) / (window.to - window.from);
  return shifted({ from: around - held * length, to: around - held * length + length }, 0, lengthMs);
}

/** The window moved along, stopped by the ends of the view. */
export function shifted({ from, to }: Window, byMs: number, lengthMs: number): Window {
  const length = Math.min(lengthMs, to - from);
  const start = Math.min(Math.max(0, from + byMs), lengthMs - length);
  return { from: start, to: start + length };
}

/** A stretch that was drawn with the pointer, from either end. */
export function spanned(a: number, b: number, lengthMs: number): Window {
  const from = Math.max(0, Math.min(a, b));
  const to = Math.min(lengthMs, Math.max(a, b));
  return zoomed({ from, to: Math.max(to, from + 1) }, 1, from, lengthMs);
}
