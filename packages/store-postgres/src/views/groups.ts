import type { GroupKey, ViewDimension, ViewGrouping, ViewSelection } from "@playhead/store";
import type { Database } from "../connection/database.js";
import { dimensionColumn } from "./columns.js";
import { type Condition, where } from "./selection.js";

/** What a group's rows have in common, as PostgreSQL gives it. */
export type Key = string | number | null;

/**
 * A grouping in SQL. Rows are grouped by plain columns, which are hashed and compared as they are; the key is made of them
 * once a group, not once a row.
 */
export interface GroupSql {
  /** The selection, and what limits it to the groups that are shown. */
  readonly condition: Condition;
  /** Expressions over a row; they may refer to parameters of `condition`. */
  readonly parts: readonly string[];
  /** The key of a group, from the names of its parts. */
  readonly key: (names: readonly string[]) => string;
  readonly read: (key: Key) => GroupKey;
  /** Only so many groups, those with the most views. */
  readonly limit?: number;
}

/** `g0`, `g1`, …: what the parts are called in a statement. */
export const partNames = ({ parts }: Pick<GroupSql, "parts">): readonly string[] => parts.map((_, i) => `g${i}`);
/** `browser AS g0, …`: the parts with their names. */
export const partList = ({ parts }: Pick<GroupSql, "parts">): string =>
  parts.map((part, i) => `${part} AS g${i}`).join(", ");

/** Of a series by dimensions the values with the most views are found first, over the whole range. */
export async function groupSql(
  database: Database,
  selection: ViewSelection,
  { intervalMs, by = [], limit }: ViewGrouping,
): Promise<GroupSql> {
  const condition = where(selection);
  const columns = by.map(dimensionColumn);
  const limited = limit === undefined ? {} : { limit };
  if (intervalMs === undefined) {
    if (by.length === 0) return { condition, parts: ["0"], key: ([all = ""]) => all, read: () => ({}) };
    return { condition, parts: columns, key: keyOf, read: (key) => ({ values: readValues(by, key) }), ...limited };
  }
  const bucket = `started_at - mod(started_at, $${condition.values.length + 1}::bigint)`;
  const series = { sql: condition.sql, values: [...condition.values, intervalMs] };
  if (by.length === 0) {
    return { condition: series, parts: [bucket], key: ([at = ""]) => at, read: (key) => ({ at: Number(key) }) };
  }
  return {
    condition: await shownOnly(database, condition, series, columns, limit ?? 100),
    parts: [bucket, ...columns],
    key: ([at, ...values]) => `jsonb_build_array(${at}, ${keyOf(values)})::text`,
    read(key) {
      const [at, value]: readonly [number, string | null] = JSON.parse(String(key));
      return { at, values: readValues(by, value) };
    },
  };
}

/** The series' condition, cut to the values with the most views where there are more than so many. */
async function shownOnly(
  database: Database,
  { sql, values }: Condition,
  series: Condition,
  columns: readonly string[],
  limit: number,
): Promise<Condition> {
  const most = Math.trunc(limit);
  const rows = await database.query<{ key: string | null }>(
    `SELECT ${keyOf(columns)} AS key FROM views WHERE ${sql} GROUP BY ${columns.join(", ")}
     ORDER BY count(*) DESC, 1 LIMIT ${most + 1}`,
    values,
  );
  if (rows.length <= most) return series;
  const shown = rows.slice(0, most).map(({ key }) => key ?? "");
  return {
    sql: `${series.sql} AND coalesce((${keyOf(columns)})::text, '') = ANY($${series.values.length + 1}::text[])`,
    values: [...series.values, shown],
  };
}

/** One dimension is its own key; several are a JSON array. */
export function keyOf(columns: readonly string[]): string {
  return columns.length === 1 ? (columns[0] ?? "") : `jsonb_build_array(${columns.join(", ")})::text`;
}

function readValues(by: readonly ViewDimension[], key: Key): readonly (string | null)[] {
  if (by.length === 1) return [key === null ? null : String(key)];
  const values: readonly (string | null)[] = JSON.parse(String(key));
  return values;
}
