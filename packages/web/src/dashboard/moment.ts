const cache = new Map<string, Intl.DateTimeFormat>();

function format(key: string, options: Intl.DateTimeFormatOptions, timeZone: string | undefined): Intl.DateTimeFormat {
  const name = `${key} ${timeZone ?? ""}`;
  let made = cache.get(name);
  if (!made) {
    made = new Intl.DateTimeFormat("en-GB", { ...options, hourCycle: "h23", ...(timeZone && { timeZone }) });
    cache.set(name, made);
  }
  return made;
}

const clock = { hour: "2-digit", minute: "2-digit" } as const;
const day = { day: "numeric", month: "short" } as const;

/** A moment as short as it may be said now: `14:02`, `yesterday 14:02`, `3 Nov 14:02`, `3 Nov 2024`. */
export function moment(ms: number, now: number, timeZone?: string): string {
  const dayOf = (at: number) =>
    format("iso", { year: "numeric", month: "2-digit", day: "2-digit" }, timeZone).format(at);
  const time = format("clock", clock, timeZone).format(ms);
  if (dayOf(ms) === dayOf(now)) return time;
  if (dayOf(ms) === dayOf(now - 86_400_000)) return `yesterday ${time}`;
  const year = format("year", { year: "numeric" }, timeZone);
  if (year.format(ms) !== year.format(now)) return format("date", { ...day, year: "numeric" }, timeZone).format(ms);
  return `${format("day", day, timeZone).format(ms)} ${time}`;
}

/** A moment in full, to the second: `Tue 3 Nov 2026, 14:02:05`. */
export function fullMoment(ms: number, timeZone?: string): string {
  const date = format("full-day", { weekday: "short", ...day, year: "numeric" }, timeZone)
    .format(ms)
    .replace(",", "");
  return `${date}, ${format("full-clock", { ...clock, second: "2-digit" }, timeZone).format(ms)}`;
}

/** The start of an interval of a chart, as exact as its length asks for. */
export function tickMoment(ms: number, intervalMs: number, timeZone?: string): string {
  const date = format("day", day, timeZone).format(ms);
  return intervalMs >= 86_400_000 ? date : `${date} ${format("clock", clock, timeZone).format(ms)}`;
}

export function clockTime(ms: number, timeZone?: string): string {
  return format("clock", clock, timeZone).format(ms);
}

export function dayName(ms: number, timeZone?: string): string {
  return format("day", day, timeZone).format(ms);
}
