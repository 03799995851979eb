/** One level of hls.js, as the choice needs it. */
export interface LadderLevel {
  /** Of picture and sound, on average. */
  readonly averageBps: number;
  readonly width: number;
  readonly height: number;
  /** The file's own picture, which costs the server less than any converted one. */
  readonly isOriginal: boolean;
}

export interface Situation {
  /** By bit rate, the least first. */
  readonly levels: readonly LadderLevel[];
  /** Index of the level that was loaded last. */
  readonly at: number;
  /** Undefined before anything was measured. */
  readonly bandwidthBps: number | undefined;
  /** Seconds that can be played with what is there. */
  readonly bufferS: number;
  readonly sinceSwitchS: number;
  /** Device pixels of where the picture is shown; undefined when it is not known. */
  readonly screen: { readonly width: number; readonly height: number } | undefined;
  /** Whether the server makes this level slower than it plays. */
  readonly isTooDear: (index: number) => boolean;
}

/** The network must carry this many times a level's average before it is taken. */
const UP = 1.4;
const DOWN = 1.15;
/** It is left when the network carries no more than this: nothing less than its average, or a little less from a store. */
const KEEP = 1.05;
const KEEP_WITH_STORE = 0.9;
const STORE_S = 15;
/** A switch up may cost time (an encoder that starts, the rest of a segment twice): it is paid from the buffer. */
const UP_BUFFER_S = 8;
const BETWEEN_SWITCHES_S = 4;
/** A picture that misses the screen by less is not worth the next larger level. */
const NEARLY = 0.95;

/** The level to load next. */
export function chooseLevel(situation: Situation): number {
  const { levels, at, bandwidthBps, bufferS, sinceSwitchS } = situation;
  const allowed = allowedLevels(situation);
  const isAllowed = allowed.includes(at);
  if (bandwidthBps === undefined) return isAllowed ? at : (allowed.findLast((index) => index <= at) ?? at);
  const best = (factor: number) =>
    allowed.findLast((index) => (levels[index]?.averageBps ?? Number.POSITIVE_INFINITY) * factor <= bandwidthBps);

  const up = best(UP);
  if (isAllowed) {
    const mayRise = bufferS >= UP_BUFFER_S && sinceSwitchS >= BETWEEN_SWITCHES_S;
    if (up !== undefined && up > at) return mayRise ? up : at;
    const keep = bufferS >= STORE_S ? KEEP_WITH_STORE : KEEP;
    if ((levels[at]?.averageBps ?? 0) * keep <= bandwidthBps) return at;
  }
  return best(DOWN) ?? allowed[0] ?? at;
}

/** Converted levels are no larger than the screen, and no dearer than the server bears; the original always may be. */
function allowedLevels({ levels, screen, isTooDear }: Situation): readonly number[] {
  const filling = levels.filter(({ width, height }) => screen !== undefined && fills(width, height, screen));
  const most = filling.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...filling.map(({ height }) => height));
  const allowed = [...levels.keys()].filter((index) => {
    const level = levels[index];
    return level !== undefined && (level.isOriginal || (level.height <= most && !isTooDear(index)));
  });
  return allowed.length > 0 ? allowed : [0];
}

const fills = (width: number, height: number, screen: { readonly width: number; readonly height: number }): boolean =>
  width > 0 && height > 0 && Math.min(screen.width / width, screen.height / height) * NEARLY <= 1;
