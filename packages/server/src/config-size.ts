const unitBytes = new Map([
  ["B", 1],
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
  ["PB", 1e15],
  ["KIB", 2 ** 10],
  ["MIB", 2 ** 20],
  ["GIB", 2 ** 30],
  ["TIB", 2 ** 40],
]);
const MAX_BYTES = 1e15;

/** Reads `500MB`, `20GB`, `1.5GiB` as bytes; undefined when it is none or over a petabyte. */
export function parseBytes(value: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([KMGTP]?I?B)?$/i.exec(value.trim());
  const unit = unitBytes.get((match?.[2] ?? "B").toUpperCase());
  if (!match || unit === undefined) return undefined;
  const bytes = Math.round(Number(match[1]) * unit);
  return bytes <= MAX_BYTES ? bytes : undefined;
}
