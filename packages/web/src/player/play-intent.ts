/** A click on Play on its way to the player page: what to play, from where, and when it was meant. */
export interface PlayIntent {
  readonly mediaId: string;
  readonly positionMs: number;
  /** `performance.now()` of the click: the startup time counts from here. */
  readonly clickedAt: number;
  /** Nobody clicked: the page was opened by its address. */
  readonly autoplay?: boolean;
}

let pending: PlayIntent | undefined;

/** Kept in memory only: a reloaded player page asks anew where to go on. */
export function rememberIntent(intent: PlayIntent): void {
  pending = intent;
}

/** Takes the intent for this item, once; one for another item is forgotten. */
export function takeIntent(mediaId: string): PlayIntent | undefined {
  const intent = pending;
  pending = undefined;
  return intent?.mediaId === mediaId ? intent : undefined;
}
