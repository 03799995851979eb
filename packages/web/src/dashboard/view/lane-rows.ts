import { bitrate, milliseconds, say } from "../quantity.js";
import type { Window } from "./axis.js";
import { framesWords, requestSentence, runWords, type WaitSpan, waitSentence } from "./readout.js";
import { requestRows } from "./request-rows.js";
import { stateNames, type ViewTimeline } from "./view-timeline.js";

/** One line of the table behind the tracks; ms from the view's start. */
export interface LaneRow {
  readonly lane: string;
  readonly from: number;
  /** Undefined for a sample. */
  readonly to: number | undefined;
  readonly what: string;
}

/** All that the tracks show of a stretch of the view, lane by lane, each in order of time. */
export function laneRows(timeline: ViewTimeline, waits: readonly WaitSpan[], { from, to }: Window): readonly LaneRow[] {
  const rows: LaneRow[] = [
    ...timeline.spans.map((span) => ({ lane: "State", ...span, what: stateNames[span.state] })),
    ...waits.map((wait) => ({ lane: "Why", from: wait.from, to: wait.to, what: waitSentence(wait) })),
    ...timeline.quality.map((span) => ({
      lane: "Quality",
      from: span.from,
      to: span.to,
      what: `${span.height === undefined ? "" : `${span.height}p, `}${say(bitrate(span.bitrateBps))}`,
    })),
    ...timeline.encoder.sessions.map((session) => ({
      lane: "Session",
      from: session.from,
      to: session.to,
      what: session.reason === undefined ? "open" : `ended: ${session.reason}`,
    })),
    ...timeline.encoder.runs.map((run) => ({
      lane: "Encoder",
      from: run.from,
      to: run.to,
      what: runWords(run, run.to),
    })),
    ...requestRows(timeline.requests).placed.map((request) => ({
      lane: "Request",
      from: request.from,
      to: request.to,
      what: requestSentence(request),
    })),
    ...timeline.frames.flatMap((span) => {
      const what = framesWords(span);
      return what === undefined ? [] : [{ lane: "Frames", from: span.from, to: span.to, what }];
    }),
    ...timeline.buffer.map(({ at, bufferMs }) => ({
      lane: "Buffer",
      from: at,
      to: undefined,
      what: say(milliseconds(bufferMs)),
    })),
  ];
  return rows
    .filter((row) => (row.to ?? row.from) >= from && row.from <= to)
    .map(({ lane, from: begin, to: end, what }) => ({ lane, from: begin, to: end, what }));
}
