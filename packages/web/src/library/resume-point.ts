/** Too little seen to come back to. */
const START_MS = 15_000;
/** Credits: who stopped here has seen the film. */
const END_MS = 60_000;
/** Short films have short beginnings and ends. */
const SHARE = 0.05;

/** Where to go on watching, ms; undefined where the film was hardly begun, or seen to its end. */
export function resumePoint(positionMs: number | undefined, durationMs: number | null): number | undefined {
  if (positionMs === undefined || !durationMs) return undefined;
  const begun = positionMs >= Math.min(START_MS, durationMs * SHARE);
  return begun && !isSeen(positionMs, durationMs) ? positionMs : undefined;
}

export function isSeen(positionMs: number | undefined, durationMs: number | null): boolean {
  if (positionMs === undefined || !durationMs) return false;
  return positionMs >= durationMs - Math.min(END_MS, durationMs * SHARE);
}
