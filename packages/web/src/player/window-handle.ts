import type Hls from "hls.js";

/** What the page shows of its player, for tests and for who looks into it with the browser's tools. Nothing depends on it. */
export interface PlayerHandle {
  readonly video: HTMLVideoElement;
  /** Undefined where the browser plays the address itself. */
  readonly hls: Hls | undefined;
  /** The view that telemetry is about; empty before the film has a source. */
  readonly viewId: string;
}

declare global {
  interface Window {
    /** Present on the player page only. */
    playhead?: { readonly player: PlayerHandle };
  }
}

/** Returns the function that takes it away again. */
export function exposePlayer(player: PlayerHandle): () => void {
  window.playhead = { player };
  return () => {
    // The player of the next episode may be there already.
    if (window.playhead?.player === player) delete window.playhead;
  };
}
