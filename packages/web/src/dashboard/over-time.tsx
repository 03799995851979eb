import type { TimeseriesReply } from "@playhead/protocol";
import type { Metric } from "./metrics.js";
import { TimeFigure } from "./time-figure.js";

export interface OverTimeProps {
  readonly metric: Metric;
  readonly reply: TimeseriesReply;
  /** Looks closer at one interval. */
  readonly onZoom: (from: number, to: number) => void;
}

const views = { name: "views", value: (point: TimeseriesReply["points"][number]) => point.views };
const FINEST_MS = 60_000;

/** The chosen metric of the views over the range. */
export function OverTime({ metric, reply, onZoom }: OverTimeProps) {
  return (
    <TimeFigure
      title={`${metric.name} over time`}
      metric={metric}
      reply={reply}
      counted={views}
      onZoom={onZoom}
      finestMs={FINEST_MS}
    />
  );
}
