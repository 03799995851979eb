import { parseDuration } from "../config-duration.js";
import { AppError } from "../errors.js";

const DAY_MS = 86_400_000;
const YEARS_100_MS = 100 * 366 * DAY_MS;
/** Up to here a number is a time that a `Date` can hold. */
const LAST_MS = 8.64e15;
/** More points than a chart can show. */
const MAX_POINTS = 2_000;
/** Intervals that fall on what a person calls an interval. */
const niceIntervals = ["10s", "30s", "1m", "5m", "15m", "30m", "1h", "3h", "6h", "12h", "1d", "7d"];
const WANTED_POINTS = 120;

export interface TimeRange {
  /** Unix ms, inclusive. */
  readonly from: number;
  /** Unix ms, exclusive. */
  readonly to: number;
}

const bad = (message: string) => new AppError("bad_request", { message });

/**
 * One time: Unix ms, RFC 3339, `now`, or relative to now such as `-24h`.
 * @throws {AppError} `bad_request` with what is allowed.
 */
export function parseTime(name: string, value: string, now: number): number {
  if (value === "now") return now;
  if (/^\d{1,16}$/.test(value) && Number(value) <= LAST_MS) return Number(value);
  if (value.startsWith("-")) {
    const ago = parseDuration(value.slice(1), { minMs: 0, maxMs: YEARS_100_MS });
    if (ago !== undefined) return now - ago;
  }
  if (/^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2}))?$/.test(value)) {
    const ms = Date.parse(value);
    if (!Number.isNaN(ms)) return ms;
  }
  throw bad(
    `${name} is "${value.slice(0, 64)}", but must be Unix milliseconds, a time such as 2026-01-31T12:00:00Z, or one such as -24h, -7d or now.`,
  );
}

/** `from` and `to` of a query; without them, the 24 hours before `to`, and up to now. */
export function parseRange(query: { readonly from?: string; readonly to?: string }, now: number): TimeRange {
  // A view may begin in this very millisecond, or on a clock that is a little ahead: an open range holds it.
  const to = query.to === undefined ? now + 60_000 : parseTime("to", query.to, now);
  const from = query.from === undefined ? to - DAY_MS : parseTime("from", query.from, now);
  if (from >= to) throw bad("from must be before to.");
  return { from, to };
}

/** `interval` of a query; one that gives around a hundred points without it. */
export function parseInterval(value: string | undefined, { from, to }: TimeRange): number {
  const intervalMs = value === undefined ? niceInterval(to - from) : durationOf(value);
  if (intervalMs === undefined) {
    throw bad(`interval is "${value?.slice(0, 64)}", but must be a duration from 1s to 366d, such as 1m, 1h or 1d.`);
  }
  if ((to - from) / intervalMs > MAX_POINTS) {
    throw bad(`interval is too short for this range: at most ${MAX_POINTS} points are given.`);
  }
  return intervalMs;
}

const durationOf = (value: string) => parseDuration(value, { minMs: 1_000, maxMs: 366 * DAY_MS });

function niceInterval(rangeMs: number): number {
  const wanted = rangeMs / WANTED_POINTS;
  for (const nice of niceIntervals) {
    const ms = durationOf(nice);
    if (ms !== undefined && ms >= wanted) return ms;
  }
  return Math.ceil(wanted / DAY_MS) * DAY_MS;
}
