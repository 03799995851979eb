import {
  type ComparedMetric,
  comparedMetrics,
  type RatioMoments,
  type VariantMoments,
  type ViewSelection,
} from "@playhead/store";
import type { Database } from "../connection/database.js";
import { where } from "./selection.js";
import { sums } from "./totals.js";

interface Ratio {
  readonly x: string;
  readonly y: string;
}

const mean = (column: string): Ratio => ({ x: `sum(${column})`, y: `count(${column})` });
const over = (x: string, y: string): Ratio => ({ x, y });

/** Sums over one viewer's views; the same as the totals' wherever both have the metric. */
const ratios = {
  startupMs: mean("startup_ms"),
  startFailureRate: over(sums.startFailures, sums.attempts),
  playbackFailureRate: over(sums.playbackFailures, sums.started),
  exitBeforeStartRate: over(sums.exitsBeforeStart, sums.attempts),
  rebufferRatio: over(sums.rebufferMs, sums.watchMs),
  rebufferFrequencyPerMinute: over(sums.rebufferCount, `(${sums.watchMs}) / 60000.0`),
  averageBitrateBps: over(
    "sum(average_bitrate_bps * bitrate_ms)",
    "sum(bitrate_ms) FILTER (WHERE average_bitrate_bps IS NOT NULL)",
  ),
  droppedFrameRatio: over(sums.droppedFrames, `(${sums.droppedFrames}) + (${sums.decodedFrames})`),
  watchMs: over("sum(watch_ms) FILTER (WHERE started)", "count(watch_ms) FILTER (WHERE started)"),
  mos: mean("mos"),
  startupScore: mean("startup_score"),
  smoothnessScore: mean("smoothness_score"),
  qualityScore: mean("quality_score"),
  successScore: mean("success_score"),
  seedScore: mean("seed_score"),
} as const satisfies Record<ComparedMetric, Ratio>;

const perViewer = comparedMetrics
  .map((metric, i) => `(${ratios[metric].x})::float8 AS x${i}, (${ratios[metric].y})::float8 AS y${i}`)
  .join(", ");

const overViewers = comparedMetrics
  .map((_, i) => {
    const [x, y, counted] = [`coalesce(x${i}, 0)`, `y${i}`, `FILTER (WHERE y${i} > 0)`];
    return `json_build_object(
      'viewers', count(*) ${counted}, 'affected', count(*) FILTER (WHERE y${i} > 0 AND x${i} > 0),
      'x', coalesce(sum(${x}) ${counted}, 0), 'y', coalesce(sum(${y}) ${counted}, 0),
      'xx', coalesce(sum(${x} * ${x}) ${counted}, 0), 'yy', coalesce(sum(${y} * ${y}) ${counted}, 0),
      'xy', coalesce(sum(${x} * ${y}) ${counted}, 0)) AS m${i}`;
  })
  .join(", ");

interface Row extends Record<string, unknown> {
  readonly experiment: string;
  readonly variant: string;
  readonly views: number;
  readonly viewers: number;
  readonly moments: readonly RatioMoments[];
}

/** Views by viewer, then viewers by variant: two views of one viewer are no two witnesses. */
export async function variantMoments(database: Database, selection: ViewSelection): Promise<readonly VariantMoments[]> {
  const { sql, values } = where(selection);
  const all = comparedMetrics.map((_, i) => `m${i}`).join(", ");
  const rows = await database.query<Row>(
    `SELECT experiment, variant, views, viewers, json_build_array(${all}) AS moments FROM (
       SELECT experiment, variant, sum(views)::float8 AS views, count(*)::float8 AS viewers, ${overViewers}
       FROM (
         SELECT experiment, variant, count(*) AS views, ${perViewer}
         FROM views WHERE ${sql} AND experiment IS NOT NULL AND variant IS NOT NULL
         GROUP BY experiment, variant, viewer_id, CASE WHEN viewer_id IS NULL THEN view_id END
       ) viewers GROUP BY 1, 2
     ) variants ORDER BY 1, 2`,
    values,
  );
  return rows.map(({ experiment, variant, views, viewers, moments }) => ({
    experiment,
    variant,
    views,
    viewers,
    of: byMetric(moments),
  }));
}

const nothing: RatioMoments = { viewers: 0, affected: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 };

function byMetric(moments: readonly RatioMoments[]): VariantMoments["of"] {
  const of = (metric: ComparedMetric) => moments[comparedMetrics.indexOf(metric)] ?? nothing;
  return {
    startupMs: of("startupMs"),
    startFailureRate: of("startFailureRate"),
    playbackFailureRate: of("playbackFailureRate"),
    exitBeforeStartRate: of("exitBeforeStartRate"),
    rebufferRatio: of("rebufferRatio"),
    rebufferFrequencyPerMinute: of("rebufferFrequencyPerMinute"),
    averageBitrateBps: of("averageBitrateBps"),
    droppedFrameRatio: of("droppedFrameRatio"),
    watchMs: of("watchMs"),
    mos: of("mos"),
    startupScore: of("startupScore"),
    smoothnessScore: of("smoothnessScore"),
    qualityScore: of("qualityScore"),
    successScore: of("successScore"),
    seedScore: of("seedScore"),
  };
}
