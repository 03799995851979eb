import type { FieldReader } from "../field-reader.js";

/** Tokens of `sta`, as our states. Quitting is an event and no state of ours. */
const states: ReadonlyMap<string, string> = new Map([
  ["d", "idle"],
  ["s", "loading"],
  ["p", "playing"],
  ["k", "seeking"],
  ["r", "buffering"],
  ["a", "paused"],
  ["e", "ended"],
  ["f", "error"],
]);
/** Paused by the player, not by its user: of a draft, and told apart in the rest. */
const WAITING = "w";

export const QUIT = "q";

/** The state that a report tells; what is none of the standard's stays in the rest. */
export function takeState(read: FieldReader): string | undefined {
  const token = read.peek(["sta"]);
  if (token === WAITING) return "paused";
  const state = typeof token === "string" ? states.get(token) : undefined;
  if (state !== undefined) read.any(["sta"]);
  return state;
}
