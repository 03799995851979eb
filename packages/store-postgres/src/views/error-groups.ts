import type { ErrorGroup, ViewSelection } from "@playhead/store";
import type { Database } from "../connection/database.js";
import { where } from "./selection.js";
import { sums } from "./totals.js";

/** The groups with the most views, and then, for those alone, since when each is known. */
export async function errorGroups(
  database: Database,
  selection: ViewSelection,
  { limit, samples }: { readonly limit: number; readonly samples: number },
): Promise<readonly ErrorGroup[]> {
  const { sql, values } = where(selection);
  return database.query<ErrorGroup & Record<string, unknown>>(
    `SELECT found.*, (
       SELECT min(started_at) FROM views WHERE app_id = $1 AND error_fingerprint = found.fingerprint
     ) AS "firstSeenEver"
     FROM (
       SELECT error_fingerprint AS fingerprint,
         (array_agg(error_code ORDER BY started_at DESC, view_id))[1] AS "errorCode",
         (array_agg(error_message ORDER BY started_at DESC, view_id))[1] AS "errorMessage",
         count(*)::float8 AS views, count(DISTINCT viewer_id)::float8 AS viewers,
         ${sums.startFailures}::float8 AS "startFailures", ${sums.playbackFailures}::float8 AS "playbackFailures",
         ${sums.businessFailures}::float8 AS "businessFailures",
         min(started_at) AS "firstSeen", max(started_at) AS "lastSeen",
         (array_agg(view_id ORDER BY started_at DESC, view_id))[1:${Math.trunc(samples)}]::text[] AS "sampleViews"
       FROM views WHERE ${sql} AND error_fingerprint IS NOT NULL
       GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${Math.trunc(limit)}
     ) found ORDER BY views DESC, fingerprint`,
    values,
  );
}
