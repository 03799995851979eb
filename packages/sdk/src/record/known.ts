/** Leaves out what is undefined, so that "not known" is absent on the wire and never null or 0. */
export function known<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T>;
export function known(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A count or duration as the wire wants it: a whole number ≥ 0; undefined if it is no number. */
export function whole(value: number | null | undefined): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? Math.max(0, Math.round(value)) : undefined;
}
