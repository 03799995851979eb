import type { Quality } from "@playhead/protocol";

const KEY = "playhead.quality";

/** The viewer's own choice on this device, by what it means and not by its place in one film's list. Undefined: automatic. */
export function chosenQuality(): Quality | undefined {
  const kept = read();
  if (kept === "original") return kept;
  const lines = Number(kept);
  return Number.isInteger(lines) && lines > 0 ? lines : undefined;
}

/** Stays until the viewer chooses anew: through seeks and failures, for the next episode, and after a reload. */
export function chooseQuality(quality: Quality | undefined): void {
  try {
    if (quality === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, String(quality));
  } catch {
    // Storage is off: the choice holds for the film that plays.
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
