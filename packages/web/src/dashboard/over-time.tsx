import type { TimeseriesReply } from "@playhead/protocol";
import { Chart } from "./chart.js";
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
    <figure class="figure">
      <figcaption class="figure-head">
        <h2 class="title-face">{metric.name} over time</h2>
        <ul class="legend">
          {metric.series.map((series) => (
            <li key={series.name}>
              <i style={{ background: `var(${series.colour})` }} data-kind={metric.chart} />
              {series.name}
            </li>
          ))}
        </ul>
      </figcaption>
      <p class="figure-definition">{metric.definition}</p>
      <Chart
        label={`${metric.name} over time, ${points.length} intervals. The table below has the numbers.`}
        option={(look) => overTimeOption(metric, reply, look)}
        drawnFrom={`${metric.id} ${JSON.stringify(reply)}`}
        {...(!measured && { note: "Nothing of this was measured here" })}
        {...(canZoom && {
          onPick: (index: number) => {
            const point = points[index];
            if (point) zoom(point.at);
          },
        })}
      />
      <details class="figure-table">
        <summary>The numbers</summary>
        <div class="table-scroll" tabIndex={0} role="region" aria-label={`${metric.name} over time, as a table`}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col" data-number>
                  Views
                </th>
                {metric.id !== "views" &&
                  metric.series.map((series) => (
                    <th scope="col" key={series.name} data-number>
                      {series.name}
                    </th>
                  ))}
              </tr>
            </thead>
            <tbody>
              {told.toReversed().map((point) => (
                <tr key={point.at}>
                  <th scope="row">
                    {canZoom ? (
                      <button type="button" class="link" onClick={() => zoom(point.at)}>
                        {tickMoment(point.at, intervalMs)}
                      </button>
                    ) : (
                      tickMoment(point.at, intervalMs)
                    )}
                  </th>
                  <td data-number>{say(count(point.views))}</td>
                  {metric.id !== "views" &&
                    metric.series.map((series) => (
                      <td key={series.name} data-number>
                        {value(point, series)}
                      </td>
                    ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
