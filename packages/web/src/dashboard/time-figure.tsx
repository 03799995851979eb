import { ChartFigure } from "./chart-figure.js";
import { type Counted, type OverTimeReply, overTimeOption, sayCharted } from "./chart-options.js";
import type { Charted } from "./metrics.js";
import { tickMoment } from "./moment.js";
import { count, say } from "./quantity.js";

export interface TimeFigureProps<P> {
  readonly title: string;
  readonly metric: Charted<P>;
  readonly reply: OverTimeReply<P>;
  /** Stands beside the values; intervals that have none of it are not listed. */
  readonly counted: Counted<P>;
  /** Looks closer at one interval. */
  readonly onZoom: (from: number, to: number) => void;
  /** Nothing is told apart within an interval of so many ms. */
  readonly finestMs: number;
}

/** Values over the range, as a chart and as a table. */
export function TimeFigure<P>({ title, metric, reply, counted, onZoom, finestMs }: TimeFigureProps<P>) {
  const { points, intervalMs } = reply;
  const told = points.filter((point) => counted.value(point) > 0);
  const zoom = (at: number) => onZoom(at, at + intervalMs);
  const measured = points.some((point) => metric.series.some((series) => series.value(point) !== null));
  const canZoom = intervalMs > finestMs;
  return (
    <ChartFigure
      title={title}
      definition={metric.definition}
      label={`${title}, ${points.length} intervals. “Show as table” gives the numbers.`}
      legend={metric.series.map(({ name, colour }) => ({ name, colour, kind: metric.chart }))}
      option={(look) => overTimeOption(metric, reply, counted, look)}
      drawnFrom={`${metric.id} ${JSON.stringify(reply)}`}
      columns={[
        { name: "From" },
        { name: `${counted.name.charAt(0).toUpperCase()}${counted.name.slice(1)}`, number: true },
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
          say(count(counted.value(point))),
          ...metric.series.map((one) => sayCharted(metric, one.value(point))),
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
