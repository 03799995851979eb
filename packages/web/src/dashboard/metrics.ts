import type { Totals } from "@playhead/protocol";
import { bitrate, count, counted, decimal, milliseconds, type Quantity, say, share } from "./quantity.js";

/** One line or one colour of bars in a metric's chart. */
export interface Series<P = Totals> {
  readonly name: string;
  readonly value: (point: P) => number | null;
  /** A colour token. */
  readonly colour: `--${string}`;
}

/** What is drawn over time, and how its values are shown. */
export interface Charted<P = Totals> {
  readonly id: string;
  readonly name: string;
  /** What exactly is measured, and of what. */
  readonly definition: string;
  readonly show: (value: number | null) => Quantity;
  /** Bars for sums, lines for what has no sum. */
  readonly chart: "bars" | "lines";
  /** What is drawn are whole numbers, whatever `show` is for. */
  readonly whole?: true;
  readonly series: readonly Series<P>[];
  /** A value to hold the lines against, drawn dashed. */
  readonly guide?: number;
}

/** Something that a set of views measured, and how it is shown. */
export interface Metric extends Charted {
  readonly value: (totals: Totals) => number | null;
  /** What stands beside the figure. */
  readonly beside?: (totals: Totals) => string;
  /** Which way is good, where one is. */
  readonly better?: "less" | "more";
}

const failures = (totals: Totals) => totals.startFailures + totals.playbackFailures;
/** Of all that were asked for: one denominator, so that both kinds can be added. */
const failureRate = (totals: Totals) => (totals.attempts > 0 ? failures(totals) / totals.attempts : null);

function single(name: string, value: Series["value"], colour: Series["colour"] = "--chart-2"): readonly Series[] {
  return [{ name, value, colour }];
}

/** The four that say how it goes. */
export const headlines = [
  {
    id: "views",
    name: "Views",
    definition: "One viewer, one film, one intent to play. Counted when it began.",
    value: (totals) => totals.views,
    show: (value) => count(value),
    beside: ({ started, viewers }) => `${say(count(started))} started, ${counted(viewers ?? 0, "viewer")}`,
    chart: "bars",
    whole: true,
    series: [
      // What is open still counts as played: it is neither failed nor left, and the bars add up to the views.
      {
        name: "played",
        value: (totals) => totals.views - totals.exitsBeforeStart - failures(totals) - totals.businessFailures,
        colour: "--chart-2",
      },
      { name: "left before the start", value: (totals) => totals.exitsBeforeStart, colour: "--chart-3" },
      { name: "failed", value: (totals) => failures(totals) + totals.businessFailures, colour: "--color-bad" },
    ],
  },
  {
    id: "startup",
    name: "Startup",
    definition:
      "From the intent to play to the first frame with the playhead moving. Half of the views that started took no longer than p50; 95 in 100 no longer than p95.",
    value: (totals) => totals.startupP50Ms,
    show: milliseconds,
    better: "less",
    chart: "lines",
    series: [
      { name: "p50", value: (totals) => totals.startupP50Ms, colour: "--chart-2" },
      { name: "p95", value: (totals) => totals.startupP95Ms, colour: "--chart-1" },
    ],
  },
  {
    id: "rebuffering",
    name: "Rebuffer ratio",
    definition:
      "Time stalled for lack of data, of all watch time (playing, stalled and seeking). A stall lasts at least 250 ms; starting, seeking and pausing are none.",
    value: (totals) => totals.rebufferRatio,
    show: share,
    beside: (totals) =>
      totals.rebufferFrequencyPerMinute === null
        ? "nothing was watched"
        : `${counted(totals.rebufferCount, "stall")}, ${say(decimal(totals.rebufferFrequencyPerMinute, 2))} a minute`,
    better: "less",
    chart: "lines",
    series: single("rebuffer ratio", (totals) => totals.rebufferRatio, "--chart-1"),
  },
  {
    id: "failures",
    name: "Failures",
    definition:
      "Views that a fatal error ended, before the first frame or after it, of all that were meant to play. Who was simply not allowed is not counted.",
    value: failureRate,
    show: share,
    beside: (totals) => `${totals.startFailures} before the start, ${totals.playbackFailures} after it`,
    better: "less",
    chart: "bars",
    whole: true,
    series: [
      { name: "failed to start", value: (totals) => totals.startFailures, colour: "--color-bad" },
      { name: "failed while playing", value: (totals) => totals.playbackFailures, colour: "--chart-3" },
    ],
  },
] as const satisfies readonly Metric[];

/** What stands behind them. */
export const details = [
  {
    id: "watch",
    name: "Watch time",
    definition: "Playing, stalled and seeking, after the first frame; pauses are left out.",
    value: (totals) => totals.watchMs,
    show: milliseconds,
    chart: "bars",
    series: single("watch time", (totals) => totals.watchMs),
  },
  {
    id: "bitrate",
    name: "Bitrate",
    definition: "What was shown, weighted by the time it was shown for; not what was downloaded.",
    value: (totals) => totals.averageBitrateBps,
    show: bitrate,
    better: "more",
    chart: "lines",
    series: single("average bitrate", (totals) => totals.averageBitrateBps),
  },
  {
    id: "early",
    name: "Left before start",
    definition: "Views that ended with no first frame and no fatal error, of all that were meant to play.",
    value: (totals) => totals.exitBeforeStartRate,
    show: share,
    better: "less",
    chart: "lines",
    series: single("left before the start", (totals) => totals.exitBeforeStartRate, "--chart-3"),
  },
  {
    id: "seeking",
    name: "Seek latency",
    definition: "From the seek to playing, or being ready, at the new place. The mean of all seeks.",
    value: (totals) => totals.seekLatencyMs,
    show: milliseconds,
    better: "less",
    chart: "lines",
    series: single("seek latency", (totals) => totals.seekLatencyMs, "--chart-4"),
  },
  {
    id: "frames",
    name: "Dropped frames",
    definition: "Frames that were decoded too late to be shown, of all frames.",
    value: (totals) => totals.droppedFrameRatio,
    show: share,
    better: "less",
    chart: "lines",
    series: single("dropped frames", (totals) => totals.droppedFrameRatio, "--chart-6"),
  },
  {
    id: "switches",
    name: "Switches",
    definition: "Changes of quality while a view played; choosing the first is none.",
    value: (totals) => totals.switches,
    show: (value) => count(value),
    better: "less",
    chart: "bars",
    series: single("switches", (totals) => totals.switches, "--chart-5"),
  },
  {
    id: "score",
    name: "Seed score",
    definition:
      "100, less points for a slow start, stalls and switches, plus some for a high bitrate; from 0 to 100. The mean of the views.",
    value: (totals) => totals.seedScore,
    show: (value) => decimal(value, 1),
    better: "more",
    chart: "lines",
    series: single("seed score", (totals) => totals.seedScore, "--chart-5"),
  },
] as const satisfies readonly Metric[];

export type MetricId = (typeof headlines)[number]["id"] | (typeof details)[number]["id"];

const byId: ReadonlyMap<string, Metric> = new Map([...headlines, ...details].map((metric) => [metric.id, metric]));

export function isMetricId(id: string): id is MetricId {
  return byId.has(id);
}

export function metricOf(id: MetricId): Metric {
  return byId.get(id) ?? headlines[0];
}

export { failureRate, failures };
