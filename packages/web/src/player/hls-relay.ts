import type { HlsLike } from "@playhead/sdk";

type Listener = Parameters<HlsLike["on"]>[1];

/** One hls.js in the eyes of who listens, whichever instance plays at the time: a new attempt is not a new view. */
export interface HlsRelay extends HlsLike {
  connect(hls: HlsLike): void;
}

export function createHlsRelay(first: HlsLike): HlsRelay {
  let current = first;
  const listeners: { readonly event: string; readonly listener: Listener }[] = [];
  return {
    get levels() {
      return current.levels;
    },
    get autoLevelEnabled() {
      return current.autoLevelEnabled;
    },
    get url() {
      return current.url ?? null;
    },
    on(event, listener) {
      listeners.push({ event, listener });
      current.on(event, listener);
    },
    off(event, listener) {
      const at = listeners.findIndex((each) => each.event === event && each.listener === listener);
      if (at >= 0) listeners.splice(at, 1);
      current.off(event, listener);
    },
    connect(hls) {
      if (hls === current) return;
      // The instance before was destroyed, and its listeners with it.
      current = hls;
      for (const { event, listener } of listeners) hls.on(event, listener);
    },
  };
}
