import type { CostlyTotal, ViewTotals } from "@playhead/store";
import type { Database } from "../connection/database.js";
import { type GroupSql, type Key, partList, partNames } from "./groups.js";
import type { Condition } from "./selection.js";

/**
 * Sums that every row gives its part to. What its sender can't know is NULL there and adds nothing; what is divided by
 * something adds only where that is known. Sent by PostgreSQL as float8: numbers for us, and no overflow.
 */
export const sums = {
  views: "count(*)",
  attempts: "count(*) FILTER (WHERE play_requested OR started OR exit = 'start_failure')",
  started: "count(*) FILTER (WHERE started)",
  startFailures: "count(*) FILTER (WHERE exit = 'start_failure' AND NOT business_error)",
  playbackFailures: "count(*) FILTER (WHERE exit = 'playback_failure' AND NOT business_error)",
  // Who leaves within a second did not wait: no exit before start (qoe-model §4, EBVS).
  exitsBeforeStart:
    "count(*) FILTER (WHERE exit = 'before_start' AND play_requested AND last_event_at - started_at >= 1000)",
  businessFailures: "count(*) FILTER (WHERE business_error AND exit IN ('start_failure', 'playback_failure'))",
  watchMs: "coalesce(sum(watch_ms), 0)",
  playingMs: "coalesce(sum(playing_ms), 0)",
  rebufferMs: "coalesce(sum(rebuffer_ms) FILTER (WHERE watch_ms IS NOT NULL), 0)",
  rebufferCount: "coalesce(sum(rebuffer_count) FILTER (WHERE watch_ms IS NOT NULL), 0)",
  seekCount: "coalesce(sum(seek_count), 0)",
  seekMs: "coalesce(sum(seek_ms), 0)",
  droppedFrames: "coalesce(sum(dropped_frames) FILTER (WHERE decoded_frames IS NOT NULL), 0)",
  decodedFrames: "coalesce(sum(decoded_frames), 0)",
  switches: "coalesce(sum(switches), 0)",
  switchesUp: "coalesce(sum(switches_up), 0)",
  switchesDown: "coalesce(sum(switches_down), 0)",
  averageBitrateBps:
    "round(sum(average_bitrate_bps * bitrate_ms) / nullif(sum(bitrate_ms) FILTER (WHERE average_bitrate_bps IS NOT NULL), 0))",
  seedScore: "avg(seed_score)",
} as const satisfies Partial<Record<keyof ViewTotals, string>>;

const sumList = Object.entries(sums)
  .map(([name, sql]) => `(${sql})::float8 AS "${name}"`)
  .join(", ");

export interface GroupTotals {
  readonly key: Key;
  readonly totals: ViewTotals;
}

type Distributed = Pick<ViewTotals, "viewers" | "startupP50Ms" | "startupP75Ms" | "startupP95Ms">;
type Sums = Omit<ViewTotals, keyof Distributed>;

/**
 * Totals by group, those with the most views first. Three statements: sums are computed in parallel and percentiles can't
 * be; and distinct viewers are counted by hash, several times faster than by `count(DISTINCT …)`, which sorts.
 */
export async function totalsBy(
  database: Database,
  groups: GroupSql,
  without: readonly CostlyTotal[] = [],
): Promise<readonly GroupTotals[]> {
  const { condition, key, parts, limit } = groups;
  const sums = database.query<Sums & { key: Key }>(
    `SELECT ${key(parts)} AS key, ${sumList} FROM views WHERE ${condition.sql} GROUP BY ${groupedBy(parts)}
     ORDER BY count(*) DESC, 1 ${limit === undefined ? "" : `LIMIT ${Math.trunc(limit)}`}`,
    condition.values,
  );
  if (limit === undefined) {
    const [sumRows, distributed] = await Promise.all([sums, distributions(database, groups, condition, without)]);
    return join(sumRows, distributed);
  }
  // Of many groups few are shown: the costly part is for those alone. Of few, asking each row would be the costly part.
  const sumRows = await sums;
  const cut = sumRows.length >= limit;
  const shown = {
    sql: `${condition.sql} AND (${key(parts)} = ANY($${condition.values.length + 1}) OR ${key(parts)} IS NULL)`,
    values: [...condition.values, sumRows.map((row) => row.key)],
  };
  return join(sumRows, await distributions(database, groups, cut ? shown : condition, without));
}

/** A constant is no column: it stands for its place in the list. */
const groupedBy = (parts: readonly string[]) => (parts[0] === "0" ? "1" : parts.join(", "));

function join(
  sumRows: readonly (Sums & { readonly key: Key })[],
  distributed: (key: Key) => Distributed,
): readonly GroupTotals[] {
  return sumRows.map(({ key, ...sums }) => ({ key, totals: { ...sums, ...distributed(key) } }));
}

async function distributions(
  database: Database,
  groups: GroupSql,
  { sql, values }: Condition,
  without: readonly CostlyTotal[],
): Promise<(key: Key) => Distributed> {
  const names = partNames(groups);
  const key = groups.key(names);
  const by = names.join(", ");
  const from = `FROM views WHERE ${sql}`;
  const asked = (total: CostlyTotal) => !without.includes(total);
  const [viewerRows, startupRows] = await Promise.all([
    asked("viewers") &&
      database.query<{ key: Key; viewers: number }>(
        `SELECT ${key} AS key, count(*)::float8 AS viewers
       FROM (SELECT ${partList(groups)}, viewer_id ${from} AND viewer_id IS NOT NULL GROUP BY ${by}, viewer_id) distinct_viewers
       GROUP BY ${by}`,
        values,
      ),
    asked("startup") &&
      database.query<{ key: Key; startup: readonly number[] }>(
        `SELECT ${key} AS key, percentile_cont(ARRAY[0.5, 0.75, 0.95]) WITHIN GROUP (ORDER BY startup_ms) AS startup
       FROM (SELECT ${partList(groups)}, startup_ms ${from} AND startup_ms IS NOT NULL) starts GROUP BY ${by}`,
        values,
      ),
  ]);
  const viewers = viewerRows && new Map(viewerRows.map((row) => [row.key, row.viewers]));
  const startups = new Map((startupRows || []).map((row) => [row.key, row.startup]));
  return (of) => {
    const [startupP50Ms = null, startupP75Ms = null, startupP95Ms = null] = startups.get(of) ?? [];
    return { viewers: viewers ? (viewers.get(of) ?? 0) : null, startupP50Ms, startupP75Ms, startupP95Ms };
  };
}
