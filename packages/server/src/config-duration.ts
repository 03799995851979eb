const unitMs = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** Reads `90s`, `2m`, `1.5h` as milliseconds; undefined when it is none or out of bounds. */
export function parseDuration(
  value: string,
  bounds: { readonly minMs: number; readonly maxMs: number },
): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value.trim());
  const unit = unitMs.get(match?.[2] ?? "");
  if (unit === undefined) return undefined;
  const ms = Math.round(Number(match?.[1]) * unit);
  return ms >= bounds.minMs && ms <= bounds.maxMs ? ms : undefined;
}
