const KEY = "playhead.bandwidth";
/** A measurement is of the network that a device is in; by the next day it is likely in another. */
const LIFETIME_MS = 12 * 3_600_000;
/** Writing on each segment would be work for nothing. */
const EVERY_MS = 5_000;

let keptAt = Number.NEGATIVE_INFINITY;

/** What playback measured last on this device, bits per second; undefined when that is too long ago. */
export function knownBandwidth(now = Date.now()): number | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (typeof kept !== "object" || kept === null || !("bps" in kept) || !("at" in kept)) return undefined;
    const { bps, at } = kept;
    if (typeof bps !== "number" || typeof at !== "number" || !(bps > 0)) return undefined;
    return at <= now && now - at < LIFETIME_MS ? Math.round(bps) : undefined;
  } catch {
    return undefined;
  }
}

export function keepBandwidth(bps: number, now = Date.now()): void {
  if (!(bps > 0) || !Number.isFinite(bps) || now - keptAt < EVERY_MS) return;
  keptAt = now;
  try {
    localStorage.setItem(KEY, JSON.stringify({ bps: Math.round(bps), at: now }));
  } catch {
    // Storage is off: the next film begins with what the server presumes.
  }
}
