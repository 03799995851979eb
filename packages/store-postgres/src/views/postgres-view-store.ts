import {
  type DistributedField,
  type DueView,
  type ErrorGroup,
  type GroupDistributions,
  type GroupKey,
  noTotals,
  type StartupBin,
  type StoredView,
  type VariantMoments,
  type ViewGrouping,
  type ViewPage,
  type ViewSelection,
  type ViewStore,
  type ViewTotals,
} from "@playhead/store";
import type { Database } from "../connection/database.js";
import { storable } from "../connection/storable.js";
import { viewColumns, viewRow, viewSelectList } from "./columns.js";
import { readCursor, writeCursor } from "./cursor.js";
import { distributionsBy } from "./distributions.js";
import { withDue } from "./due.js";
import { errorGroups } from "./error-groups.js";
import { groupSql } from "./groups.js";
import { where } from "./selection.js";
import { startupBins } from "./startup-bins.js";
import { totalsBy } from "./totals.js";
import { variantMoments } from "./variant-moments.js";

interface ViewRow extends StoredView, Record<string, unknown> {}

/** Folded views in PostgreSQL. */
export class PostgresViewStore implements ViewStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  withDue(limit: number, fold: (due: readonly DueView[]) => Promise<void>): Promise<number> {
    return withDue(this.#database, limit, fold);
  }

  /** One statement, so that a view is stored and its mark cleared, or neither. */
  async put(views: readonly { readonly view: StoredView; readonly mark: bigint }[]): Promise<void> {
    if (views.length === 0) return;
    await this.#database.execute(putSql, [JSON.stringify(views.map(({ view, mark }) => viewRow(view, mark)))]);
  }

  async get(appId: string, viewId: string): Promise<StoredView | undefined> {
    if (!storable(appId, viewId)) return undefined;
    const rows = await this.#database.query<ViewRow>(
      `SELECT ${viewSelectList} FROM views WHERE app_id = $1 AND view_id = $2`,
      [appId, viewId],
    );
    return rows[0];
  }

  async list(selection: ViewSelection, page: { readonly limit: number; readonly cursor?: string }): Promise<ViewPage> {
    const condition = where(selection);
    const values = [...condition.values];
    let after = "";
    if (page.cursor !== undefined) {
      const { startedAt, viewId } = readCursor(page.cursor);
      values.push(startedAt, viewId);
      after = ` AND (started_at, view_id) < ($${values.length - 1}, $${values.length})`;
    }
    values.push(page.limit + 1);
    const rows = await this.#database.query<ViewRow>(
      `SELECT ${viewSelectList} FROM views WHERE ${condition.sql}${after}
       ORDER BY started_at DESC, view_id DESC LIMIT $${values.length}`,
      values,
    );
    const views = rows.slice(0, page.limit);
    const last = views.at(-1);
    return rows.length > page.limit && last !== undefined ? { views, next: writeCursor(last) } : { views };
  }

  async totals(selection: ViewSelection): Promise<ViewTotals> {
    const [all] = await this.grouped(selection, {});
    return all ?? noTotals;
  }

  async grouped(selection: ViewSelection, grouping: ViewGrouping): Promise<readonly (ViewTotals & GroupKey)[]> {
    const groups = await groupSql(this.#database, selection, grouping);
    const found = await totalsBy(this.#database, groups, grouping.without);
    const rows = found.map(({ key, totals }) => ({ ...totals, ...groups.read(key) }));
    return grouping.intervalMs === undefined ? rows : rows.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
  }

  async distributions(
    selection: ViewSelection,
    grouping: ViewGrouping,
    fields: readonly DistributedField[],
  ): Promise<readonly GroupDistributions[]> {
    if (fields.length === 0) return [];
    return distributionsBy(this.#database, await groupSql(this.#database, selection, grouping), fields);
  }

  startupHistogram(selection: ViewSelection, edgesMs: readonly number[]): Promise<readonly StartupBin[]> {
    return startupBins(this.#database, selection, edgesMs);
  }

  errorGroups(
    selection: ViewSelection,
    page: { readonly limit: number; readonly samples: number },
  ): Promise<readonly ErrorGroup[]> {
    return errorGroups(this.#database, selection, page);
  }

  variantMoments(selection: ViewSelection): Promise<readonly VariantMoments[]> {
    return variantMoments(this.#database, selection);
  }

  async live(appId: string, since: number): Promise<readonly StoredView[]> {
    return this.#database.query<ViewRow>(
      `SELECT ${viewSelectList} FROM views WHERE app_id = $1 AND exit = 'open' AND last_event_at >= $2
       ORDER BY last_event_at DESC, view_id`,
      [appId, since],
    );
  }

  async closeSilent(before: number): Promise<number> {
    return this.#database.execute(
      `UPDATE views SET exit = CASE WHEN started THEN 'left' ELSE 'before_start' END,
         success_score = CASE WHEN started THEN 100 WHEN play_requested AND last_event_at - started_at >= 1000 THEN 50 END
       WHERE exit = 'open' AND last_event_at < $1`,
      [before],
    );
  }
}

/**
 * Views and marks are locked in the order of their keys, as the writer of events does: nobody waits in a circle. A fold that
 * is older than what is stored comes from a server that was cut off and overtaken; it is dropped.
 */
const putSql = `
  WITH folded AS MATERIALIZED (
    SELECT * FROM json_populate_recordset(NULL::views, $1::json) ORDER BY app_id, view_id
  ), stored AS (
    INSERT INTO views (${viewColumns.join(", ")}, mark) SELECT ${viewColumns.join(", ")}, mark FROM folded
    ON CONFLICT (app_id, view_id) DO UPDATE
    SET ${viewColumns.map((column) => `${column} = EXCLUDED.${column}`).join(", ")}, mark = EXCLUDED.mark
    WHERE views.mark <= EXCLUDED.mark
  ), done AS MATERIALIZED (
    SELECT app_id, view_id FROM view_due JOIN folded USING (app_id, view_id)
    WHERE view_due.mark = folded.mark ORDER BY app_id, view_id FOR UPDATE OF view_due
  )
  DELETE FROM view_due USING done WHERE view_due.app_id = done.app_id AND view_due.view_id = done.view_id`;
