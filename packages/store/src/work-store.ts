/** The server's work is added up by five minutes, ms: the least that can be told apart. */
export const WORK_SLOT_MS = 300_000;

/** How finely old work is kept, oldest last: the finest that may be asked of a time. */
export const workAges = [
  { olderThanMs: 8 * 86_400_000, slotMs: 3_600_000 },
  { olderThanMs: 100 * 86_400_000, slotMs: 86_400_000 },
] as const;

/** Four edges to each doubling: neighbours lie 19 % apart. */
const geometric = (first: number, doublings: number): readonly number[] =>
  Array.from({ length: doublings * 4 + 1 }, (_, i) => first * 2 ** (i / 4));

/**
 * Edges of the bins that work is counted in; one more bin than edges, and a value on an edge is above it. What is stored was
 * counted by them, so they never change: 50 ms to 51 s, and an eighth of real time to 32 times as fast. 1 is one of them.
 */
export const firstSegmentEdgesMs = geometric(50, 10);
export const speedEdges = geometric(1 / 8, 8);

/** What encoders of one kind did: sums, of which means and rates are made. */
export interface EncoderSums {
  readonly starts: number;
  readonly failures: number;
  /** Runs that had to wait for others, whatever came of it, and for how long in all. */
  readonly waits: number;
  readonly waitedMs: number;
  /** Runs that got as far as their first segment; until they wrote anything, and until that segment was there. */
  readonly firstSegments: number;
  readonly outputMs: number;
  readonly firstSegmentMs: number;
  /** Segments but the first of each run: that one's time is mostly the start's. */
  readonly segments: number;
  readonly mediaMs: number;
  readonly tookMs: number;
  /** Runs by the time to their first segment; segments by speed, media time / time it took. */
  readonly firstSegmentBins: readonly number[];
  readonly speedBins: readonly number[];
}

/** Which encoders: all of it words of few values. */
export interface EncoderKey {
  readonly kind: "video" | "audio";
  /** ffmpeg's names of the film's codec and container, and of what converts it. */
  readonly codec: string;
  readonly container: string;
  readonly encoder: string;
}

export interface SessionSums {
  readonly starts: number;
  /** Those of them that were made ready before anyone pressed play. */
  readonly preloads: number;
  /** To plan and open them, in all. */
  readonly startMs: number;
  /** Ends by reason. */
  readonly idle: number;
  readonly client: number;
  readonly shutdown: number;
  readonly unused: number;
}

export interface SessionKey {
  readonly delivery: "copy" | "transcode";
}

interface At {
  /** Start of the slot or interval, Unix ms. */
  readonly at: number;
}
export type EncoderWork = At & EncoderKey & EncoderSums;
export type SessionWork = At & SessionKey & SessionSums;

export interface Work {
  readonly encoders: readonly EncoderWork[];
  readonly sessions: readonly SessionWork[];
}

/** What one server adds at once: each slot and key one time. */
export interface WorkBatch extends Work {
  readonly appId: string;
  /** Names a server while it runs. */
  readonly writer: string;
  /** Grows with each batch of that writer. */
  readonly seq: number;
}

/** Which slots: begun in [from, to), Unix ms. */
export interface WorkSelection {
  readonly appId: string;
  readonly from: number;
  readonly to: number;
}

/** What the server's sessions and encoders did, added up by time: small whatever there is to do. Several servers add to it. */
export interface WorkStore {
  /**
   * Adds to what is there, all or nothing. A batch that was added before is not added again: after an error nobody knows
   * whether it was, and the same batch is to be sent again before the writer's next.
   * @throws {StoreUnavailableError}
   */
  add(batch: WorkBatch): Promise<void>;
  /** By key and interval (aligned to the epoch), in the order of time. Only what has something. */
  read(selection: WorkSelection, intervalMs: number): Promise<Work>;
  /** Merges what lies before `before`, Unix ms, into slots of `slotMs`, a multiple of theirs. No sum changes. */
  thin(before: number, slotMs: number): Promise<void>;
}
