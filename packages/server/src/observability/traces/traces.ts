import { setTimeout as delay } from "node:timers/promises";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { FastifyBaseLogger } from "fastify";
import type { Play } from "../plays.js";
import { boundedProcessor, countedExporter, type SpanCounts } from "./bounded-export.js";
import { tracePlay } from "./play-trace.js";

export interface TracesOptions {
  /** Base address of an OTLP receiver over HTTP; spans go to `/v1/traces` below it, as JSON. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly log: FastifyBaseLogger;
}

export interface Traces {
  played(play: Play): void;
  counts(): SpanCounts;
  /** Sends what waits, for a moment. Never rejects. */
  stop(): Promise<void>;
}

/** Most spans that wait for their receiver; a play has about ten. */
const MAX_WAITING = 2_048;
const SEND_EVERY_MS = 2_000;
const TIMEOUT_MS = 5_000;
/** A receiver that hangs must not hold up the server's end. */
const LAST_WORDS_MS = 3_000;

/** Sends each play as a trace to an OTLP receiver. One that is away costs spans, which are counted, and a line in the log. */
export function sendTraces({ endpoint, headers, log }: TracesOptions): Traces {
  const counts: SpanCounts = { sent: 0, failed: 0, dropped: 0 };
  let isDown = false;
  const otlp = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, "")}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: TIMEOUT_MS,
  });
  const exporter = countedExporter(otlp, counts, (isSent, error) => {
    if (!isSent && !isDown) log.warn({ err: error, endpoint }, "Traces can't be sent");
    isDown = !isSent;
  });
  const batches = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_WAITING,
    maxExportBatchSize: MAX_WAITING / 4,
    scheduledDelayMillis: SEND_EVERY_MS,
    exportTimeoutMillis: TIMEOUT_MS,
  });
  const provider = new TracerProvider({
    sampler: new AlwaysOnSampler(),
    resource: resourceFromAttributes({ "service.name": "playhead" }),
    spanProcessors: [boundedProcessor(batches, MAX_WAITING, counts)],
  });
  const tracer = provider.getTracer("playhead");
  return {
    played: (play) => tracePlay(tracer, play),
    counts: () => ({ ...counts }),
    async stop() {
      await Promise.race([provider.shutdown().catch(() => undefined), delay(LAST_WORDS_MS, undefined, { ref: false })]);
    },
  };
}
