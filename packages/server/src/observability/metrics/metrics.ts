import { collectDefaultMetrics, Registry } from "prom-client";
import type { Play } from "../plays.js";
import type { Handlers } from "../subscriber.js";
import { otherMetrics } from "./other-metrics.js";
import { type MetricSources, readMetrics } from "./read-metrics.js";
import { streamingMetrics } from "./streaming-metrics.js";

/** What `/metrics` shows. Labels have few values, all known beforehand: no ids, no names of files. */
export interface Metrics {
  /** What fills them. */
  readonly handlers: Handlers;
  /** A play has its first segment, or is given up. */
  played(play: Play): void;
  /** The Prometheus text format. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** @param sources what is read when somebody asks. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "playhead_" });
  const { handlers, played } = streamingMetrics(registry);
  readMetrics(registry, sources);
  return {
    handlers: { ...handlers, ...otherMetrics(registry) },
    played,
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
