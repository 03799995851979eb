import { listen, type Stop } from "./listen.js";

/** Counts what the viewer does to the player: presses and keys inside `root`, the element that holds it. */
export function observeInteractions(root: EventTarget, count: () => void): Stop {
  return listen(root, ["pointerdown", "keydown"], (event) => event.isTrusted && count(), true);
}
