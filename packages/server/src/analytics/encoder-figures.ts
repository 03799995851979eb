import type { EncoderFigures, EncoderReply, EncoderRow, SessionFigures } from "@playhead/protocol";
import { type EncoderSums, firstSegmentEdgesMs, type SessionSums, speedEdges, type Work } from "@playhead/store";
import { binnedPercentile } from "./binned-percentile.js";
import { speaksFor } from "./distributions.js";
import type { TimeRange } from "./time-grammar.js";

const ratio = (numerator: number, denominator: number) => (denominator > 0 ? numerator / denominator : null);
const sumOf = <R>(rows: readonly R[], of: (row: R) => number) => rows.reduce((sum, row) => sum + of(row), 0);
const binsOf = <R>(rows: readonly R[], edges: readonly number[], of: (row: R) => readonly number[]) =>
  Array.from({ length: edges.length + 1 }, (_, bin) => sumOf(rows, (row) => of(row)[bin] ?? 0));

export function sessionFigures(rows: readonly SessionSums[]): SessionFigures {
  const started = sumOf(rows, ({ starts }) => starts);
  const timedOut = sumOf(rows, ({ idle }) => idle);
  const closed = sumOf(rows, ({ client }) => client);
  const shutDown = sumOf(rows, ({ shutdown }) => shutdown);
  const unused = sumOf(rows, (row) => row.unused);
  const ended = timedOut + closed + shutDown + unused;
  return {
    started,
    preloaded: sumOf(rows, ({ preloads }) => preloads),
    startMs: ratio(
      sumOf(rows, ({ startMs }) => startMs),
      started,
    ),
    ended,
    timedOut,
    closed,
    shutDown,
    unused,
    timeoutRate: ratio(timedOut, ended),
  };
}

/** The bin that begins with 1: what lies before it was slower than real time. */
const REAL_TIME_BIN = speedEdges.indexOf(1) + 1;

export function encoderFigures(rows: readonly EncoderSums[]): EncoderFigures {
  const sum = (field: { [F in keyof EncoderSums]: EncoderSums[F] extends number ? F : never }[keyof EncoderSums]) =>
    sumOf(rows, (row) => row[field]);
  const [starts, failures, waits] = [sum("starts"), sum("failures"), sum("waits")];
  const [firstSegments, segments, tookMs] = [sum("firstSegments"), sum("segments"), sum("tookMs")];
  const firstBins = binsOf(rows, firstSegmentEdgesMs, ({ firstSegmentBins }) => firstSegmentBins);
  const speedBins = binsOf(rows, speedEdges, (row) => row.speedBins);
  const first = (share: number) =>
    speaksFor(firstSegments, share) ? binnedPercentile(firstBins, firstSegmentEdgesMs, share) : null;
  // Small speeds are the bad ones: what matters of them lies at the low end.
  const speed = (share: number) =>
    speaksFor(segments, 1 - share) ? binnedPercentile(speedBins, speedEdges, share) : null;
  return {
    starts,
    failures,
    failureRate: ratio(failures, starts),
    waits,
    waitMs: ratio(sum("waitedMs"), waits),
    outputMs: ratio(sum("outputMs"), firstSegments),
    firstSegments,
    firstSegmentMs: ratio(sum("firstSegmentMs"), firstSegments),
    firstSegmentP50Ms: first(0.5),
    firstSegmentP95Ms: first(0.95),
    segments,
    segmentMs: ratio(tookMs, segments),
    speed: ratio(sum("mediaMs"), tookMs),
    speedP50: speed(0.5),
    speedP5: speed(0.05),
    slowRate: ratio(
      speedBins.slice(0, REAL_TIME_BIN).reduce((sum, count) => sum + count, 0),
      segments,
    ),
  };
}

type Figures = EncoderReply["totals"];

const figuresOf = ({ encoders, sessions }: Work): Figures => ({
  sessions: sessionFigures(sessions),
  video: encoderFigures(encoders.filter(({ kind }) => kind === "video")),
  audio: encoderFigures(encoders.filter(({ kind }) => kind === "audio")),
});

/** Work by interval and key, as totals, over time, and by key. */
export function workFigures(
  work: Work,
  { from, to }: TimeRange,
  intervalMs: number,
): Pick<EncoderReply, "totals" | "points" | "rows"> {
  const encodersAt = groupBy(work.encoders, ({ at }) => at);
  const sessionsAt = groupBy(work.sessions, ({ at }) => at);
  const points: EncoderReply["points"] = [];
  for (let at = Math.floor(from / intervalMs) * intervalMs; at < to; at += intervalMs) {
    points.push({ at, ...figuresOf({ encoders: encodersAt.get(at) ?? [], sessions: sessionsAt.get(at) ?? [] }) });
  }
  const byKey = groupBy(work.encoders, ({ kind, codec, container, encoder }) =>
    JSON.stringify([kind, codec, container, encoder]),
  );
  const rows = [...byKey.values()].flatMap((group): EncoderRow[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { kind, codec, container, encoder } = first;
    return [{ kind, codec, container, encoder, ...encoderFigures(group) }];
  });
  return { totals: figuresOf(work), points, rows: rows.toSorted((a, b) => b.starts - a.starts) };
}

/** Node 20 has no `Map.groupBy`. */
function groupBy<R, K>(rows: readonly R[], keyOf: (row: R) => K): Map<K, R[]> {
  const groups = new Map<K, R[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
