import { useRef } from "preact/hooks";
import { milliseconds, say } from "../quantity.js";
import { shifted, type Window } from "./axis.js";
import { rowsOf } from "./lanes.js";
import type { WaitSpan } from "./readout.js";
import type { RequestRows } from "./request-rows.js";
import { stateNames, type ViewTimeline } from "./view-timeline.js";

/** Only the states that are there. */
export function StateLegend({ timeline }: { timeline: ViewTimeline }) {
  const present = [...new Set(timeline.spans.map((span) => span.state))].filter((state) => state !== "ended");
  const waited = timeline.requests.some(({ waitMs }) => waitMs > 0);
  return (
    <ul class="legend">
      {present.map((state) => (
        <li key={state}>
          <i data-state={state} />
          {stateNames[state]}
        </li>
      ))}
      {timeline.requests.length > 0 && (
        <>
          {waited && (
            <li>
              <i data-part="wait" /> Waited for the server
            </li>
          )}
          <li>
            <i data-part="transfer" /> Transferred
          </li>
        </>
      )}
    </ul>
  );
}

export interface LaneNamesProps {
  readonly timeline: ViewTimeline;
  readonly rows: RequestRows;
  readonly waits: readonly WaitSpan[];
}

export function LaneNames({ timeline, rows, waits }: LaneNamesProps) {
  const most = timeline.buffer.reduce((high, { bufferMs }) => Math.max(high, bufferMs), 0);
  const fastest = timeline.frames.reduce((high, { fps }) => Math.max(high, fps ?? 0), 0);
  const { runs, sessions } = timeline.encoder;
  return (
    <div class="lanes-names" aria-hidden="true">
      <span class="lane lane-axis" />
      <span class="lane lane-state label">State</span>
      {waits.length > 0 && <span class="lane lane-waits label">Why</span>}
      {timeline.marks.length > 0 && <span class="lane lane-marks label">Events</span>}
      {timeline.quality.length > 0 && <span class="lane lane-quality label">Quality</span>}
      {timeline.buffer.length > 1 && (
        <span class="lane lane-buffer label">
          Buffer <small>{most > 0 ? `to ${say(milliseconds(most))}` : "empty"}</small>
        </span>
      )}
      {timeline.frames.length > 0 && (
        <span class="lane lane-frames label">
          Frames <small>{fastest > 0 ? `to ${fastest.toFixed(0)} fps` : "dropped"}</small>
        </span>
      )}
      {timeline.requests.length > 0 && (
        <span class="lane lane-requests label" style={{ height: `${Math.max(3, rows.rows * 0.8)}rem` }}>
          Requests <small>{rows.placed.length}</small>
        </span>
      )}
      {(runs.length > 0 || sessions.length > 0) && (
        <span class="lane lane-encoder label" style={{ height: `${0.9 + 0.8 * Math.max(1, rowsOf(runs).length)}rem` }}>
          Encoder
        </span>
      )}
    </div>
  );
}

export interface OverviewProps {
  readonly timeline: ViewTimeline;
  readonly window: Window;
  readonly onWindow: (next: Window) => void;
}

/** The whole view in one strip, with what is shown of it; dragging moves that along. The keyboard moves it from the tracks. */
export function Overview({ timeline: { spans, lengthMs }, window, onWindow }: OverviewProps) {
  const strip = useRef<HTMLDivElement>(null);
  const move = (event: PointerEvent) => {
    const box = strip.current?.getBoundingClientRect();
    if (!box || event.buttons === 0) return;
    const at = ((event.clientX - box.left) / box.width) * lengthMs;
    onWindow(shifted(window, at - (window.from + window.to) / 2, lengthMs));
  };
  const share = (ms: number) => `${(ms / lengthMs) * 100}%`;
  return (
    <div
      class="lanes-overview"
      ref={strip}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        move(event);
      }}
      onPointerMove={move}
    >
      {spans.map((span) => (
        <i
          key={span.from}
          class="span"
          data-state={span.state}
          style={{ left: share(span.from), width: share(span.to - span.from) }}
        />
      ))}
      <b style={{ left: share(window.from), width: share(window.to - window.from) }} />
    </div>
  );
}
