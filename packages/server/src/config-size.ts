const unitBytes = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
} as const;
const MAX_BYTES = 1e15;

/** Reads `500MB`, `20GB`, `1.5GiB` as bytes; undefined when it is none or over a petabyte. */
export function parseBytes(value: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([KMGTP]?I?B)?$/i.exec(value.trim());
  if (!match) return undefined;
  const unit = (match[2] ?? "B").toUpperCase();
  if (!(unit in unitBytes)) return undefined;
  const bytes = Math.round(Number(match[1]) * unitBytes[unit as keyof typeof unitBytes]);
  return bytes <= MAX_BYTES ? bytes : undefined;
}
