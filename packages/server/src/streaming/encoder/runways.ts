interface Runway {
  /** Media time and wall-clock time (ms) of one moment of its playing. */
  fromS: number;
  fromMs: number;
  /** Media time up to which it was served. */
  toS: number;
  /** When an encoder last worked for it, ms. */
  neededAtMs: number;
}

/** Who was served by an encoder within this time keeps one busy. */
const playsForMs = 60_000;
/** Boundaries of sound and picture differ by less than this. */
const sameS = 0.5;

/**
 * How long each viewer can play on with what it was sent, told from the segments themselves: a viewer is taken to play
 * from its first segment on without a pause, which makes it rather poorer than it is.
 */
export class Runways {
  readonly #of = new Map<string, Runway>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /**
   * A viewer was sent the media from one time to another, seconds.
   * @param byEncoder whether an encoder works for it; the cache costs nothing.
   */
  served(viewerId: string, startS: number, endS: number, byEncoder: boolean): void {
    const now = this.#nowMs();
    const known = this.#of.get(viewerId);
    const neededAtMs = byEncoder ? now : (known?.neededAtMs ?? Number.NEGATIVE_INFINITY);
    const isNext = known !== undefined && startS <= known.toS + sameS && endS > playingAt(known, now) - sameS;
    if (known === undefined || !isNext || playingAt(known, now) >= known.toS) {
      // The first, a seek, or one that had run dry: it plays from here.
      this.#of.set(viewerId, { fromS: startS, fromMs: now, toS: endS, neededAtMs });
      return;
    }
    known.toS = Math.max(known.toS, endS);
    known.neededAtMs = neededAtMs;
  }

  /** Seconds, never negative; undefined for a viewer that has nothing yet. */
  of(viewerId: string): number | undefined {
    const known = this.#of.get(viewerId);
    return known === undefined ? undefined : Math.max(0, known.toS - playingAt(known, this.#nowMs()));
  }

  /** Viewers that keep an encoder busy. */
  get encodedFor(): number {
    const since = this.#nowMs() - playsForMs;
    let count = 0;
    for (const { neededAtMs } of this.#of.values()) if (neededAtMs >= since) count++;
    return count;
  }

  forget(viewerId: string): void {
    this.#of.delete(viewerId);
  }
}

const playingAt = ({ fromS, fromMs }: Runway, nowMs: number): number => fromS + (nowMs - fromMs) / 1000;
