import type { ViewRow } from "@playhead/protocol";
import { milliseconds, say } from "./quantity.js";

const parts = [
  { state: "startup", name: "starting", ms: (view: ViewRow) => view.startupMs ?? 0 },
  { state: "playing", name: "playing", ms: (view: ViewRow) => view.playingMs },
  { state: "seeking", name: "seeking", ms: (view: ViewRow) => view.seekMs },
  { state: "rebuffering", name: "stalled", ms: (view: ViewRow) => view.rebufferMs },
  { state: "paused", name: "paused", ms: (view: ViewRow) => view.pauseMs },
] as const;

/** What a view's time went into, as one strip. Short troubles stay visible. */
export function Makeup({ view }: { view: ViewRow }) {
  const present = parts.map((part) => ({ ...part, spent: part.ms(view) ?? 0 })).filter(({ spent }) => spent > 0);
  if (present.length === 0) return <span class="makeup" data-empty />;
  const words = present.map(({ name, spent }) => `${name} ${say(milliseconds(spent))}`).join(", ");
  return (
    <span class="makeup" role="img" aria-label={words} title={words}>
      {present.map(({ state, spent }) => (
        <i key={state} data-state={state} style={{ flexGrow: spent }} />
      ))}
    </span>
  );
}
