import type { ViewSelection, ViewTotals } from "@playhead/store";
import type { Database } from "../connection/database.js";
import { where } from "./selection.js";

/** Sums that every row gives its part to. Sent by PostgreSQL as float8: numbers for us, and no overflow. */
const sums = {
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
  rebufferMs: "coalesce(sum(rebuffer_ms), 0)",
  rebufferCount: "coalesce(sum(rebuffer_count), 0)",
  seekCount: "coalesce(sum(seek_count), 0)",
  seekMs: "coalesce(sum(seek_ms), 0)",
  droppedFrames: "coalesce(sum(dropped_frames), 0)",
  decodedFrames: "coalesce(sum(decoded_frames), 0)",
  switches: "coalesce(sum(switches), 0)",
  averageBitrateBps:
    "round(sum(average_bitrate_bps * bitrate_ms) / nullif(sum(bitrate_ms) FILTER (WHERE average_bitrate_bps IS NOT NULL), 0))",
  seedScore: "avg(seed_score)",
} as const satisfies Partial<Record<keyof ViewTotals, string>>;

const sumList = Object.entries(sums)
  .map(([name, sql]) => `(${sql})::float8 AS "${name}"`)
  .join(", ");

type Key = string | number | null;

/** What groups the rows: the SQL of the key, given the number of its first parameter. */
export interface Grouping {
  readonly key: (parameter: number) => string;
  readonly values: readonly unknown[];
  /** Only so many groups, those with the most views. */
  readonly limit?: number;
}

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
  selection: ViewSelection,
  grouping: Grouping,
): Promise<readonly GroupTotals[]> {
  const condition = where(selection);
  const key = grouping.key(condition.values.length + 1);
  const values = [...condition.values, ...grouping.values];
  const from = `FROM views WHERE ${condition.sql}`;
  const sums = database.query<Sums & { key: Key }>(
    `SELECT ${key} AS key, ${sumList} ${from} GROUP BY 1 ORDER BY count(*) DESC, 1
     ${grouping.limit === undefined ? "" : `LIMIT ${Math.trunc(grouping.limit)}`}`,
    values,
  );
  if (grouping.limit === undefined) {
    const [sumRows, distributed] = await Promise.all([sums, distributions(database, key, from, values)]);
    return join(sumRows, distributed);
  }
  // Of many groups few are shown: the costly part is for those alone.
  const sumRows = await sums;
  const shown = `${from} AND (${key} = ANY($${values.length + 1}) OR ${key} IS NULL)`;
  return join(sumRows, await distributions(database, key, shown, [...values, sumRows.map((row) => row.key)]));
}

function join(
  sumRows: readonly (Sums & { readonly key: Key })[],
  distributed: (key: Key) => Distributed,
): readonly GroupTotals[] {
  return sumRows.map(({ key, ...sums }) => ({ key, totals: { ...sums, ...distributed(key) } }));
}

async function distributions(
  database: Database,
  key: string,
  from: string,
  values: readonly unknown[],
): Promise<(key: Key) => Distributed> {
  const [viewerRows, startupRows] = await Promise.all([
    database.query<{ key: Key; viewers: number }>(
      `SELECT key, count(*)::float8 AS viewers
       FROM (SELECT ${key} AS key, viewer_id ${from} AND viewer_id IS NOT NULL GROUP BY 1, 2) distinct_viewers GROUP BY 1`,
      values,
    ),
    database.query<{ key: Key; startup: readonly number[] }>(
      `SELECT ${key} AS key, percentile_cont(ARRAY[0.5, 0.75, 0.95]) WITHIN GROUP (ORDER BY startup_ms) AS startup
       ${from} AND startup_ms IS NOT NULL GROUP BY 1`,
      values,
    ),
  ]);
  const viewers = new Map(viewerRows.map((row) => [row.key, row.viewers]));
  const startups = new Map(startupRows.map((row) => [row.key, row.startup]));
  return (of) => {
    const [startupP50Ms = null, startupP75Ms = null, startupP95Ms = null] = startups.get(of) ?? [];
    return { viewers: viewers.get(of) ?? 0, startupP50Ms, startupP75Ms, startupP95Ms };
  };
}
