export { EmbeddedPostgresError } from "./embedded/failure.js";
export { IncompatibleDatabaseError } from "./migrations/migrate.js";
export { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "./open-postgres-store.js";
