import type { WorkStore } from "@playhead/store";
import type { Logger } from "pino";
import type { Config } from "../config.js";
import type { Ingest } from "../ingest/ingest.js";
import type { Streaming } from "../streaming/face.js";
import { logLines } from "./log-lines.js";
import { createMetrics, type Metrics } from "./metrics/metrics.js";
import { followPlays } from "./plays.js";
import { type Subscriber, subscribe, together } from "./subscriber.js";
import type { Traces } from "./traces/traces.js";
import { recordServerEvents, type ServerEvents } from "./view-events/server-events.js";
import { keepWork } from "./work/keep-work.js";

export interface ObserveOptions {
  readonly config: Pick<Config, "serverTelemetry" | "otlpEndpoint" | "otlpHeaders">;
  readonly ingest: Pick<Ingest, "record" | "stats">;
  readonly streaming: Pick<Streaming, "stats" | "scheduler">;
  readonly cmcdDropped: () => number;
  readonly work: WorkStore;
  readonly log: Logger;
}

/** What the server tells of itself: `docs/observability.md`. */
export interface Observability {
  readonly metrics: Pick<Metrics, "render" | "contentType">;
  /**
   * Begins to listen; without it only what is read when somebody asks is in the metrics. May begin again after `stop`, but
   * without traces.
   */
  start(): void;
  /** Stores and tells what it has heard, and listens no more. */
  stop(): Promise<void>;
}

const SWEEP_MS = 5_000;
const nothing = { waiting: 0, dropped: 0, unclaimed: 0 };

export async function observe(options: ObserveOptions): Promise<Observability> {
  const { config, ingest, streaming, cmcdDropped, work, log } = options;
  const traces = await tracesOf(options);
  let subscribers: readonly Subscriber[] = [];
  let viewEvents: ServerEvents | undefined;
  let sweeper: NodeJS.Timeout | undefined;
  const { video, audio } = streaming.scheduler;
  const keeper = keepWork({ work, log });
  const metrics = createMetrics({
    streaming: () => streaming.stats(),
    slots: () => ({ video, audio }),
    ingest: () => ingest.stats(),
    cmcdDropped,
    subscribers: () => Object.fromEntries(subscribers.map((subscriber) => [subscriber.name, subscriber.stats()])),
    viewEvents: () => viewEvents?.waits() ?? nothing,
    spans: () => traces?.counts() ?? null,
    workLost: () => keeper.lost,
  });
  const plays = followPlays((play) => {
    metrics.played(play);
    traces?.played(play);
  });

  return {
    metrics: {
      contentType: metrics.contentType,
      render() {
        for (const subscriber of subscribers) subscriber.drain();
        return metrics.render();
      },
    },
    start() {
      if (!config.serverTelemetry || subscribers.length > 0) return;
      viewEvents = recordServerEvents({ ingest, log });
      subscribers = [
        viewEvents,
        subscribe(together(metrics.handlers, plays.handlers, keeper.handlers), { name: "metrics", log }),
        subscribe(logLines(log), { name: "log", log }),
      ];
      sweeper = setInterval(() => plays.sweep(Date.now()), SWEEP_MS);
      sweeper.unref();
      keeper.start();
    },
    async stop() {
      clearInterval(sweeper);
      for (const subscriber of subscribers) subscriber.stop();
      subscribers = [];
      await keeper.stop();
      await traces?.stop();
    },
  };
}

/** OpenTelemetry is loaded by those who use it: it is as large as the rest of the server. */
async function tracesOf({ config, log }: ObserveOptions): Promise<Traces | undefined> {
  const { serverTelemetry, otlpEndpoint: endpoint, otlpHeaders } = config;
  if (!serverTelemetry || endpoint === null) return undefined;
  const { sendTraces } = await import("./traces/traces.js");
  return sendTraces({ endpoint, headers: otlpHeaders ?? {}, log });
}
