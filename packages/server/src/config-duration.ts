const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads `90s`, `2m`, `1.5h` as milliseconds; undefined when it is none or out of bounds. */
export function parseDuration(
  value: string,
  bounds: { readonly minMs: number; readonly maxMs: number },
): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value.trim());
  if (!match) return undefined;
  const ms = Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
  return ms >= bounds.minMs && ms <= bounds.maxMs ? ms : undefined;
}
