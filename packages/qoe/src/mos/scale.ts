/**
 * Two scales of quality: the mean opinion score (1–5) and the R scale (0–100) on which impairments add up.
 * Source: ITU-T P.1203.1 (10/2017), annex E; ITU-T G.107.
 */

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

const MOS_MIN = 1.05;
const MOS_MAX = 4.9;

export function mosFromR(r: number): number {
  if (r <= 0) return MOS_MIN;
  if (r >= 100) return MOS_MAX;
  return MOS_MIN + ((MOS_MAX - MOS_MIN) * r) / 100 + r * (r - 60) * (100 - r) * 7e-6;
}

/** Below this R the curve falls before it rises, so it can't be inverted there. */
const FIRST_R = 3.25;
const STEP_R = 0.25;

const table: readonly { readonly mos: number; readonly r: number }[] = [
  { mos: MOS_MIN, r: 0 },
  ...Array.from({ length: (100 - FIRST_R) / STEP_R + 1 }, (_, i) => {
    const r = FIRST_R + i * STEP_R;
    return { mos: mosFromR(r), r };
  }),
];

/** The inverse, interpolated linearly in a table of steps of 0.25. */
export function rFromMos(mos: number): number {
  const wanted = clamp(mos, MOS_MIN, MOS_MAX);
  let low = 0;
  let high = table.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((table[middle]?.mos ?? 0) <= wanted) low = middle;
    else high = middle;
  }
  const a = table[low];
  const b = table[high];
  if (a === undefined || b === undefined || b.mos <= a.mos) return a?.r ?? 0;
  return a.r + ((b.r - a.r) * clamp(wanted - a.mos, 0, b.mos - a.mos)) / (b.mos - a.mos);
}
