/** A measured value as it is set in type: figures and units apart. `1 min 05 s` has two parts. */
export type Quantity = readonly { readonly figure: string; readonly unit: string }[];

const one = (figure: string, unit = ""): Quantity => [{ figure, unit }];
/** What is not known; never zero. */
export const unknown: Quantity = one("–");

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A quantity in one line of text. */
export function say(quantity: Quantity): string {
  return quantity.map(({ figure, unit }) => (unit === "" ? figure : `${figure}\u00a0${unit}`)).join("\u00a0");
}

/** Three figures that count: `347 ms`, `1.30 s`, `12.4 s`, `2 min 05 s`, `1 h 02 min`. */
export function milliseconds(ms: number | null | undefined): Quantity {
  if (!isNumber(ms)) return unknown;
  if (ms < 999.5) return one(grouped.format(ms), "ms");
  if (ms < 9_995) return one((ms / 1_000).toFixed(2), "s");
  if (ms < 59_950) return one((ms / 1_000).toFixed(1), "s");
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return pair(seconds, 60, "min", "s");
  const minutes = Math.round(ms / 60_000);
  if (minutes < 100 * 60) return pair(minutes, 60, "h", "min");
  return one(grouped.format(ms / 3_600_000), "h");
}

/**
 * A share of 0–1 in per cent: `0.35 %`, `12.3 %`. What is there but too small to show is not shown as none.
 * @param finer so many decimals more.
 */
export function share(ratio: number | null | undefined, finer = 0): Quantity {
  if (!isNumber(ratio)) return unknown;
  const percent = ratio * 100;
  const least = 10 ** -(2 + finer);
  if (percent === 0) return one("0", "%");
  if (percent < least / 2) return one(`< ${least.toFixed(2 + finer)}`, "%");
  if (percent < 9.995) return one(percent.toFixed(2 + finer), "%");
  return one(percent < 99.95 ? percent.toFixed(1 + finer) : grouped.format(percent), "%");
}

/** `336 kbit/s`, `3.15 Mbit/s`, `25.0 Mbit/s`. */
export function bitrate(bps: number | null | undefined): Quantity {
  if (!isNumber(bps)) return unknown;
  if (bps < 999_500) return one(grouped.format(bps / 1e3), "kbit/s");
  const megabits = bps / 1e6;
  return one(megabits < 9.995 ? megabits.toFixed(2) : megabits.toFixed(1), "Mbit/s");
}

export function count(n: number | null | undefined, unit = ""): Quantity {
  return isNumber(n) ? one(grouped.format(n), unit) : unknown;
}

/** A number that is no count and no time: a score, a rate. */
export function decimal(n: number | null | undefined, digits: number, unit = ""): Quantity {
  return isNumber(n) ? one(n.toFixed(digits), unit) : unknown;
}

/** Counts with their noun: `1 stall`, `3 stalls`. */
export function counted(n: number, noun: string): string {
  return `${grouped.format(n)}\u00a0${noun}${n === 1 ? "" : "s"}`;
}

function pair(total: number, base: number, large: string, small: string): Quantity {
  const rest = total % base;
  const whole = { figure: String(Math.floor(total / base)), unit: large };
  return rest === 0 ? [whole] : [whole, { figure: String(rest).padStart(2, "0"), unit: small }];
}

function isNumber(n: number | null | undefined): n is number {
  return typeof n === "number" && Number.isFinite(n);
}
