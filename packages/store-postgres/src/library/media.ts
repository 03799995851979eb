import type { MediaRecord, MediaStore } from "@playhead/store";
import type { Database } from "../connection/database.js";

interface MediaRow extends MediaRecord, Record<string, unknown> {}

export class PostgresMediaStore implements MediaStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async all(): Promise<readonly MediaRecord[]> {
    return this.#database.query<MediaRow>(
      `SELECT id, path, size_bytes AS "sizeBytes", mtime_ms AS "mtimeMs", title, status, error,
              duration_ms AS "durationMs", probe, added_at AS "addedAt"
       FROM media ORDER BY path`,
    );
  }

  /** A file that was replaced has a new id and its old path: the old record goes. */
  async put(record: MediaRecord): Promise<void> {
    await this.#database.session(async (client) => {
      await client.query("BEGIN");
      // One writer a path: two servers may examine the same library at once.
      await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [record.path]);
      await client.query("DELETE FROM media WHERE path = $1 AND id <> $2", [record.path, record.id]);
      await client.query(
        `INSERT INTO media (id, path, size_bytes, mtime_ms, title, status, error, duration_ms, probe, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (id) DO UPDATE SET path = EXCLUDED.path, size_bytes = EXCLUDED.size_bytes, mtime_ms = EXCLUDED.mtime_ms,
           title = EXCLUDED.title, status = EXCLUDED.status, error = EXCLUDED.error, duration_ms = EXCLUDED.duration_ms,
           probe = EXCLUDED.probe, added_at = EXCLUDED.added_at`,
        [
          record.id,
          record.path,
          record.sizeBytes,
          record.mtimeMs,
          record.title,
          record.status,
          record.error,
          record.durationMs,
          record.probe === undefined || record.probe === null ? null : JSON.stringify(record.probe),
          record.addedAt,
        ],
      );
      await client.query("COMMIT");
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#database.execute("DELETE FROM media WHERE id = ANY($1::text[])", [ids]);
  }
}
