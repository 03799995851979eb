import type { Runways } from "./runways.js";
import { type EncoderPriority, enoughS, type SlotClaim } from "./slot-claim.js";

/** Who asks: the life of the work hangs on it. */
export interface Viewer {
  /** The HLS session's id. */
  readonly id: string;
  /** A warm-up that is adopted becomes somebody's playing. */
  readonly priority: EncoderPriority;
}

export interface LookAheadOptions {
  readonly startSegment: number;
  /** Segment boundaries of the plan, seconds. */
  readonly boundaries: readonly number[];
  readonly lookAheadS: number;
  readonly lookAheadBytes: number;
  readonly runways: Runways;
}

interface Place {
  readonly viewer: Viewer;
  readonly index: number;
  /** It may have turned away. */
  readonly isAtRest?: boolean;
}

/** Where a run is, where its viewers are, and what lies between. */
export class LookAhead {
  readonly #options: LookAheadOptions;
  /** Each viewer, and the last segment it asked for. */
  readonly #viewers = new Map<string, Place>();
  /** Sizes of the segments made since, by index: those that no viewer reached yet are the look-ahead. */
  readonly #sizes = new Map<number, number>();
  #next: number;

  constructor(options: LookAheadOptions) {
    this.#options = options;
    this.#next = options.startSegment;
  }

  /** The segment that will be made next. */
  get next(): number {
    return this.#next;
  }

  get viewerIds(): string[] {
    return [...this.#viewers.keys()];
  }

  get hasViewers(): boolean {
    return this.#viewers.size > 0;
  }

  has(viewerId: string): boolean {
    return this.#viewers.has(viewerId);
  }

  /** A viewer is at a segment: the look-ahead counts from there. */
  attend(viewer: Viewer, index: number): void {
    this.#viewers.set(viewer.id, { viewer, index });
  }

  /** A viewer may have turned away: nothing is made ahead for it. @returns whether it was here. */
  rest(viewerId: string): boolean {
    const place = this.#viewers.get(viewerId);
    if (place === undefined) return false;
    this.#viewers.set(viewerId, { ...place, isAtRest: true });
    return true;
  }

  /** Whether all who are here may have turned away. */
  get isAtRest(): boolean {
    return this.hasViewers && [...this.#viewers.values()].every(({ isAtRest }) => isAtRest === true);
  }

  /** @returns whether that viewer was here. */
  leave(viewerId: string): boolean {
    return this.#viewers.delete(viewerId);
  }

  made(index: number, bytes: number): void {
    this.#next = index + 1;
    this.#sizes.set(index, bytes);
  }

  /** Whether all is made that may be made while nobody waits. A warm-up makes what was asked for and no more. */
  get isFull(): boolean {
    const { boundaries, lookAheadS, lookAheadBytes } = this.#options;
    if (this.hasViewers && this.#players().length === 0) return true;
    const demand = Math.max(this.#options.startSegment, ...[...this.#viewers.values()].map(({ index }) => index));
    let bytes = 0;
    for (const [index, size] of this.#sizes) {
      if (index <= demand) this.#sizes.delete(index);
      else bytes += size;
    }
    if (bytes >= lookAheadBytes) return true;
    return (boundaries[this.#next] ?? 0) - (boundaries[demand + 1] ?? 0) >= lookAheadS;
  }

  /** What the run's slot is worth. */
  claim(isAwaited: boolean): SlotClaim {
    const players = this.#players();
    if (players.length === 0) {
      if (this.hasViewers && !this.isAtRest) return { priority: "prewarm", runwayS: 0 };
      return { priority: isAwaited ? "playing" : "look-ahead", runwayS: 0 };
    }
    const { runways, boundaries } = this.#options;
    const isNewcomer = players.every(({ viewer }) => runways.of(viewer.id) === undefined);
    const runwayS = Math.min(
      ...players.map(({ viewer, index }) => {
        const aheadS = (boundaries[this.#next] ?? 0) - (boundaries[index + 1] ?? 0);
        return (runways.of(viewer.id) ?? 0) + Math.max(0, aheadS);
      }),
    );
    return { priority: isAwaited || runwayS < enoughS ? "playing" : "look-ahead", runwayS, isNewcomer };
  }

  #players() {
    return [...this.#viewers.values()].filter(
      ({ viewer, isAtRest }) => viewer.priority === "playing" && isAtRest !== true,
    );
  }
}
