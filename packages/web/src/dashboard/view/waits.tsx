import type { Explanation, ViewReply } from "@playhead/protocol";
import { milliseconds, say } from "../quantity.js";
import { axisTime } from "./axis.js";
import { causeNames, waitWords } from "./wait-words.js";

export interface WaitsProps {
  readonly explanations: ViewReply["explanations"];
  /** Unix ms of the view's start. */
  readonly zero: number;
  /** Puts the marker there, ms from the start of the view. */
  readonly onPlace: (at: number) => void;
}

/** Why the view waited: a sentence for its slow start and for each stall. Nothing where it never waited. */
export function Waits({ explanations: { start, stalls }, zero, onPlace }: WaitsProps) {
  if (start === null && stalls.length === 0) return null;
  return (
    <section class="waits" aria-labelledby="waits">
      <h2 class="title-face" id="waits">
        Why it waited
      </h2>
      <ol>
        {start !== null && <Wait found={start} what="Slow start" zero={zero} onPlace={onPlace} />}
        {stalls.map((stall) => (
          <Wait key={stall.at} found={stall} what="Stall" zero={zero} onPlace={onPlace} />
        ))}
      </ol>
    </section>
  );
}

function Wait({ found, what, zero, onPlace }: Omit<WaitsProps, "explanations"> & { found: Explanation; what: string }) {
  const at = Math.max(0, found.at - zero);
  return (
    <li class="wait" data-cause={found.cause}>
      <button type="button" class="wait-at link mono" onClick={() => onPlace(at)}>
        {axisTime(at, 1)}
      </button>
      <span class="wait-what">
        {what}, {say(milliseconds(found.durationMs))}
      </span>
      <strong class="wait-cause">{causeNames[found.cause]}</strong>
      <span class="wait-words">{waitWords(found)}</span>
      <Parts found={found} />
    </li>
  );
}

/** Where the time went, as a bar; the words beside it say it too. */
function Parts({ found }: { found: Explanation }) {
  const parts = [
    ["server", found.serverMs],
    ["network", found.networkMs],
    ["blocked", found.blockedMs],
    ["idle", found.idleMs],
  ] as const;
  const shown = parts.filter(([, part]) => part > 0);
  const label = shown.map(([name, part]) => `${name} ${say(milliseconds(part))}`).join(", ");
  return (
    <span class="wait-parts" role="img" aria-label={label} title={label}>
      {shown.map(([name, part]) => (
        <i key={name} data-part={name} style={{ flexGrow: part }} />
      ))}
    </span>
  );
}
