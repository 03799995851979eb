import { type Measured, Totals } from "@playhead/protocol";
import { type DistributedField, distributedFields } from "@playhead/store";
import { AppError } from "../../errors.js";

const statistics = ["mean", "p50", "p75", "p90", "p95", "p99"] as const;
type Statistic = (typeof statistics)[number];

const totalNames = Object.keys(Totals.properties);
const isTotal = (name: string): name is keyof Totals => totalNames.includes(name);

/** What an alert is about: one number of a selection. */
export interface AlertMetric {
  /** What has to be measured for it besides the totals. */
  readonly fields: readonly DistributedField[];
  /** Null where nothing is known, or too few views speak for it. */
  readonly valueOf: (measured: Measured) => number | null;
}

/** @throws {AppError} `bad_request` that lists the names. */
export function parseAlertMetric(metric: string): AlertMetric {
  if (isTotal(metric)) return { fields: [], valueOf: (measured) => measured[metric] };
  const [name, part] = metric.split(".");
  const field = distributedFields.find((known) => known === name);
  const statistic: Statistic | undefined = statistics.find((known) => known === part);
  if (field === undefined || statistic === undefined || metric !== `${field}.${statistic}`) {
    throw new AppError("bad_request", {
      message:
        `metric is "${metric.slice(0, 64)}", but must be one of ${totalNames.join(", ")}; ` +
        `or one of ${statistics.join(", ")} of a distribution, such as startupMs.p95: ${distributedFields.join(", ")}.`,
    });
  }
  return { fields: [field], valueOf: ({ distributions }) => distributions?.[field]?.[statistic] ?? null };
}
