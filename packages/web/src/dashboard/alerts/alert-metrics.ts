import { bitrate, decimal, milliseconds, type Quantity, share } from "../quantity.js";

/** How a metric is written in a form: what the form's number is multiplied by gives the API's. */
export interface Unit {
  readonly name: string;
  readonly factor: number;
  readonly show: (value: number | null) => Quantity;
}

const percent: Unit = { name: "%", factor: 0.01, show: share };
const seconds: Unit = { name: "s", factor: 1_000, show: milliseconds };
const megabits: Unit = { name: "Mbit/s", factor: 1_000_000, show: bitrate };
const plain: Unit = { name: "", factor: 1, show: (value) => decimal(value, value !== null && value % 1 === 0 ? 0 : 2) };

export interface AlertMetricChoice {
  /** As the API names it. */
  readonly metric: string;
  readonly name: string;
  readonly unit: Unit;
}

/** What is mostly watched over; the API takes every other metric too (docs/alerts.md). */
export const alertMetrics: readonly AlertMetricChoice[] = [
  { metric: "startFailureRate", name: "Failed to start", unit: percent },
  { metric: "playbackFailureRate", name: "Failed while playing", unit: percent },
  { metric: "exitBeforeStartRate", name: "Left before the start", unit: percent },
  { metric: "startupMs.p50", name: "Startup, p50", unit: seconds },
  { metric: "startupMs.p95", name: "Startup, p95", unit: seconds },
  { metric: "startupMs.p99", name: "Startup, p99", unit: seconds },
  { metric: "startServerMs.p95", name: "Startup spent on the server, p95", unit: seconds },
  { metric: "rebufferRatio", name: "Rebuffer ratio", unit: percent },
  { metric: "rebufferFrequencyPerMinute", name: "Stalls a minute", unit: plain },
  { metric: "seekLatencyMs", name: "Seek latency", unit: seconds },
  { metric: "droppedFrameRatio", name: "Dropped frames", unit: percent },
  { metric: "averageBitrateBps", name: "Bitrate", unit: megabits },
  { metric: "mos.mean", name: "Mean opinion", unit: plain },
  { metric: "seedScore", name: "Seed score", unit: plain },
  { metric: "views", name: "Views", unit: plain },
  { metric: "viewers", name: "Viewers", unit: plain },
];

/** A metric that is not on the list has its own name, and the API's numbers. */
export const choiceOf = (metric: string): AlertMetricChoice =>
  alertMetrics.find((choice) => choice.metric === metric) ?? { metric, name: metric, unit: plain };
