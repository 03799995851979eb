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
  exitsBeforeStart: "count(*) FILTER (WHERE exit = 'before_start')",
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

/** What groups the rows; null for one group of all. */
export interface Grouping {
  readonly sql: string;
  /** Values of the parameters that `sql` names, from `$n` on. */
  readonly values: readonly unknown[];
}

interface Sums extends Omit<ViewTotals, "viewers" | "startupP50Ms" | "startupP75Ms" | "startupP95Ms"> {
  readonly key: string | number | null;
}

export interface GroupTotals {
  readonly key: string | number | null;
  readonly totals: ViewTotals;
}

/**
 * Totals by group, in no order. Three statements side by side: sums can be computed in parallel and percentiles can't, and
 * counting distinct viewers by hash is several times faster than `count(DISTINCT …)`, which sorts.
 *
 * @param group makes the SQL of the key; it is given the number of its first parameter.
 */
export async function totalsBy(
  database: Database,
  selection: ViewSelection,
  group: (parameter: number) => Grouping,
): Promise<readonly GroupTotals[]> {
  const condition = where(selection);
  const grouping = group(condition.values.length + 1);
  const values = [...condition.values, ...grouping.values];
  const from = `FROM views WHERE ${condition.sql}`;
  const [sumRows, viewerRows, startupRows] = await Promise.all([
    database.query<Sums & Record<string, unknown>>(
      `SELECT ${grouping.sql} AS key, ${sumList} ${from} GROUP BY 1`,
      values,
    ),
    database.query<{ key: string | number | null; viewers: number }>(
      `SELECT key, count(*)::float8 AS viewers
       FROM (SELECT ${grouping.sql} AS key, viewer_id ${from} AND viewer_id IS NOT NULL GROUP BY 1, 2) distinct_viewers GROUP BY 1`,
      values,
    ),
    database.query<{ key: string | number | null; startup: readonly number[] }>(
      `SELECT ${grouping.sql} AS key, percentile_cont(ARRAY[0.5, 0.75, 0.95]) WITHIN GROUP (ORDER BY startup_ms) AS startup
       ${from} AND startup_ms IS NOT NULL GROUP BY 1`,
      values,
    ),
  ]);
  const viewers = new Map(viewerRows.map((row) => [row.key, row.viewers]));
  const startups = new Map(startupRows.map((row) => [row.key, row.startup]));
  return sumRows.map(({ key, ...added }) => {
    const [startupP50Ms = null, startupP75Ms = null, startupP95Ms = null] = startups.get(key) ?? [];
    return { key, totals: { ...added, viewers: viewers.get(key) ?? 0, startupP50Ms, startupP75Ms, startupP95Ms } };
  });
}

/** What a selection without views adds up to. */
export const noTotals: ViewTotals = {
  views: 0,
  attempts: 0,
  started: 0,
  startFailures: 0,
  playbackFailures: 0,
  exitsBeforeStart: 0,
  businessFailures: 0,
  viewers: 0,
  watchMs: 0,
  playingMs: 0,
  rebufferMs: 0,
  rebufferCount: 0,
  seekCount: 0,
  seekMs: 0,
  droppedFrames: 0,
  decodedFrames: 0,
  switches: 0,
  averageBitrateBps: null,
  startupP50Ms: null,
  startupP75Ms: null,
  startupP95Ms: null,
  seedScore: null,
};
