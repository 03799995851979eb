/** Whoever waits in front of a player goes first, and what nobody may ever ask for goes last. */
const order = ["playing", "look-ahead", "prewarm", "thumbnails"] as const;
export type EncoderPriority = (typeof order)[number];

/** What somebody needs a slot for. */
export interface SlotClaim {
  readonly priority: EncoderPriority;
  /** Seconds until the first of its viewers has nothing left to play; 0 where nobody plays. */
  readonly runwayS: number;
  /** None of its viewers has anything to play yet. */
  readonly isNewcomer?: boolean;
  /** It holds a slot and does nothing with it: all that it may make ahead is made. */
  readonly isIdle?: boolean;
}

/** A viewer with less than this in hand is about to wait: work for them is no look-ahead any more. */
export const enoughS = 8;

/** The smaller goes first. A run that has all it may have ahead does nothing with its slot: it yields to anybody. */
export function rank({ priority, isIdle }: SlotClaim): number {
  if (isIdle === true && priority !== "prewarm") return order.length;
  return order.indexOf(priority);
}

export const isForViewers = ({ priority }: SlotClaim): boolean => priority === "playing" || priority === "look-ahead";

/** Whoever already plays goes before a newcomer once little is left to them. */
export function urgencyS({ runwayS, isNewcomer }: SlotClaim): number {
  return isNewcomer === true ? enoughS : runwayS;
}

/**
 * Whether one takes the slot of another, whose encoder ends.
 * @param hasRoom whether this machine keeps up with the one who asks, too.
 */
export function mayTake(wanted: SlotClaim, held: SlotClaim, hasRoom: boolean): boolean {
  if (isForViewers(held) && !hasRoom) return false;
  if (rank(held) !== rank(wanted)) return rank(held) > rank(wanted);
  // Among viewers a slot changes hands only for a good reason: each change costs a start.
  return wanted.priority === "playing" && urgencyS(held) > urgencyS(wanted) + enoughS;
}
