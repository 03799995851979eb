import type { HistogramReply } from "@playhead/protocol";
import { durationScale, durationTick, withoutZeros } from "./chart-durations.js";
import type { ChartOption } from "./chart-engine.js";
import { axisLabel, frame, indexOf, type Scale, tip, tooltip, valueAxis, wholeScale } from "./chart-frame.js";
import type { ChartLook } from "./chart-look.js";
import type { Charted } from "./metrics.js";
import { clockTime, dayName, tickMoment } from "./moment.js";
import { count, milliseconds, say, share } from "./quantity.js";

/** What a chart over time is drawn from. */
export interface OverTimeReply<P> {
  readonly from: number;
  readonly to: number;
  readonly intervalMs: number;
  readonly points: readonly (P & { readonly at: number })[];
}

/** How much there was of what the points are about: `views`. */
export interface Counted<P> {
  readonly name: string;
  readonly value: (point: P) => number;
}

/** One value of a chart, in words. */
export const sayCharted = (metric: Pick<Charted, "whole" | "show">, value: number | null): string =>
  say(metric.whole ? count(value) : metric.show(value));

/** A metric over time: bars for sums, lines for what has none. Where nothing was measured there is no line. */
export function overTimeOption<P>(
  metric: Charted<P>,
  reply: OverTimeReply<P>,
  counted: Counted<P>,
  look: ChartLook,
): ChartOption {
  const { points, intervalMs } = reply;
  const step = labelStep(reply.to - reply.from);
  const valuesOf = metric.series.map((series) => points.map((point) => series.value(point)));
  const colours = metric.series.map((series) => look.colour(series.colour));
  const bars = metric.chart === "bars";
  return {
    ...frame(look),
    tooltip: {
      ...tooltip(look),
      formatter: (raw) => {
        const i = indexOf(raw);
        const point = points[i];
        if (!point) return "";
        const rows = metric.series.map((series, s) => ({
          name: series.name,
          text: sayCharted(metric, series.value(point)),
          colour: colours[s] ?? look.ink,
        }));
        const of =
          metric.id === counted.name
            ? []
            : [{ name: counted.name, text: say(count(counted.value(point))), colour: "transparent" }];
        return tip(tickMoment(point.at, intervalMs), [...rows.toReversed(), ...of]);
      },
    },
    xAxis: {
      type: "category",
      data: points.map(({ at }) => String(at)),
      boundaryGap: bars,
      axisLine: { lineStyle: { color: look.tick } },
      // The ruler: a tick for each interval.
      axisTick: { show: true, alignWithLabel: !bars, interval: 0, length: 5, lineStyle: { color: look.tick } },
      axisLabel: {
        ...axisLabel(look),
        margin: 11,
        interval: (i, at) => isWithin(i, points.length, step) && isRound(Number(at), points[i - 1]?.at, step),
        formatter: (at) => (step >= DAY_MS ? dayName(Number(at)) : clockTime(Number(at))),
      },
    },
    yAxis: valueAxis(look, (value) => axisText(metric, value), scaleOf(metric, valuesOf)),
    series: [
      ...metric.series.map((series, s) => {
        const values = valuesOf[s] ?? [];
        const colour = colours[s] ?? look.ink;
        if (bars) {
          return {
            type: "bar" as const,
            name: series.name,
            stack: "all",
            data: values.map((value) => value ?? 0),
            itemStyle: { color: colour },
            emphasis: { disabled: true },
            barCategoryGap: "22%",
            barMaxWidth: 28,
          };
        }
        return {
          type: "line" as const,
          name: series.name,
          data: values,
          lineStyle: { color: colour, width: 1.75 },
          itemStyle: { color: colour },
          emphasis: { disabled: true },
          showSymbol: true,
          symbol: "circle",
          // A value between two gaps has no line: without a dot it would not be seen at all.
          symbolSize: (_value: unknown, { dataIndex }: { dataIndex: number }) => (isAlone(values, dataIndex) ? 5 : 0),
          connectNulls: false,
        };
      }),
      ...(metric.guide === undefined
        ? []
        : [
            guideLine(
              points.map(() => metric.guide ?? null),
              look,
            ),
          ]),
    ],
  };
}

function guideLine(data: (number | null)[], look: ChartLook) {
  return {
    type: "line" as const,
    data,
    silent: true,
    symbol: "none",
    lineStyle: { color: look.faint, width: 1, type: "dashed" as const },
    emphasis: { disabled: true },
  };
}

const DAY_MS = 86_400_000;

/** A person reads times of day in steps of minutes and hours, and whole days. */
function labelStep(rangeMs: number): number {
  if (rangeMs > 2 * DAY_MS) return DAY_MS;
  if (rangeMs > 6 * 3_600_000) return 3 * 3_600_000;
  return rangeMs > 2 * 3_600_000 ? 3_600_000 : rangeMs > 1_800_000 ? 600_000 : 300_000;
}

/** Half of a name at the edge would be cut off; that of a day is the longer one. */
function isWithin(i: number, points: number, stepMs: number): boolean {
  return i < points - 1 && (stepMs < DAY_MS || i < points * 0.96);
}

function isRound(at: number, before: number | undefined, stepMs: number): boolean {
  if (stepMs >= DAY_MS) return before !== undefined && dayName(at) !== dayName(before);
  const day = new Date(at);
  return (day.getHours() * 60 + day.getMinutes()) % (stepMs / 60_000) === 0;
}

/** Shares end at 100 %: nothing is more than all of it. */
function scaleOf(metric: Pick<Charted, "show" | "whole">, values: readonly (readonly (number | null)[])[]): Scale {
  if (metric.whole) return wholeScale;
  const most = Math.max(0, ...values.flat().map((value) => value ?? 0));
  if (metric.show === share) return (most === 0 || most > 0.75) && most <= 1 ? { interval: 0.25, max: 1 } : {};
  return metric.show === milliseconds ? durationScale(most) : {};
}

function isAlone(values: readonly (number | null)[], i: number): boolean {
  return (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null;
}

function axisText(metric: Pick<Charted, "show" | "whole">, value: number): string {
  if (metric.whole) return String(value);
  if (value === 0) return "0";
  return metric.show === milliseconds ? durationTick(value) : withoutZeros(say(metric.show(value)));
}

/** How many views started in how long: the bins are of unlike width, so each bar is as wide as the next, with its bounds below. */
export function histogramOption(reply: HistogramReply, look: ChartLook): ChartOption {
  const { bins } = reply;
  const colour = look.colour("--chart-2");
  const all = bins.reduce((sum, { views }) => sum + views, 0);
  return {
    ...frame(look),
    tooltip: {
      ...tooltip(look),
      axisPointer: { type: "none" },
      formatter: (raw) => {
        const bin = bins[indexOf(raw)];
        if (!bin) return "";
        const part = all > 0 ? `${((bin.views / all) * 100).toFixed(1)} %` : "–";
        return tip(binName(bin), [
          { name: "views", text: String(bin.views), colour },
          { name: "of all that started", text: part, colour: "transparent" },
        ]);
      },
    },
    xAxis: {
      type: "category",
      data: bins.map(({ fromMs }) => String(fromMs)),
      boundaryGap: true,
      axisLine: { lineStyle: { color: look.tick } },
      axisTick: { show: true, alignWithLabel: false, interval: 0, length: 5, lineStyle: { color: look.tick } },
      // A name stands under the left edge of its bar: it is where the bar begins.
      axisLabel: { ...axisLabel(look), margin: 11, align: "center", formatter: (from) => edgeName(Number(from)) },
    },
    yAxis: valueAxis(look, String, wholeScale),
    series: [
      {
        type: "bar",
        data: bins.map(({ views }) => views),
        itemStyle: { color: colour },
        emphasis: { disabled: true },
        barCategoryGap: "8%",
      },
    ],
  };
}

type Bin = HistogramReply["bins"][number];

export function binName({ fromMs, toMs }: Bin): string {
  return toMs === null ? `${edgeName(fromMs)} or more` : `${edgeName(fromMs)} to ${edgeName(toMs)}`;
}

function edgeName(ms: number): string {
  if (ms === 0) return "0";
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}
