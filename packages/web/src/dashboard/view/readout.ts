import type { Explanation } from "@playhead/protocol";
import { timecode } from "../../design/timecode.js";
import { sizeName } from "../../item/names.js";
import { bitrate, milliseconds, say } from "../quantity.js";
import { axisTime } from "./axis.js";
import { eventWords } from "./event-words.js";
import { type PlacedRequest, requestsAt, transferRate } from "./request-rows.js";
import { numberOf, textOf, type ViewEvent } from "./view-event.js";
import { stateAt, stateNames, type ViewTimeline } from "./view-timeline.js";
import { causeNames, waitWords } from "./wait-words.js";

/** A wait with its cause, ms from the view's start. */
export interface WaitSpan {
  readonly from: number;
  readonly to: number;
  readonly what: "Slow start" | "Stall";
  readonly found: Explanation;
}

export interface ReadoutEntry {
  readonly name: string;
  /** Undefined: nothing tells. */
  readonly value: string | undefined;
}

export const NOT_KNOWN = "not known";

/** The slow start and the stalls, laid on the view's axis. */
export function waitSpans(
  { start, stalls }: { readonly start: Explanation | null; readonly stalls: readonly Explanation[] },
  zero: number,
): readonly WaitSpan[] {
  const span = (found: Explanation, what: WaitSpan["what"]): WaitSpan => {
    const from = Math.max(0, found.at - zero);
    return { from, to: from + found.durationMs, what, found };
  };
  return [...(start ? [span(start, "Slow start")] : []), ...stalls.map((stall) => span(stall, "Stall"))];
}

/** A cause and its evidence in a sentence. */
export function waitSentence({ what, found }: WaitSpan): string {
  return `${what}, ${say(milliseconds(found.durationMs))}. ${causeNames[found.cause]}: ${waitWords(found)}`;
}

/** `Segment 5 of v0, 1.2 MB in 300 ms, 120 ms waiting for the server, 8.30 Mbit/s`. */
export function requestSentence(request: PlacedRequest): string {
  const { event, from, to, waitMs, unfinished } = request;
  const segment = numberOf(event, "segment");
  const rendition = textOf(event, "rendition");
  const kind = textOf(event, "kind") ?? "request";
  const name = segment === undefined ? kind.charAt(0).toUpperCase() + kind.slice(1) : `Segment ${segment}`;
  const bytes = numberOf(event, "bytes");
  const rate = transferRate(request);
  const status = numberOf(event, "status");
  const parts = [
    rendition === undefined ? name : `${name} of ${rendition}`,
    `${bytes === undefined ? "" : `${sizeName(bytes)} `}${unfinished ? "not there after" : "in"} ${say(milliseconds(to - from))}`,
    waitMs > 0 ? `${say(milliseconds(waitMs))} waiting for the server` : "",
    rate === undefined ? "" : say(bitrate(rate)),
    request.failed ? (status === 0 || status === undefined ? "no answer" : `HTTP ${status}`) : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** What every lane says at one time. */
export function readoutAt(
  timeline: ViewTimeline,
  placed: readonly PlacedRequest[],
  waits: readonly WaitSpan[],
  events: readonly ViewEvent[],
  at: number,
): readonly ReadoutEntry[] {
  const told = timeline.buffer.findLast((sample) => sample.at <= at) ?? timeline.buffer[0];
  const quality = timeline.quality.find((span) => at >= span.from && at <= span.to);
  const frames = timeline.frames.find((span) => at >= span.from && at <= span.to);
  const last = events.findLast((event) => event.ts - timeline.zero <= at);
  const positioned = events.findLast(
    (event) => event.ts - timeline.zero <= at && numberOf(event, "positionMs") !== undefined,
  );
  const wait = waits.find((span) => at >= span.from && at <= span.to);
  const position = positioned && numberOf(positioned, "positionMs");
  const open = requestsAt(placed, at);
  return [
    { name: "State", value: stateNames[stateAt(timeline, at)] },
    ...(wait ? [{ name: "Why", value: `${causeNames[wait.found.cause]}: ${waitWords(wait.found)}` }] : []),
    { name: "Playhead", value: position === undefined ? undefined : timecode(position) },
    { name: "Buffer", value: told && say(milliseconds(told.bufferMs)) },
    {
      name: "Quality",
      value:
        quality &&
        [quality.height === undefined ? "" : `${quality.height}p`, say(bitrate(quality.bitrateBps))]
          .filter((part) => part !== "")
          .join(", "),
    },
    { name: "Frames", value: frames && framesWords(frames) },
    {
      name: "Requests",
      value: timeline.requests.length === 0 ? undefined : open.length === 0 ? "none open" : requestsWords(open),
    },
    { name: "Encoder", value: encoderWords(timeline, at) },
    { name: "Last event", value: last && `${eventWords(last).name}, at ${axisTime(last.ts - timeline.zero, 1)}` },
  ];
}

function requestsWords(open: readonly PlacedRequest[]): string {
  const [first, ...rest] = open;
  if (!first) return "";
  return rest.length === 0 ? requestSentence(first) : `${requestSentence(first)}; and ${rest.length} more`;
}

export function framesWords({ fps, dropped, decoded }: ViewTimeline["frames"][number]): string | undefined {
  const parts = [
    fps === undefined ? "" : `${fps.toFixed(1)}\u00a0fps`,
    dropped === undefined ? "" : `${dropped} dropped${decoded === undefined ? "" : ` of ${decoded + dropped}`}`,
  ];
  return parts.filter((part) => part !== "").join(", ") || undefined;
}

function encoderWords({ encoder: { runs, sessions } }: ViewTimeline, at: number): string | undefined {
  if (runs.length === 0 && sessions.length === 0) return undefined;
  const working = runs.filter((run) => at >= run.from && at <= run.to);
  if (working.length === 0) {
    return sessions.some((session) => at >= session.from && at <= session.to)
      ? "session open, no encoder"
      : "no session";
  }
  return working.map((run) => runWords(run, at)).join("; ");
}

export function runWords(run: ViewTimeline["encoder"]["runs"][number], at: number): string {
  const name = [run.encoder ?? "ffmpeg", run.rendition].filter((part) => part !== undefined).join(" ");
  if (run.end === "failed" && at >= run.to) return `${name}: failed${run.error === undefined ? "" : `, ${run.error}`}`;
  if (run.firstAt === undefined || at < run.firstAt) {
    return `${name}: started ${say(milliseconds(at - run.from))} before, no segment yet`;
  }
  const made = run.segments.filter((time) => time <= at).length;
  return `${name}: ${made === 0 ? "first segment made" : `${made} segment${made === 1 ? "" : "s"} sent`}`;
}
