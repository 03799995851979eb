import type pg from "pg";
import { migrations } from "./list.js";
import type { Migration } from "./migration.js";

/** Oldest PostgreSQL that everything here runs on. */
const OLDEST = 150_000;

/** The database can't be used by this program, whatever one waits: the message says what to do. */
export class IncompatibleDatabaseError extends Error {
  override readonly name = "IncompatibleDatabaseError";
}

/**
 * Brings the schema up to this program's, in one transaction. Servers that start together queue at the lock, and the later
 * ones find nothing left to do.
 * @throws {IncompatibleDatabaseError} when PostgreSQL is too old, or the schema newer than this program.
 */
export async function migrate(client: pg.ClientBase, list: readonly Migration[] = migrations): Promise<void> {
  await checkServer(client);
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock(1885632101, 2)");
    await client.query("SET LOCAL client_min_messages = warning");
    await client.query(`CREATE TABLE IF NOT EXISTS playhead_migrations (
      version INT PRIMARY KEY, name TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())`);
    const { rows } = await client.query<{ version: number }>(
      "SELECT coalesce(max(version), 0) AS version FROM playhead_migrations",
    );
    const current = rows[0]?.version ?? 0;
    if (current > list.length) {
      throw new IncompatibleDatabaseError(
        `The database was brought to version ${current} by a newer Playhead, and this one knows up to ${list.length}. ` +
          "Update Playhead, or use another database.",
      );
    }
    for (const [index, migration] of list.entries()) {
      if (index < current) continue;
      await client.query(migration.sql);
      await client.query("INSERT INTO playhead_migrations (version, name) VALUES ($1, $2)", [
        index + 1,
        migration.name,
      ]);
    }
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function checkServer(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ number: string; version: string }>(
    "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version",
  );
  const row = rows[0];
  if (row === undefined || Number(row.number) < OLDEST) {
    throw new IncompatibleDatabaseError(
      `DATABASE_URL leads to PostgreSQL ${row?.version}; Playhead needs 15 or newer. Update it, or unset DATABASE_URL for the embedded one.`,
    );
  }
}
