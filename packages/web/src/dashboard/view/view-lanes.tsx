import { type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { axisOf, axisTime, shifted, spanned, type Window, zoomed } from "./axis.js";
import {
  BufferLane,
  EncoderLane,
  FrameLane,
  MarkLane,
  QualityLane,
  RequestLane,
  StateLane,
  WaitLane,
} from "./lanes.js";
import { LaneNames, Overview, StateLegend } from "./lanes-frame.js";
import { NOT_KNOWN, readoutAt, requestSentence, type WaitSpan } from "./readout.js";
import { type PlacedRequest, requestNear, requestRows } from "./request-rows.js";
import type { ViewEvent } from "./view-event.js";
import type { ViewTimeline } from "./view-timeline.js";

export interface ViewLanesProps {
  readonly timeline: ViewTimeline;
  readonly events: readonly ViewEvent[];
  readonly waits: readonly WaitSpan[];
  readonly window: Window;
  readonly onWindow: (next: Window) => void;
  /** Where the marker stands, ms from the start of the view. */
  readonly at: Signal<number | undefined>;
  /** Times that the arrow keys go to, in order. */
  readonly stops: readonly number[];
}

/** A drag of fewer pixels is a click. */
const DRAG_PX = 6;
/** As far from a bar the pointer still means it. */
const REACH_PX = 6;

interface Drag {
  readonly from: number;
  readonly to: number;
}

/**
 * The view as tracks over one ruler. Dragging scrubs, with Shift it looks closer at a stretch; the arrow keys go from event to
 * event, plus and minus zoom, and so does the wheel with Ctrl.
 */
export function ViewLanes({ timeline, events, waits, window, onWindow, at, stops }: ViewLanesProps) {
  const tracks = useRef<HTMLDivElement>(null);
  const width = useSignal(1_000);
  const drag = useSignal<Drag | undefined>(undefined);
  const scrubbing = useRef(false);
  const pointed = useSignal<{ readonly x: number; readonly request: PlacedRequest } | undefined>(undefined);
  const rows = useMemo(() => requestRows(timeline.requests), [timeline]);
  const { lengthMs } = timeline;
  const present = useRef({ window, lengthMs, onWindow });
  present.current = { window, lengthMs, onWindow };

  const timeAt = (clientX: number): number => {
    const box = tracks.current?.getBoundingClientRect();
    if (!box) return 0;
    const { from, to } = present.current.window;
    return from + Math.min(1, Math.max(0, (clientX - box.left) / box.width)) * (to - from);
  };

  useEffect(() => {
    const host = tracks.current;
    if (!host) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      width.value = Math.max(1, entry?.contentRect.width ?? 1_000);
    });
    observer.observe(host);
    // Not passive, so that the page neither zooms nor goes back in its history.
    const onWheel = (event: WheelEvent) => {
      const now = present.current;
      if (event.ctrlKey) {
        event.preventDefault();
        now.onWindow(zoomed(now.window, event.deltaY > 0 ? 1.25 : 0.8, timeAt(event.clientX), now.lengthMs));
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        const length = now.window.to - now.window.from;
        now.onWindow(shifted(now.window, (event.deltaX / host.clientWidth) * length, now.lengthMs));
      }
    };
    host.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      observer.disconnect();
      host.removeEventListener("wheel", onWheel);
    };
  }, [width]);

  const share = (ms: number) => `${((ms - window.from) / (window.to - window.from)) * 100}%`;
  const axis = axisOf(window, width.value < 520 ? 4 : 8);
  // Read where needed: the tracks are not drawn again for each move of the marker.
  const middle = () => at.peek() ?? (window.from + window.to) / 2;
  const now = useComputed(() => Math.round(at.value ?? 0));
  const readout = useMemo(
    () => (ms: number) => readoutAt(timeline, rows.placed, waits, events, ms),
    [timeline, rows, waits, events],
  );
  const nowText = useComputed(() => {
    const said = readout(now.value).map(({ name, value }) => `${name}: ${value ?? NOT_KNOWN}`);
    return `${axisTime(now.value, 1)}. ${said.join(". ")}`;
  });
  const whole = window.from <= 0 && window.to >= lengthMs;

  const goTo = (next: number) => {
    at.value = next;
    if (next < window.from || next > window.to)
      onWindow(shifted(window, next - (window.from + window.to) / 2, lengthMs));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const from = at.peek() ?? -1;
    const length = window.to - window.from;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowRight: () => goTo(event.shiftKey ? Math.min(lengthMs, from + length / 100) : next(stops, from)),
      ArrowLeft: () => goTo(event.shiftKey ? Math.max(0, from - length / 100) : previous(stops, from)),
      PageDown: () => goTo(Math.min(lengthMs, from + length / 10)),
      PageUp: () => goTo(Math.max(0, from - length / 10)),
      Home: () => goTo(0),
      End: () => goTo(lengthMs),
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
  const onPoint = (event: PointerEvent) => {
    const held = drag.value;
    if (held) {
      drag.value = { from: held.from, to: event.clientX };
      return;
    }
    if (scrubbing.current) at.value = timeAt(event.clientX);
    const lane = tracks.current?.querySelector(".lane-requests")?.getBoundingClientRect();
    const box = tracks.current?.getBoundingClientRect();
    if (!lane || !box || event.clientY < lane.top || event.clientY > lane.bottom) {
      pointed.value = undefined;
      return;
    }
    const row = Math.floor(((event.clientY - lane.top) / lane.height) * rows.rows);
    const reach = (REACH_PX / box.width) * (window.to - window.from);
    const request = requestNear(rows.placed, timeAt(event.clientX), row, reach);
    pointed.value = request && { x: event.clientX - box.left, request };
  };
  const span = drag.value && Math.abs(drag.value.to - drag.value.from) > DRAG_PX ? drag.value : undefined;

  return (
    <section class="lanes" aria-label="The view over time" style={{ "--lanes-width": `${width.value}px` }}>
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
        <LaneNames timeline={timeline} rows={rows} waits={waits} />
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
            if (event.shiftKey) drag.value = { from: event.clientX, to: event.clientX };
            else {
              scrubbing.current = true;
              at.value = timeAt(event.clientX);
            }
          }}
          onPointerMove={onPoint}
          onPointerLeave={() => {
            pointed.value = undefined;
          }}
          onPointerUp={() => {
            scrubbing.current = false;
            drag.value = undefined;
            if (span) onWindow(spanned(timeAt(span.from), timeAt(span.to), lengthMs));
          }}
          onPointerCancel={() => {
            scrubbing.current = false;
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
          {waits.length > 0 && <WaitLane waits={waits} window={window} share={share} />}
          {timeline.marks.length > 0 && <MarkLane timeline={timeline} window={window} share={share} />}
          {timeline.quality.length > 0 && <QualityLane timeline={timeline} window={window} share={share} />}
          {timeline.buffer.length > 1 && <BufferLane timeline={timeline} window={window} />}
          {timeline.frames.length > 0 && <FrameLane timeline={timeline} window={window} />}
          {timeline.requests.length > 0 && <RequestLane rows={rows} window={window} />}
          {hasEncoder(timeline) && <EncoderLane timeline={timeline} window={window} share={share} />}
          {span && (
            <i
              class="lanes-drag"
              style={{
                left: share(timeAt(Math.min(span.from, span.to))),
                right: `calc(100% - ${share(timeAt(Math.max(span.from, span.to)))})`,
              }}
            />
          )}
          <Marker at={at} window={window} />
        </div>
      </div>
      {pointed.value && (
        <p class="lanes-tip" role="status">
          {requestSentence(pointed.value.request)}
        </p>
      )}
      {!whole && <Overview timeline={timeline} window={window} onWindow={onWindow} />}
      <Readout at={at} of={readout} />
    </section>
  );
}

const next = (stops: readonly number[], from: number) => stops.find((stop) => stop > from) ?? stops.at(-1) ?? 0;
const previous = (stops: readonly number[], from: number) => stops.findLast((stop) => stop < from) ?? stops[0] ?? 0;

export function hasEncoder({ encoder }: ViewTimeline): boolean {
  return encoder.runs.length > 0 || encoder.sessions.length > 0;
}

/** What all lanes say where the marker stands. */
function Readout({ at, of }: { at: Signal<number | undefined>; of: (ms: number) => ReturnType<typeof readoutAt> }) {
  const ms = at.value;
  if (ms === undefined) {
    return <p class="readout-hint">Drag over the tracks, or use the arrow keys, to read every lane at one moment.</p>;
  }
  return (
    <dl class="readout">
      <div>
        <dt class="label">At</dt>
        <dd class="mono">{axisTime(ms, 1)}</dd>
      </div>
      {of(ms).map(({ name, value }) => (
        <div key={name} data-wide={name === "Requests" || name === "Why" || name === "Encoder"}>
          <dt class="label">{name}</dt>
          <dd data-unknown={value === undefined}>{value ?? NOT_KNOWN}</dd>
        </div>
      ))}
    </dl>
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
