import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { IngestStats } from "../ingest/ingest.js";
import { listen } from "../streaming/channels.js";

/** What `/metrics` shows. Labels have few values, all known beforehand: no ids, no names of files. */
export interface Metrics {
  /** The Prometheus text format. */
  render(): Promise<string>;
  readonly contentType: string;
  stop(): void;
}

const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32];
const s = (ms: number) => ms / 1000;

/** Listens to what the stages publish; nothing waits for it. */
export function createMetrics(ingestStats: () => IngestStats): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "playhead_" });

  const sessions = new Gauge({ name: "playhead_hls_sessions", help: "HLS sessions that are open.", registers });
  const sessionStarts = new Counter({
    name: "playhead_hls_session_starts_total",
    help: "HLS sessions started.",
    labelNames: ["delivery"],
    registers,
  });
  const sessionEnds = new Counter({
    name: "playhead_hls_session_ends_total",
    help: "HLS sessions ended.",
    labelNames: ["reason"],
    registers,
  });
  const encoders = new Gauge({
    name: "playhead_ffmpeg_runs",
    help: "ffmpeg processes that run.",
    labelNames: ["kind"],
    registers,
  });
  const encoderEnds = new Counter({
    name: "playhead_ffmpeg_ends_total",
    help: "ffmpeg processes that ended.",
    labelNames: ["kind", "reason"],
    registers,
  });
  const firstSegment = new Histogram({
    name: "playhead_ffmpeg_first_segment_seconds",
    help: "From the start of an ffmpeg to its first segment.",
    labelNames: ["kind"],
    buckets: SECONDS,
    registers,
  });
  const segmentTime = new Histogram({
    name: "playhead_ffmpeg_segment_seconds",
    help: "From one segment of an ffmpeg to its next.",
    labelNames: ["kind"],
    buckets: SECONDS,
    registers,
  });
  const segmentWait = new Histogram({
    name: "playhead_segment_wait_seconds",
    help: "How long a requested segment was not ready.",
    labelNames: ["kind", "delivery"],
    buckets: SECONDS,
    registers,
  });
  const segmentRequests = new Counter({
    name: "playhead_segment_requests_total",
    help: "Segment requests by how they ended.",
    labelNames: ["kind", "delivery", "outcome"],
    registers,
  });
  const segmentBytes = new Counter({
    name: "playhead_segment_bytes_total",
    help: "Bytes of segments sent.",
    labelNames: ["kind", "delivery"],
    registers,
  });
  // The ingest counts for itself; its figures are read when somebody asks.
  const ingestEvents = new Gauge({
    name: "playhead_ingest_events",
    help: "Telemetry events since the start, by what became of them.",
    labelNames: ["result"],
    registers: [],
    collect() {
      const { accepted, duplicates, drops, queued, writing, ownDropped } = ingestStats();
      this.set({ result: "accepted" }, accepted);
      this.set({ result: "duplicate" }, duplicates);
      this.set({ result: "queued" }, queued);
      this.set({ result: "writing" }, writing);
      this.set({ result: "own_dropped" }, ownDropped);
      for (const [reason, count] of Object.entries(drops)) this.set({ result: `dropped_${reason}` }, count);
    },
  });

  registry.registerMetric(ingestEvents);

  const stops = [
    listen("playhead:hls.session.start", ({ delivery }) => {
      sessions.inc();
      sessionStarts.inc({ delivery });
    }),
    listen("playhead:hls.session.end", ({ reason }) => {
      sessions.dec();
      sessionEnds.inc({ reason });
    }),
    listen("playhead:ffmpeg.start", ({ kind }) => encoders.inc({ kind })),
    listen("playhead:ffmpeg.end", ({ kind, reason }) => {
      encoders.dec({ kind });
      encoderEnds.inc({ kind, reason });
    }),
    listen("playhead:ffmpeg.first_segment", ({ kind, afterMs }) => firstSegment.observe({ kind }, s(afterMs))),
    listen("playhead:ffmpeg.segment", ({ kind, tookMs }) => segmentTime.observe({ kind }, s(tookMs))),
    listen("playhead:segment.request", ({ kind, delivery, outcome, waitMs, bytes }) => {
      segmentRequests.inc({ kind, delivery, outcome });
      segmentWait.observe({ kind, delivery }, s(waitMs));
      segmentBytes.inc({ kind, delivery }, bytes);
    }),
  ];
  return {
    render: () => registry.metrics(),
    contentType: registry.contentType,
    stop: () => stops.forEach((stop) => stop()),
  };
}
