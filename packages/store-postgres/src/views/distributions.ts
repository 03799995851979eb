import type { DistributedField, Distribution, GroupDistributions } from "@playhead/store";
import type { Database } from "../connection/database.js";
import { columnOf } from "./columns.js";
import { type GroupSql, type Key, partList, partNames } from "./groups.js";

/** What is no column: null where it has no denominator. */
const derived: Readonly<Partial<Record<DistributedField, string>>> = {
  rebufferRatio: "rebuffer_ms / nullif(watch_ms, 0)::float8",
  rebufferFrequencyPerMinute: "rebuffer_count * 60000 / nullif(watch_ms, 0)::float8",
  seekLatencyMs: "seek_ms / nullif(seek_count, 0)::float8",
  droppedFrameRatio: "dropped_frames / nullif(decoded_frames + dropped_frames, 0)::float8",
};
const PERCENTILES = "ARRAY[0.5, 0.75, 0.9, 0.95, 0.99]";

/** One statement for all fields: the rows are read once. */
export async function distributionsBy(
  database: Database,
  groups: GroupSql,
  fields: readonly DistributedField[],
): Promise<readonly GroupDistributions[]> {
  const { condition, key, read } = groups;
  const names = partNames(groups);
  const columns = fields.map(
    (_, i) => `count(f${i})::float8 AS "count${i}", avg(f${i})::float8 AS "mean${i}",
      percentile_cont(${PERCENTILES}) WITHIN GROUP (ORDER BY f${i}) AS "at${i}"`,
  );
  const values = fields.map((field, i) => `${derived[field] ?? columnOf(field)} AS f${i}`);
  const rows = await database.query<Record<string, unknown> & { key: Key }>(
    `SELECT ${key(names)} AS key, ${columns.join(", ")}
     FROM (SELECT ${partList(groups)}, ${values.join(", ")} FROM views WHERE ${condition.sql}) seen
     GROUP BY ${names.join(", ")}`,
    condition.values,
  );
  return rows.map((row) => ({
    ...read(row.key),
    of: Object.fromEntries(fields.map((field, i) => [field, distributionOf(row, i)])),
  }));
}

function distributionOf(row: Readonly<Record<string, unknown>>, i: number): Distribution {
  const at: unknown = row[`at${i}`];
  const [p50 = null, p75 = null, p90 = null, p95 = null, p99 = null] = Array.isArray(at) ? at.map(numberOr) : [];
  return { count: Number(row[`count${i}`]), mean: numberOr(row[`mean${i}`]), p50, p75, p90, p95, p99 };
}

const numberOr = (value: unknown): number | null => (typeof value === "number" ? value : null);
