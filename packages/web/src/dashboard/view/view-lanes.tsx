import { type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { bitrate, counted, milliseconds, say } from "../quantity.js";
import { axisOf, axisTime, shifted, spanned, type Window, zoomed } from "./axis.js";
import { eventWords } from "./event-words.js";
import type { ViewEvent } from "./view-event.js";
import { type RequestBar, stateAt, type ViewState, type ViewTimeline } from "./view-timeline.js";

export interface ViewLanesProps {
  readonly timeline: ViewTimeline;
  readonly window: Window;
  readonly onWindow: (next: Window) => void;
  /** Where the marker stands, ms from the start of the view. */
  readonly at: Signal<number | undefined>;
  /** The marker was put somewhere, by pointer or keys. */
  readonly onPlace: (at: number) => void;
  /** Times that the arrow keys go to, in order. */
  readonly stops: readonly number[];
}

export const stateNames: Readonly<Record<ViewState, string>> = {
  idle: "Before play",
  startup: "Starting",
  playing: "Playing",
  paused: "Paused",
  seeking: "Seeking",
  rebuffering: "Stalled",
  silent: "Silent",
  failed: "Failed",
  ended: "Ended",
};

/** A drag of fewer pixels is a click. */
const DRAG_PX = 6;

/** The view as tracks over one ruler. Clicking puts the marker, dragging looks closer, the arrow keys go from event to event. */
export function ViewLanes({ timeline, window, onWindow, at, onPlace, stops }: ViewLanesProps) {
  const tracks = useRef<HTMLDivElement>(null);
  const narrow = useSignal(false);
  const drag = useSignal<{ readonly from: number; readonly to: number; readonly moved: boolean } | undefined>(
    undefined,
  );
  const { lengthMs } = timeline;

  useEffect(() => {
    if (!tracks.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      narrow.value = (entry?.contentRect.width ?? 1_000) < 520;
    });
    observer.observe(tracks.current);
    return () => observer.disconnect();
  }, [narrow]);

  const timeAt = (clientX: number): number => {
    const box = tracks.current?.getBoundingClientRect();
    if (!box) return 0;
    const part = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    return window.from + part * (window.to - window.from);
  };
  const share = (ms: number) => `${((ms - window.from) / (window.to - window.from)) * 100}%`;
  const axis = axisOf(window, narrow.value ? 4 : 8);
  // Read where needed: the tracks are not drawn again for each move of the marker.
  const middle = () => at.peek() ?? (window.from + window.to) / 2;
  const now = useComputed(() => Math.round(at.value ?? 0));
  const nowText = useComputed(() => `${axisTime(now.value, 1)}, ${stateNames[stateAt(timeline, now.value)]}`);
  const whole = window.from <= 0 && window.to >= lengthMs;

  const goTo = (next: number) => {
    onPlace(next);
    if (next < window.from || next > window.to)
      onWindow(shifted(window, next - (window.from + window.to) / 2, lengthMs));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const from = at.peek() ?? -1;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowRight: () => goTo(stops.find((stop) => stop > from) ?? stops.at(-1) ?? 0),
      ArrowLeft: () => goTo(stops.findLast((stop) => stop < from) ?? stops[0] ?? 0),
      Home: () => goTo(stops[0] ?? 0),
      End: () => goTo(stops.at(-1) ?? lengthMs),
      "+": () => onWindow(zoomed(window, 0.5, middle(), lengthMs)),
      "=": () => onWindow(zoomed(window, 0.5, middle(), lengthMs)),
      "-": () => onWindow(zoomed(window, 2, middle(), lengthMs)),
      "0": () => onWindow({ from: 0, to: lengthMs }),
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move();
  };

  return (
    <section class="lanes" aria-label="The view over time">
      <div class="lanes-tools">
        <StateLegend timeline={timeline} />
        <div class="lanes-zoom" role="group" aria-label="Zoom">
          <button
            type="button"
            class="link"
            onClick={() => onWindow({ from: 0, to: Math.min(lengthMs, startOf(timeline)) })}
          >
            The start
          </button>
          <button type="button" class="link" disabled={whole} onClick={() => onWindow({ from: 0, to: lengthMs })}>
            The whole view
          </button>
          <button
            type="button"
            class="lanes-step"
            aria-label="Look from further away"
            disabled={whole}
            onClick={() => onWindow(zoomed(window, 2, middle(), lengthMs))}
          >
            −
          </button>
          <button
            type="button"
            class="lanes-step"
            aria-label="Look closer"
            onClick={() => onWindow(zoomed(window, 0.5, middle(), lengthMs))}
          >
            +
          </button>
        </div>
      </div>
      <div class="lanes-grid">
        <LaneNames timeline={timeline} />
        <div
          class="lanes-tracks"
          ref={tracks}
          role="slider"
          tabIndex={0}
          aria-label="Time in the view. Arrow keys go from event to event, plus and minus zoom."
          aria-valuemin={0}
          aria-valuemax={Math.round(lengthMs)}
          aria-valuenow={now}
          aria-valuetext={nowText}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            drag.value = { from: event.clientX, to: event.clientX, moved: false };
          }}
          onPointerMove={(event) => {
            const held = drag.value;
            if (!held) return;
            const moved = held.moved || Math.abs(event.clientX - held.from) > DRAG_PX;
            drag.value = { from: held.from, to: event.clientX, moved };
          }}
          onPointerUp={() => {
            const held = drag.value;
            drag.value = undefined;
            if (!held) return;
            if (held.moved) onWindow(spanned(timeAt(held.from), timeAt(held.to), lengthMs));
            else onPlace(timeAt(held.to));
          }}
          onPointerCancel={() => {
            drag.value = undefined;
          }}
        >
          <div class="lane lane-axis">
            {axis.ticks.map((tick) => (
              <span key={tick} class="lane-tick mono" style={{ left: share(tick) }}>
                {axisTime(tick, axis.stepMs)}
              </span>
            ))}
          </div>
          <div class="lanes-lines" aria-hidden="true">
            {axis.ticks.map((tick) => (
              <i key={tick} style={{ left: share(tick) }} />
            ))}
          </div>
          <StateLane timeline={timeline} window={window} share={share} />
          {timeline.marks.length > 0 && <MarkLane timeline={timeline} window={window} share={share} />}
          {timeline.quality.length > 0 && <QualityLane timeline={timeline} window={window} share={share} />}
          {timeline.buffer.length > 1 && <BufferLane timeline={timeline} window={window} />}
          {timeline.requests.length > 0 && <RequestLane requests={timeline.requests} window={window} />}
          {drag.value?.moved && (
            <i
              class="lanes-drag"
              style={{
                left: share(timeAt(Math.min(drag.value.from, drag.value.to))),
                right: `calc(100% - ${share(timeAt(Math.max(drag.value.from, drag.value.to)))})`,
              }}
            />
          )}
          <Marker at={at} window={window} />
        </div>
      </div>
    </section>
  );
}

function Marker({ at, window }: { at: Signal<number | undefined>; window: Window }) {
  const ms = at.value;
  if (ms === undefined || ms < window.from || ms > window.to) return null;
  return <i class="lanes-marker" style={{ left: `${((ms - window.from) / (window.to - window.from)) * 100}%` }} />;
}

/** The start, and a little of what came after it. */
function startOf(timeline: ViewTimeline): number {
  const first = timeline.spans.find((span) => span.state === "playing");
  return Math.max(1_000, (first?.from ?? 5_000) * 2);
}

/** Only the states that are there. */
function StateLegend({ timeline }: { timeline: ViewTimeline }) {
  const present = [...new Set(timeline.spans.map((span) => span.state))].filter((state) => state !== "ended");
  return (
    <ul class="legend">
      {present.map((state) => (
        <li key={state}>
          <i data-state={state} />
          {stateNames[state]}
        </li>
      ))}
    </ul>
  );
}

function LaneNames({ timeline }: { timeline: ViewTimeline }) {
  const most = Math.max(0, ...timeline.buffer.map(({ bufferMs }) => bufferMs));
  const slowest = slowestOf(timeline.requests);
  return (
    <div class="lanes-names" aria-hidden="true">
      <span class="lane lane-axis" />
      <span class="lane lane-state label">State</span>
      {timeline.marks.length > 0 && <span class="lane lane-marks label">Events</span>}
      {timeline.quality.length > 0 && <span class="lane lane-quality label">Quality</span>}
      {timeline.buffer.length > 1 && (
        <span class="lane lane-buffer label">
          Buffer <small>to {say(milliseconds(most))}</small>
        </span>
      )}
      {timeline.requests.length > 0 && (
        <span class="lane lane-requests label">
          Requests <small>to {say(milliseconds(slowest))}</small>
        </span>
      )}
    </div>
  );
}

interface LaneProps {
  readonly timeline: ViewTimeline;
  readonly window: Window;
  readonly share: (ms: number) => string;
}

function visible<T extends Window>(spans: readonly T[], { from, to }: Window): readonly T[] {
  return spans.filter((span) => span.to >= from && span.from <= to);
}

function StateLane({ timeline, window, share }: LaneProps) {
  return (
    <div class="lane lane-state">
      {visible(timeline.spans, window).map((span) => (
        <i
          key={span.from}
          class="span"
          data-state={span.state}
          title={`${stateNames[span.state]}, ${say(milliseconds(span.to - span.from))}`}
          style={{ left: share(span.from), width: `calc(${share(span.to)} - ${share(span.from)})` }}
        />
      ))}
    </div>
  );
}

function MarkLane({ timeline, window, share }: LaneProps) {
  const marks = timeline.marks.filter(({ at }) => at >= window.from && at <= window.to);
  return (
    <div class="lane lane-marks">
      {marks.map(({ at, kind, event }) => (
        <i
          key={event.id}
          class="mark"
          data-kind={kind}
          title={titleOf(event)}
          // What happened at the very end is still seen whole.
          style={{ left: `clamp(6px, ${share(at)}, 100% - 7px)` }}
        />
      ))}
    </div>
  );
}

function titleOf(event: ViewEvent): string {
  const { name, detail } = eventWords(event);
  return detail === "" ? name : `${name}: ${detail}`;
}

function QualityLane({ timeline, window, share }: LaneProps) {
  const best = Math.max(...timeline.quality.map(({ bitrateBps }) => bitrateBps));
  return (
    <div class="lane lane-quality">
      {visible(timeline.quality, window).map((span) => {
        const words = [span.height === undefined ? undefined : `${span.height}p`, say(bitrate(span.bitrateBps))];
        const said = words.filter((word) => word !== undefined).join(", ");
        const from = Math.max(span.from, window.from);
        return (
          <span
            key={span.from}
            class="quality"
            title={said}
            style={{ left: share(from), width: `calc(${share(Math.min(span.to, window.to))} - ${share(from)})` }}
          >
            <i style={{ height: `${(span.bitrateBps / best) * 100}%` }} />
            <span class="mono">{said}</span>
          </span>
        );
      })}
    </div>
  );
}

const HEIGHT = 100;

function BufferLane({ timeline, window }: { timeline: ViewTimeline; window: Window }) {
  const most = Math.max(1, ...timeline.buffer.map(({ bufferMs }) => bufferMs));
  const points = timeline.buffer.map(({ at, bufferMs }) => `${at},${HEIGHT - (bufferMs / most) * HEIGHT}`);
  const first = timeline.buffer[0]?.at ?? 0;
  const last = timeline.buffer.at(-1)?.at ?? 0;
  return (
    <svg
      class="lane lane-buffer"
      viewBox={`${window.from} 0 ${window.to - window.from} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polygon points={`${first},${HEIGHT} ${points.join(" ")} ${last},${HEIGHT}`} />
      <polyline points={points.join(" ")} />
    </svg>
  );
}

function slowestOf(requests: readonly RequestBar[]): number {
  return Math.max(1, ...requests.map(({ from, to }) => to - from));
}

/** Each request from asking to its last byte; the higher, the longer it took. What it waited for the server stands at its foot. */
function RequestLane({ requests, window }: { requests: readonly RequestBar[]; window: Window }) {
  const slowest = slowestOf(requests);
  return (
    <svg
      class="lane lane-requests"
      viewBox={`${window.from} 0 ${window.to - window.from} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-label={`${counted(requests.length, "request")}, the slowest took ${say(milliseconds(slowest))}`}
      role="img"
    >
      {visible(requests, window).map((request) => {
        const took = request.to - request.from;
        const high = Math.max(3, (took / slowest) * HEIGHT);
        const waited = took > 0 ? (request.waitMs / took) * high : 0;
        return (
          <g key={request.event.id} data-failed={request.failed}>
            <title>{titleOf(request.event)}</title>
            <rect x={request.from} width={Math.max(1, took)} y={HEIGHT - high} height={high - waited} />
            {waited > 0 && (
              <rect class="wait" x={request.from} width={Math.max(1, took)} y={HEIGHT - waited} height={waited} />
            )}
          </g>
        );
      })}
    </svg>
  );
}
