import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { EncoderFields } from "../../streaming/channels.js";
import type { Play } from "../plays.js";

/**
 * One play as one trace, from the request to its first picture segment, written once that is known. All times are the server's
 * clock, ms; OpenTelemetry gets them as dates, for it takes a small number for the age of the process.
 */
export function tracePlay(tracer: Tracer, play: Play): void {
  const { request, served, givenUpAt, waited, starts, firsts, errors, segments } = play;
  const { ts, planMs, tookMs, hlsSessionId, mediaId, delivery, container, codec, found } = request;
  const end = served?.ts ?? givenUpAt ?? ts;
  const root = tracer.startSpan(
    "play",
    {
      startTime: new Date(ts),
      kind: SpanKind.SERVER,
      attributes: attributes({ hlsSessionId, mediaId, delivery, container, codec, found }),
    },
    ROOT_CONTEXT,
  );
  const below = trace.setSpan(ROOT_CONTEXT, root);

  const asked = span(tracer, below, "playback request", ts, ts + tookMs);
  span(tracer, asked, "plan", ts, ts + planMs);
  if (found === "nothing") span(tracer, asked, "open HLS session", ts + planMs, ts + tookMs);

  for (const { waitedMs, priority, outcome, ...of } of waited) {
    span(tracer, below, "wait for an encoder", of.ts - waitedMs, of.ts, { ...run(of), priority, outcome });
  }
  for (const start of starts) {
    const first = firsts.find(({ runId }) => runId === start.runId);
    const failed = errors.find(({ runId }) => runId === start.runId);
    const until = first?.ts ?? failed?.ts ?? end;
    // The message comes a moment after the process.
    const from = first === undefined ? start.ts : first.ts - first.afterMs;
    const what = { ...run(start), queuedMs: start.queuedMs };
    const encoding = span(tracer, below, "ffmpeg", from, until, what, failed?.message);
    if (first === undefined) continue;
    const output = from + first.outputAfterMs;
    span(tracer, encoding, "ffmpeg start", from, output);
    span(tracer, encoding, "first segment", output, first.ts, { segment: first.index });
  }
  for (const { ts: at, waitMs, readMs, rendition, kind, index, bytes, cached, outcome, error } of segments) {
    const what = { rendition, kind, segment: index ?? "init", waitMs, readMs, bytes, cached, outcome };
    span(tracer, below, "segment request", at - waitMs - readMs, at, what, error ?? undefined);
  }

  if (served === undefined) root.setStatus({ code: SpanStatusCode.ERROR, message: "No picture segment was sent" });
  root.end(new Date(end));
}

/** @returns the context below it */
function span(
  tracer: Tracer,
  parent: Context,
  name: string,
  from: number,
  to: number,
  of: Readonly<Record<string, string | number | boolean | null>> = {},
  error?: string,
): Context {
  const made = tracer.startSpan(name, { startTime: new Date(from), attributes: attributes(of) }, parent);
  if (error !== undefined) made.setStatus({ code: SpanStatusCode.ERROR, message: error });
  made.end(new Date(Math.max(from, to)));
  return trace.setSpan(parent, made);
}

const run = ({ rendition, kind, encoder, codec, container, runId, startSegment }: EncoderFields) => ({
  rendition,
  kind,
  encoder,
  codec,
  container,
  runId,
  startSegment,
});

/** Named as the fields on the channels are, under our own name; what is null is left out. */
function attributes(of: Readonly<Record<string, string | number | boolean | null>>): Attributes {
  const known = Object.entries(of).filter((entry): entry is [string, string | number | boolean] => entry[1] !== null);
  return Object.fromEntries(known.map(([name, value]) => [`playhead.${name}`, value]));
}
