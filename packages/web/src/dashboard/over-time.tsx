import type { TimeseriesReply } from "@playhead/protocol";
import { ChartFigure } from "./chart-figure.js";
import { overTimeOption } from "./chart-options.js";
import type { Metric } from "./metrics.js";
import { tickMoment } from "./moment.js";
import { count, say } from "./quantity.js";

export interface OverTimeProps {
  readonly metric: Metric;
  readonly reply: TimeseriesReply;
  /** Looks closer at one interval. */
  readonly onZoom: (from: number, to: number) => void;
}

/** The chosen metric over the range, as a chart and as a table. */
export function OverTime({ metric, reply, onZoom }: OverTimeProps) {
  const { points, intervalMs } = reply;
  const told = points.filter((point) => point.views > 0);
  const zoom = (at: number) => onZoom(at, at + intervalMs);
  const measured = points.some((point) => metric.series.some((series) => series.value(point) !== null));
  const canZoom = intervalMs > 60_000;
  const value = (point: TimeseriesReply["points"][number], series: Metric["series"][number]) =>
    metric.id === "failures" ? String(series.value(point)) : say(metric.show(series.value(point)));
  return (
    <ChartFigure
      title={`${metric.name} over time`}
      definition={metric.definition}
      label={`${metric.name} over time, ${points.length} intervals. “Show as table” gives the numbers.`}
      legend={metric.series.map(({ name, colour }) => ({ name, colour, kind: metric.chart }))}
      option={(look) => overTimeOption(metric, reply, look)}
      drawnFrom={`${metric.id} ${JSON.stringify(reply)}`}
      columns={[
        { name: "From" },
        { name: "Views", number: true },
        ...metric.series.map(({ name }) => ({ name, number: true })),
      ]}
      rows={told.toReversed().map((point) => ({
        key: String(point.at),
        cells: [
          canZoom ? (
            <button type="button" class="link" onClick={() => zoom(point.at)}>
              {tickMoment(point.at, intervalMs)}
            </button>
          ) : (
            tickMoment(point.at, intervalMs)
          ),
          say(count(point.views)),
          ...metric.series.map((one) => value(point, one)),
        ],
      }))}
      {...(!measured && { note: "Nothing of this was measured here" })}
      {...(canZoom && {
        onPick: (index: number) => {
          const point = points[index];
          if (point) zoom(point.at);
        },
      })}
    />
  );
}
