import type { Cue } from "@playhead/hls";

/** Typesetting moves a sign frame by frame, each a cue of its own: nearer than this, the same text goes on. */
const SAME_SIGN_MS = 45;

/** The cues of one track in the order of their beginnings, as they are found; none is there twice. */
export class CueList {
  readonly #cues: Cue[] = [];
  readonly #keys = new Set<string>();
  /** The longest, to know how far back to look for those that still show. */
  #longestMs = 0;

  get all(): readonly Cue[] {
    return this.#cues;
  }

  /** @returns false when it is there already. */
  add(cue: Cue): boolean {
    const key = `${cue.startMs} ${cue.endMs} ${cue.settings} ${cue.text}`;
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    const at = this.#indexAfter(cue.startMs);
    for (let i = at - 1; i >= 0 && i >= at - 8; i--) {
      const before = this.#cues[i];
      if (before === undefined || before.text !== cue.text) continue;
      // The same in several layers, or one sign that moves: one cue, where it was first.
      if (cue.startMs - before.endMs > SAME_SIGN_MS) break;
      if (cue.startMs === before.startMs && cue.endMs <= before.endMs) return false;
      if (cue.endMs - cue.startMs > 4 * SAME_SIGN_MS && before.endMs <= cue.startMs) break;
      this.#cues[i] = { ...before, endMs: Math.max(before.endMs, cue.endMs) };
      this.#longestMs = Math.max(this.#longestMs, cue.endMs - before.startMs);
      return true;
    }
    this.#cues.splice(at, 0, cue);
    this.#longestMs = Math.max(this.#longestMs, cue.endMs - cue.startMs);
    return true;
  }

  /** Those that show at some moment from `fromMs` on and before `toMs`. */
  between(fromMs: number, toMs: number): readonly Cue[] {
    const found: Cue[] = [];
    for (let i = this.#indexAfter(fromMs - this.#longestMs - 1); i < this.#cues.length; i++) {
      const cue = this.#cues[i];
      if (cue === undefined || cue.startMs >= toMs) break;
      if (cue.endMs > fromMs) found.push(cue);
    }
    return found;
  }

  /** Index of the first cue that begins later. */
  #indexAfter(ms: number): number {
    let low = 0;
    let high = this.#cues.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#cues[middle]?.startMs ?? 0) <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
