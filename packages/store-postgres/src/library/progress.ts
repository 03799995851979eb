import type { ProgressRecord, ProgressStore } from "@playhead/store";
import type { Database } from "../connection/database.js";
import { storable } from "../connection/storable.js";

interface ProgressRow extends ProgressRecord, Record<string, unknown> {}

const selectList = `position_ms AS "positionMs", duration_ms AS "durationMs", updated_at AS "updatedAt"`;

export class PostgresProgressStore implements ProgressStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async get(userId: string, mediaId: string): Promise<ProgressRecord | undefined> {
    if (!storable(userId, mediaId)) return undefined;
    const rows = await this.#database.query<ProgressRow>(
      `SELECT ${selectList} FROM progress WHERE user_id = $1 AND media_id = $2`,
      [userId, mediaId],
    );
    return rows[0];
  }

  async all(userId: string): Promise<ReadonlyMap<string, ProgressRecord>> {
    const rows = await this.#database.query<ProgressRow & { readonly mediaId: string }>(
      `SELECT media_id AS "mediaId", ${selectList} FROM progress WHERE user_id = $1`,
      [userId],
    );
    return new Map(rows.map(({ mediaId, ...progress }) => [mediaId, progress]));
  }

  async put(userId: string, mediaId: string, progress: ProgressRecord): Promise<void> {
    await this.#database.execute(
      `INSERT INTO progress (user_id, media_id, position_ms, duration_ms, updated_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id, media_id) DO UPDATE SET
         position_ms = EXCLUDED.position_ms, duration_ms = EXCLUDED.duration_ms, updated_at = EXCLUDED.updated_at`,
      [userId, mediaId, progress.positionMs, progress.durationMs, progress.updatedAt],
    );
  }
}
