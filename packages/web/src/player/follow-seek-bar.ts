/** The pointer rests for so long before the place under it is worth fetching, ms: a sweep across the film asks for nothing. */
const REST_MS = 60;

export interface FollowSeekBarOptions {
  readonly video: HTMLVideoElement;
  /** Holds the seek bar. */
  readonly stage: HTMLElement;
  /** The viewer may go there, seconds; undefined: nowhere any more. */
  readonly onPlace: (atS: number | undefined) => void;
}

/** Tells of the place in the film that the pointer rests at, where the player does not hold it already. Returns the stop function. */
export function followSeekBar({ video, stage, onPlace }: FollowSeekBarOptions): () => void {
  const stop = new AbortController();
  let rest: ReturnType<typeof setTimeout> | undefined;
  const isHeld = (atS: number): boolean => {
    for (let i = 0; i < video.buffered.length; i++) {
      if (video.buffered.start(i) <= atS && atS < video.buffered.end(i)) return true;
    }
    return false;
  };
  // What the seek bar asks its controller for, at each move of the pointer over it; null when it leaves.
  const onPreview = (event: Event): void => {
    if (!(event instanceof CustomEvent)) return;
    const atS: unknown = event.detail;
    clearTimeout(rest);
    if (typeof atS !== "number") return onPlace(undefined);
    rest = setTimeout(() => {
      if (!isHeld(atS)) onPlace(atS);
    }, REST_MS);
  };
  // The controller keeps the event to itself.
  stage.addEventListener("mediapreviewrequest", onPreview, { capture: true, signal: stop.signal });
  return () => {
    clearTimeout(rest);
    stop.abort();
  };
}
