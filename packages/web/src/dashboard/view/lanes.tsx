import { useMemo } from "preact/hooks";
import { bitrate, counted, milliseconds, say } from "../quantity.js";
import { axisTime, type Window } from "./axis.js";
import { eventWords } from "./event-words.js";
import { runWords, type WaitSpan, waitSentence } from "./readout.js";
import type { RequestRows } from "./request-rows.js";
import type { ViewEvent } from "./view-event.js";
import { stateNames, type ViewTimeline } from "./view-timeline.js";
import { causeNames } from "./wait-words.js";

export interface LaneProps {
  readonly timeline: ViewTimeline;
  readonly window: Window;
  readonly share: (ms: number) => string;
}

function visible<T extends Window>(spans: readonly T[], { from, to }: Window): readonly T[] {
  return spans.filter((span) => span.to >= from && span.from <= to);
}

export function StateLane({ timeline, window, share }: LaneProps) {
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

export function MarkLane({ timeline, window, share }: LaneProps) {
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

export function QualityLane({ timeline, window, share }: LaneProps) {
  const best = Math.max(...timeline.quality.map(({ bitrateBps }) => bitrateBps));
  return (
    <div class="lane lane-quality">
      {visible(timeline.quality, window).map((span) => {
        const words = [span.height === undefined ? undefined : `${span.height}p`, say(bitrate(span.bitrateBps))];
        const said = words.filter((word) => word !== undefined).join(", ");
        const from = Math.max(span.from, window.from);
        const high = span.bitrateBps / best;
        return (
          <span
            key={span.from}
            class="quality"
            title={said}
            style={{ left: share(from), width: `calc(${share(Math.min(span.to, window.to))} - ${share(from)})` }}
          >
            <i style={{ height: `${high * 100}%` }} />
            <span class="mono" style={{ bottom: high < 0.5 ? `calc(${high * 100}% + 4px)` : "3px" }}>
              {said}
            </span>
          </span>
        );
      })}
    </div>
  );
}

const HEIGHT = 100;

export function BufferLane({ timeline, window }: { timeline: ViewTimeline; window: Window }) {
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

const box = ({ from, to }: Window) => `${from} 0 ${to - from} ${HEIGHT}`;

/** A rectangle of a path: thousands of them are one element. */
const rect = (x: number, y: number, width: number, height: number) =>
  `M${x} ${y.toFixed(2)}h${width}v${height.toFixed(2)}h${-width}z`;

/** Frames a second as a line; where frames were dropped, a bar as high as their part. */
export function FrameLane({ timeline: { frames }, window }: { timeline: ViewTimeline; window: Window }) {
  const { line, drops } = useMemo(() => {
    const most = Math.max(1, ...frames.map(({ fps }) => fps ?? 0));
    let path = "";
    let lifted = true;
    for (const { from, to, fps } of frames) {
      if (fps === undefined) {
        lifted = true;
        continue;
      }
      const y = (HEIGHT - (fps / most) * HEIGHT * 0.92).toFixed(2);
      path += `${lifted ? "M" : "L"}${from} ${y}L${to} ${y}`;
      lifted = false;
    }
    const bars = frames.map(({ from, to, dropped = 0, decoded = 0 }) => {
      if (dropped === 0) return "";
      const high = Math.max(12, (dropped / Math.max(1, dropped + decoded)) * HEIGHT);
      return rect(from, HEIGHT - high, to - from, high);
    });
    return { line: path, drops: bars.join("") };
  }, [frames]);
  return (
    <svg class="lane lane-frames" viewBox={box(window)} preserveAspectRatio="none" aria-hidden="true">
      <path class="drops" d={drops} />
      <path class="line" d={line} />
    </svg>
  );
}

const GAP = 0.24;

/** Each request from asking to its last byte: first what it waited for the server, then the way. */
export function RequestLane({ rows, window }: { rows: RequestRows; window: Window }) {
  const paths = useMemo(() => {
    const found = { wait: "", transfer: "", failed: "" };
    const high = HEIGHT / rows.rows;
    for (const { from, to, waitMs, row, failed } of rows.placed) {
      const y = row * high + (high * GAP) / 2;
      const h = high * (1 - GAP);
      if (failed) found.failed += rect(from, y, Math.max(1, to - from), h);
      else {
        if (waitMs > 0) found.wait += rect(from, y, waitMs, h);
        found.transfer += rect(from + waitMs, y, Math.max(1, to - from - waitMs), h);
      }
    }
    return found;
  }, [rows]);
  return (
    <svg
      class="lane lane-requests"
      style={{ height: `${Math.max(3, rows.rows * 0.8)}rem` }}
      viewBox={box(window)}
      preserveAspectRatio="none"
      role="img"
      aria-label={counted(rows.placed.length, "request")}
    >
      <path class="transfer" d={paths.transfer} />
      <path class="wait" d={paths.wait} />
      <path class="failed" d={paths.failed} />
    </svg>
  );
}

/** Each ffmpeg: hatched until its first segment, then as long as it worked, a tick for each segment sent. */
export function EncoderLane({ timeline: { encoder, lengthMs }, window, share }: LaneProps) {
  const { runs, sessions } = encoder;
  const part = (from: number, to: number) => ({
    left: share(from),
    width: `calc(${share(to)} - ${share(from)})`,
  });
  return (
    <div class="lane lane-encoder" style={{ height: `${0.9 + 0.8 * Math.max(1, rowsOf(runs).length)}rem` }}>
      {visible(sessions, window).map((session) => (
        <i
          key={`session ${session.from}`}
          class="session"
          data-ended={session.reason !== undefined && session.to <= lengthMs}
          title={`HLS session, ${session.reason === undefined ? "open" : `ended: ${session.reason}`}`}
          style={part(session.from, session.to)}
        />
      ))}
      {rowsOf(runs).map((list, row) =>
        visible(list, window).map((run) => {
          const first = run.firstAt ?? run.to;
          const style = { top: `${0.55 + row * 0.8}rem` };
          return [
            <i
              key={`${run.from} starting`}
              class="run"
              data-starting
              title={`Encoder started at ${axisTime(run.from, 1)}`}
              style={{ ...style, ...part(run.from, first) }}
            />,
            run.firstAt !== undefined && (
              <i
                key={`${run.from} working`}
                class="run"
                title={runWords(run, run.to)}
                style={{ ...style, ...part(first, run.to) }}
              />
            ),
            run.end === "failed" && (
              <i
                key={`${run.from} failed`}
                class="run-failed"
                title={runWords(run, run.to)}
                style={{ ...style, left: share(run.to) }}
              />
            ),
          ];
        }),
      )}
      <svg class="run-segments" viewBox={box(window)} preserveAspectRatio="none" aria-hidden="true">
        <path d={runs.flatMap(({ segments }) => segments.map((at) => `M${at} 0V${HEIGHT}`)).join("")} />
      </svg>
    </div>
  );
}

/** One row for each rendition. */
export function rowsOf(runs: ViewTimeline["encoder"]["runs"]): readonly ViewTimeline["encoder"]["runs"][] {
  const names = [...new Set(runs.map(({ rendition }) => rendition))];
  return names.map((name) => runs.filter(({ rendition }) => rendition === name));
}

/** Each wait under its stretch, with its cause where there is room for the word. */
export function WaitLane({ waits, window, share }: Omit<LaneProps, "timeline"> & { waits: readonly WaitSpan[] }) {
  let labelled = -1;
  const length = window.to - window.from;
  return (
    <div class="lane lane-waits">
      {visible(waits, window).map((wait) => {
        const at = Math.max(0, wait.from - window.from) / length;
        const room = at >= labelled && at < 0.92;
        if (room) labelled = at + 0.1;
        return (
          <span
            key={wait.from}
            class="why"
            data-cause={wait.found.cause}
            title={waitSentence(wait)}
            style={{ left: share(Math.max(wait.from, window.from)) }}
          >
            <i
              style={{
                width: `max(3px, calc(var(--lanes-width) * ${(wait.to - Math.max(wait.from, window.from)) / length}))`,
              }}
            />
            {room && <b>{causeNames[wait.found.cause]}</b>}
          </span>
        );
      })}
    </div>
  );
}
