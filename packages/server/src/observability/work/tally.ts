import {
  type EncoderKey,
  type EncoderSums,
  firstSegmentEdgesMs,
  type SessionKey,
  type SessionSums,
  speedEdges,
  WORK_SLOT_MS,
  type Work,
} from "@playhead/store";
import type { EncoderFields } from "../../streaming/channels.js";
import type { Messages } from "../channels.js";
import { codecLabel, containerLabel } from "../metrics/labels.js";
import type { Handlers } from "../subscriber.js";

export interface Tally {
  /** What fills it. */
  readonly handlers: Handlers;
  /** Rows that wait to be taken. */
  readonly size: number;
  /** Messages that found no room. */
  readonly lost: number;
  /** What came since it was last taken. */
  take(): Work;
}

type Sums<S> = { -readonly [F in keyof S]: S[F] extends number ? number : number[] };
type Row<K, S> = { readonly at: number } & K & Sums<S>;
type EncoderRow = Row<EncoderKey, EncoderSums>;
type SessionRow = Row<SessionKey, SessionSums>;

/** Labels have few values, but a database may be away for days: a day's rows of a busy server, some 2 MB. */
const MAX_ROWS = 4_000;

const noBins = (edges: readonly number[]) => Array.from<number>({ length: edges.length + 1 }).fill(0);
const noEncoderSums = (): Sums<EncoderSums> => ({
  starts: 0,
  failures: 0,
  waits: 0,
  waitedMs: 0,
  firstSegments: 0,
  outputMs: 0,
  firstSegmentMs: 0,
  segments: 0,
  mediaMs: 0,
  tookMs: 0,
  firstSegmentBins: noBins(firstSegmentEdgesMs),
  speedBins: noBins(speedEdges),
});
const noSessionSums = (): Sums<SessionSums> => ({
  starts: 0,
  preloads: 0,
  startMs: 0,
  idle: 0,
  client: 0,
  shutdown: 0,
  unused: 0,
});

/** Counts a value in its bin; one on an edge is above it. */
function count(bins: number[], edges: readonly number[], value: number): void {
  const found = edges.findIndex((edge) => value < edge);
  const bin = found < 0 ? edges.length : found;
  bins[bin] = (bins[bin] ?? 0) + 1;
}

const slotOf = (ts: number) => Math.floor(ts / WORK_SLOT_MS) * WORK_SLOT_MS;

/** Adds up what sessions and encoders tell, by slot of time and by what they are: the sums of `/metrics`, to be kept. */
export function createTally(maxRows = MAX_ROWS): Tally {
  let encoders = new Map<string, EncoderRow>();
  let sessions = new Map<string, SessionRow>();
  let lost = 0;
  const size = () => encoders.size + sessions.size;

  /** The row of a key, made if there is room. */
  function find<R>(rows: Map<string, R>, id: string, make: () => R): R | undefined {
    const found = rows.get(id);
    if (found !== undefined) return found;
    if (size() >= maxRows) {
      lost += 1;
      return undefined;
    }
    const made = make();
    rows.set(id, made);
    return made;
  }

  function encoderRow(run: EncoderFields): EncoderRow | undefined {
    const { kind, encoder } = run;
    const key = {
      at: slotOf(run.ts),
      kind,
      codec: codecLabel(run.codec),
      container: containerLabel(run.container),
      encoder,
    };
    return find(encoders, Object.values(key).join(" "), () => ({ ...key, ...noEncoderSums() }));
  }

  function sessionRow({ ts, delivery }: Messages["playhead:hls.session.start" | "playhead:hls.session.end"]) {
    const key = { at: slotOf(ts), delivery };
    return find(sessions, `${key.at} ${delivery}`, () => ({ ...key, ...noSessionSums() }));
  }

  return {
    get size() {
      return size();
    },
    get lost() {
      return lost;
    },
    take() {
      const taken = { encoders: [...encoders.values()], sessions: [...sessions.values()] };
      encoders = new Map();
      sessions = new Map();
      return taken;
    },
    handlers: {
      "playhead:hls.session.start": (m) => {
        const row = sessionRow(m);
        if (row === undefined) return;
        row.starts += 1;
        row.startMs += m.tookMs;
        if (m.preload) row.preloads += 1;
      },
      "playhead:hls.session.end": (m) => {
        const row = sessionRow(m);
        if (row !== undefined) row[m.reason] += 1;
      },
      "playhead:encoder.wait": (m) => {
        const row = encoderRow(m);
        if (row === undefined) return;
        row.waits += 1;
        row.waitedMs += m.waitedMs;
      },
      "playhead:ffmpeg.start": (m) => {
        const row = encoderRow(m);
        if (row !== undefined) row.starts += 1;
      },
      "playhead:ffmpeg.error": (m) => {
        const row = encoderRow(m);
        if (row !== undefined) row.failures += 1;
      },
      "playhead:ffmpeg.first_segment": (m) => {
        const row = encoderRow(m);
        if (row === undefined) return;
        row.firstSegments += 1;
        row.outputMs += m.outputAfterMs;
        row.firstSegmentMs += m.afterMs;
        count(row.firstSegmentBins, firstSegmentEdgesMs, m.afterMs);
      },
      "playhead:ffmpeg.segment": (m) => {
        // The first one's time is mostly that of the start.
        if (m.index === m.startSegment) return;
        const row = encoderRow(m);
        if (row === undefined) return;
        row.segments += 1;
        row.mediaMs += m.mediaMs;
        row.tookMs += m.tookMs;
        count(row.speedBins, speedEdges, m.mediaMs / Math.max(1, m.tookMs));
      },
    },
  };
}
