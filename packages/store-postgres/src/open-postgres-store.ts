import type { Logger, Store } from "@playhead/store";
import { StoreUnavailableError } from "@playhead/store";
import { PostgresAlertStore } from "./alerts/alerts.js";
import { type ConnectionTarget, Database } from "./connection/database.js";
import { openCluster } from "./embedded/cluster.js";
import { PostgresEventStore } from "./events/postgres-event-store.js";
import { PostgresMediaStore } from "./library/media.js";
import { PostgresProgressStore } from "./library/progress.js";
import { PostgresUserStore } from "./library/users.js";
import { migrate } from "./migrations/migrate.js";
import { PostgresViewStore } from "./views/postgres-view-store.js";
import { PostgresWorkStore } from "./work/work.js";

export interface PostgresStoreOptions {
  /** PostgreSQL 15 or newer; null for the embedded one. */
  readonly databaseUrl: string | null;
  /** The embedded database lies in it, or leaves a note there that says where it does. */
  readonly dataDir: string;
  readonly log: Logger;
  readonly onProgress?: (step: string) => void;
}

/** The store, and what only this engine can do. */
export interface PostgresStore extends Store {
  /**
   * Drops the event log's months that end at or before `before`, Unix ms: whole partitions, at once, whatever their size.
   * Views stay. @returns the names of the partitions that went.
   */
  dropEventsBefore(before: number): Promise<readonly string[]>;
}

/**
 * Opens PostgreSQL, embedded or yours, with the schema brought up to date.
 * @throws {EmbeddedPostgresError} | {IncompatibleDatabaseError} | {StoreUnavailableError} each with what to do about it.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const cluster = options.databaseUrl === null ? await openCluster(options) : undefined;
  const target: ConnectionTarget = cluster?.connection ?? { connectionString: options.databaseUrl ?? "" };
  const database = new Database(target, options.log);
  try {
    options.onProgress?.("Bringing the database up to date");
    await database.session(migrate);
  } catch (error) {
    await database.close();
    await cluster?.close();
    if (error instanceof StoreUnavailableError && cluster === undefined) {
      throw new StoreUnavailableError(`DATABASE_URL does not answer. ${error.message}`, { cause: error.cause });
    }
    throw error;
  }
  const events = new PostgresEventStore(database);
  let closing: Promise<void> | undefined;
  return {
    events,
    views: new PostgresViewStore(database),
    media: new PostgresMediaStore(database),
    users: new PostgresUserStore(database),
    alerts: new PostgresAlertStore(database),
    work: new PostgresWorkStore(database),
    progress: new PostgresProgressStore(database),
    dropEventsBefore: (before) => events.dropBefore(before),
    ping: async () => {
      await database.query("SELECT");
    },
    close: () => {
      closing ??= database.close().then(() => cluster?.close());
      return closing;
    },
  };
}
