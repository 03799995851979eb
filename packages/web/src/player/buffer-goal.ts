import type Hls from "hls.js";

/** How much hls.js loads ahead. */
export interface BufferGoal {
  /** No more than these seconds, but at least one segment. */
  only(seconds: number): void;
  /** As much as the settings say. */
  all(): void;
}

export function bufferGoal(hls: Hls): BufferGoal {
  const { maxBufferLength, maxBufferSize } = hls.config;
  const set = (seconds: number, bytes: number): void => {
    hls.config.maxBufferLength = seconds;
    // hls.js loads until both are reached.
    hls.config.maxBufferSize = bytes;
  };
  return {
    only: (seconds) => set(seconds, 0),
    all: () => set(maxBufferLength, maxBufferSize),
  };
}
