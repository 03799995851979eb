import type { ViewRow } from "@playhead/protocol";

export type Tone = "plain" | "good" | "warn" | "bad";

const states: Readonly<Record<string, { readonly word: string; readonly tone: Tone }>> = {
  idle: { word: "Waiting for play", tone: "plain" },
  waiting_start: { word: "Starting", tone: "warn" },
  playing: { word: "Playing", tone: "good" },
  paused: { word: "Paused", tone: "plain" },
  seeking: { word: "Seeking", tone: "warn" },
  rebuffering: { word: "Stalled", tone: "bad" },
  silent: { word: "Silent", tone: "plain" },
  ended: { word: "Ended", tone: "plain" },
  failed: { word: "Failed", tone: "bad" },
};

const exits: Readonly<Record<string, { readonly word: string; readonly tone: Tone }>> = {
  ended: { word: "Played to the end", tone: "plain" },
  left: { word: "Left", tone: "plain" },
  before_start: { word: "Left before the start", tone: "warn" },
  start_failure: { word: "Failed to start", tone: "bad" },
  playback_failure: { word: "Failed", tone: "bad" },
};

/** How a view is doing, or how it ended. */
export function standing(view: Pick<ViewRow, "exit" | "state">): { readonly word: string; readonly tone: Tone } {
  const known = view.exit === "open" ? states[view.state] : exits[view.exit];
  return known ?? { word: view.exit === "open" ? view.state : view.exit, tone: "plain" };
}
