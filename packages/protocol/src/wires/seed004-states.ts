/** Names of player states in the wild, to the canonical ones. */
const states: ReadonlyMap<string, string> = new Map([
  ["idle", "idle"],
  ["loading", "loading"],
  ["buffering", "buffering"],
  ["rebuffering", "buffering"],
  ["playing", "playing"],
  ["paused", "paused"],
  ["seeking", "seeking"],
  ["ended", "ended"],
  ["error", "error"],
]);

/** The canonical state of `playing`, `Playing` or `PLAYING`; undefined for one that we do not know. */
export const parsePlayerState = (value: unknown): string | undefined =>
  typeof value === "string" ? states.get(value.toLowerCase()) : undefined;
