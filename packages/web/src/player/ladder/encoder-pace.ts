/** Segments over which the pace is measured: the first one of a run also waits for ffmpeg to start. */
const SEGMENTS = 3;
/** An encoder that needs this share of real time leaves nothing to fill a buffer with. */
const TOO_SLOW = 0.9;
/** How long a level that was too dear is left alone: other viewers come and go. */
const REST_MS = 60_000;

export interface EncoderPace {
  /** A segment of a converted level arrived: how long it was waited for, and how long it plays. */
  segment(level: number, waitMs: number, durationS: number, now: number): void;
  /** Whether the server makes this level, or a lesser one, slower than it plays. */
  isTooDear(level: number, now: number): boolean;
}

/** Notices that the server can't make a level as fast as it plays: no network would help then, a smaller picture does. */
export function createEncoderPace(): EncoderPace {
  let recent: { readonly level: number; readonly waitMs: number; readonly durationS: number }[] = [];
  let tooDear = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  return {
    segment(level, waitMs, durationS, now) {
      if (recent.some((segment) => segment.level !== level)) recent = [];
      recent = [...recent.slice(1 - SEGMENTS), { level, waitMs, durationS }];
      if (recent.length < SEGMENTS) return;
      const waitS = recent.reduce((sum, segment) => sum + segment.waitMs, 0) / 1000;
      const playsS = recent.reduce((sum, segment) => sum + segment.durationS, 0);
      if (waitS <= playsS * TOO_SLOW) return;
      recent = [];
      tooDear = now < until ? Math.min(tooDear, level) : level;
      until = now + REST_MS;
    },
    isTooDear: (level, now) => now < until && level >= tooDear,
  };
}
