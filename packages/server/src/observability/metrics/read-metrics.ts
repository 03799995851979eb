import { Counter, Gauge, type Registry } from "prom-client";
import type { IngestStats } from "../../ingest/ingest.js";
import type { Streaming } from "../../streaming/face.js";
import type { SubscriberStats } from "../subscriber.js";
import { s } from "./labels.js";

/** What counts for itself, and is read when somebody asks. */
export interface MetricSources {
  readonly streaming: () => ReturnType<Streaming["stats"]>;
  readonly slots: () => Readonly<Record<"video" | "audio", { limit: number; inUse: number; waiting: number }>>;
  readonly ingest: () => IngestStats;
  /** What players said on requests to us and could not be read. */
  readonly cmcdDropped: () => number;
  readonly subscribers: () => Readonly<Record<string, SubscriberStats>>;
  /** Spans by what became of them; null where no traces are sent. */
  readonly spans: () => Readonly<Record<string, number>> | null;
  /** Messages that are in no stored sum of what encoders do. */
  readonly workLost: () => number;
  readonly viewEvents: () => { readonly waiting: number; readonly dropped: number; readonly unclaimed: number };
}

type Values<L extends string> = Iterable<readonly [labels: Readonly<Partial<Record<L, string>>>, value: number]>;

/** Registers what is read when `/metrics` is. */
export function readMetrics(registry: Registry, sources: MetricSources): void {
  const registers = [registry];
  function gauge<L extends string>(name: string, help: string, labelNames: L[], read: () => Values<L>): void {
    const metric: Gauge<L> = new Gauge({
      name: `playhead_${name}`,
      help,
      labelNames,
      registers,
      collect() {
        for (const [labels, value] of read()) metric.set(labels, value);
      },
    });
  }
  function counter<L extends string>(name: string, help: string, labelNames: L[], read: () => Values<L>): void {
    const metric: Counter<L> = new Counter({
      name: `playhead_${name}`,
      help,
      labelNames,
      registers,
      collect() {
        metric.reset();
        for (const [labels, value] of read()) metric.inc(labels, value);
      },
    });
  }

  gauge("hls_sessions", "HLS sessions that are open.", [], () => {
    const { warming, active, lingering } = sources.streaming().sessions;
    return [[{}, warming + active + lingering]];
  });
  gauge("hls_sessions_by_state", "HLS sessions that are open, by what they do.", ["state"], () =>
    Object.entries(sources.streaming().sessions).map(([state, count]) => [{ state }, count] as const),
  );
  gauge("ffmpeg_runs", "ffmpeg processes that run; `paused`: as far ahead as they may be.", ["state"], () => {
    const { runs, pausedRuns } = sources.streaming().encoder;
    return [
      [{ state: "working" }, runs - pausedRuns],
      [{ state: "paused" }, pausedRuns],
    ];
  });
  gauge("encoder_slots", "Places of encoders: how many there are, and how many are taken.", ["kind", "state"], () =>
    Object.entries(sources.slots()).flatMap(([kind, { limit, inUse }]) => [
      [{ kind, state: "limit" }, limit] as const,
      [{ kind, state: "used" }, inUse] as const,
    ]),
  );
  gauge("encoder_queue", "Encoders that wait for a place.", ["kind"], () =>
    Object.entries(sources.slots()).map(([kind, { waiting }]) => [{ kind }, waiting] as const),
  );
  gauge("cache_bytes", "Converted segments that are kept.", ["where"], () => {
    const { bytes, memoryBytes } = sources.streaming().cache;
    return [
      [{ where: "disk" }, bytes],
      [{ where: "memory" }, memoryBytes],
    ];
  });
  gauge("cache_files", "Converted segments on the disk.", [], () => [[{}, sources.streaming().cache.files]]);

  counter("ingest_events_total", "Telemetry events that were stored, or were stored before.", ["result"], () => {
    const { accepted, duplicates } = sources.ingest();
    return [
      [{ result: "accepted" }, accepted],
      [{ result: "duplicate" }, duplicates],
    ];
  });
  counter(
    "ingest_drops_total",
    "Events that were not stored, by reason; `own_event`: the server's, `cmcd_request`: unreadable.",
    ["reason"],
    () => {
      const { drops, ownDropped } = sources.ingest();
      const all = { ...drops, own_event: ownDropped, cmcd_request: sources.cmcdDropped() };
      return Object.entries(all).map(([reason, count]) => [{ reason }, count] as const);
    },
  );
  gauge("ingest_queue_events", "Telemetry events that wait for a transaction, and that are in one.", ["state"], () => {
    const { queued, writing } = sources.ingest();
    return [
      [{ state: "queued" }, queued],
      [{ state: "writing" }, writing],
    ];
  });

  gauge("telemetry_queue", "Messages that wait for a subscriber of the server's telemetry.", ["subscriber"], () =>
    Object.entries(sources.subscribers()).map(([subscriber, { waiting }]) => [{ subscriber }, waiting] as const),
  );
  counter("telemetry_drops_total", "Messages that found a subscriber's queue full.", ["subscriber"], () =>
    Object.entries(sources.subscribers()).map(([subscriber, { dropped }]) => [{ subscriber }, dropped] as const),
  );
  counter("telemetry_busy_seconds_total", "What handling messages took: the cost of telemetry.", ["subscriber"], () =>
    Object.entries(sources.subscribers()).map(([subscriber, { busyMs }]) => [{ subscriber }, s(busyMs)] as const),
  );
  gauge("view_events_waiting", "Events of HLS sessions whose view is not known yet.", [], () => [
    [{}, sources.viewEvents().waiting],
  ]);
  counter(
    "view_events_lost_total",
    "Events of HLS sessions that are stored nowhere; `unclaimed`: no view ever named the session.",
    ["reason"],
    () => {
      const { dropped, unclaimed } = sources.viewEvents();
      return [
        [{ reason: "no_room" }, dropped],
        [{ reason: "unclaimed" }, unclaimed],
      ];
    },
  );
  counter(
    "work_lost_total",
    "Messages of sessions and encoders that the Encoder page leaves out: the database was away for too long.",
    [],
    () => [[{}, sources.workLost()]],
  );
  counter("trace_spans_total", "Spans of traces, by what became of them.", ["result"], () =>
    Object.entries(sources.spans() ?? {}).map(([result, count]) => [{ result }, count] as const),
  );
}
