/** A parsed time; `exact` is false when digits finer than a millisecond were cut off. */
export interface Instant {
  readonly ms: number;
  readonly exact: boolean;
}

const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,12}))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads a time of RFC 3339 §5.6 as Unix ms: any fraction (chrono writes nanoseconds), any offset.
 * A leap second counts as the second after it (§5.7). Undefined for what is no such time or no such day.
 */
export function parseRfc3339(text: string): Instant | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const part = (index: number) => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const [offsetHour, offsetMinute] = [part(10), part(11)];
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined;
  if (month < 1 || month > 12 || day < 1) return undefined;

  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // The calendar rolls 30 February over into March; then it was no day.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;

  const fraction = match[7] ?? "";
  const millis = Number(fraction.padEnd(3, "0").slice(0, 3));
  const offset = (match[9] === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute);
  const ms = date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millis;
  return { ms, exact: !/[1-9]/.test(fraction.slice(3)) };
}
