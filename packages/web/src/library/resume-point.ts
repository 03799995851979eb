/** Too little seen to come back to. */
const START_MS = 15_000;
/** Credits: who stopped here has seen the film. */
const END_MS = 60_000;
/** Short films have short beginnings and ends. */
const SHARE = 0.05;

/**
 * Where to go on watching, ms; undefined where the film was hardly begun, or seen to its end.
 * @param creditsMs where nothing but credits is left, if that is known.
 */
export function resumePoint(
  positionMs: number | undefined,
  durationMs: number | null,
  creditsMs?: number,
): number | undefined {
  if (positionMs === undefined || !durationMs) return undefined;
  const begun = positionMs >= Math.min(START_MS, durationMs * SHARE);
  return begun && !isSeen(positionMs, durationMs, creditsMs) ? positionMs : undefined;
}

export function isSeen(positionMs: number | undefined, durationMs: number | null, creditsMs?: number): boolean {
  if (positionMs === undefined || !durationMs) return false;
  return positionMs >= Math.min(creditsMs ?? durationMs, durationMs - Math.min(END_MS, durationMs * SHARE));
}
