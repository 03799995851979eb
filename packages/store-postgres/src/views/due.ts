import type { DueView } from "@playhead/store";
import type { Database } from "../connection/database.js";

/**
 * Lends out due views. Each is held by an advisory lock of the connection: not by its row, which a writer of events must
 * not wait for, and not by a lease, which a crash would leave until it expires. The lock goes with the connection, and the
 * view stays due until its fold was put.
 */
export function withDue(
  database: Database,
  limit: number,
  fold: (due: readonly DueView[]) => Promise<void>,
): Promise<number> {
  return database.session(async (client) => {
    // The subquery is a fence (OFFSET 0): locks are tried row by row, oldest first, and no more than the limit are taken.
    const { rows } = await client.query<{ app_id: string; view_id: string; mark: string }>(
      `SELECT app_id, view_id, mark::text FROM (SELECT * FROM view_due ORDER BY mark OFFSET 0) due
       WHERE pg_try_advisory_lock(hashtextextended(app_id || chr(31) || view_id, 1885632101)) LIMIT $1`,
      [limit],
    );
    if (rows.length === 0) return 0;
    try {
      await fold(rows.map((row) => ({ appId: row.app_id, viewId: row.view_id, mark: BigInt(row.mark) })));
    } finally {
      // Before the connection is given back or dropped: its end would free them too, but a moment after we answered.
      await client.query("SELECT pg_advisory_unlock_all()");
    }
    return rows.length;
  });
}
